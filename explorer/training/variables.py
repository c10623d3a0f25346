"""Whole numbers that an operator sets in the environment: EXPLORER_THREADS, EXPLORER_MAX_QUEUE and the like."""

import os
import re

from explorer.errors import ExplorerError


def whole(name: str, default: int | None = None) -> int | None:
    """The variable's number, or the default where it is not set."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"0*[1-9]\d{0,8}", text, re.ASCII):
        raise ExplorerError(f"{name} is {text[:40]!r}: give a whole number of 1 or more, or do not set it")
    return int(text)
