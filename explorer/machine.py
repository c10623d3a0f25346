"""What this machine is: the cores that this process may use, the processor's name, and what its operator has set."""

import os
import platform
import re
from pathlib import Path
from typing import overload

from explorer.errors import ExplorerError


def cores() -> int:
    """Those this process may run on, which a container or an operator may have made fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processor() -> str:
    """The CPU's name as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def off(name: str) -> bool:
    """Whether a variable such as EXPLORER_TRAINING switches off what it is named for."""
    return os.environ.get(name, "").strip().lower() in ("off", "0", "false", "no")


@overload
def whole(name: str, default: int) -> int: ...
@overload
def whole(name: str, default: None = None) -> int | None: ...
def whole(name: str, default: int | None = None) -> int | None:
    """The number in a variable such as EXPLORER_THREADS, or the default where it is not set."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"0*[1-9]\d{0,8}", text, re.ASCII):
        raise ExplorerError(f"{name} is {text[:40]!r}: give a whole number of 1 or more, or do not set it")
    return int(text)
