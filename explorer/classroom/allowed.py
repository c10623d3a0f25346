"""What a server lets teachers do.

EXPLORER_CLASS=off       nobody opens or joins a class
EXPLORER_TEACHER=WORD    whoever opens one says this word first
"""

import hmac
import os

from explorer import machine
from explorer.classroom.register import TRIES
from explorer.classroom.tries import Tries
from explorer.errors import ExplorerError


def classes() -> bool:
    return not machine.off("EXPLORER_CLASS")


def word() -> str:
    return os.environ.get("EXPLORER_TEACHER", "").strip()


def check(said: str, token: str, tries: Tries = TRIES) -> None:
    """Raises in one sentence where this browser may not open a class with the word that was said."""
    if not classes():
        raise ExplorerError("classes are switched off on this server: go on without one")
    if not (asked := word()):
        return
    tries.check(token)
    if not hmac.compare_digest(said.strip().encode(errors="replace"), asked.encode(errors="replace")):
        tries.miss(token)
        raise ExplorerError("that is not this server's word for teachers: ask who runs it")
