"""What many students write at the same moment, in one transaction.

A transaction ends with the disk, which takes its milliseconds however little is in it: a hundred answers one by one can
take seconds. Here whoever comes while another writes waits, and whoever's turn comes then writes for all who wait.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from explorer.training.store import database

PATIENCE = 5.0  # seconds for a file that another process has locked: a page does not wait longer
_TURN, _LIST = threading.Lock(), threading.Lock()


@dataclass(eq=False)
class Statement:
    file: Path
    text: str
    values: dict[str, object]
    rows: int = 0  # that it changed
    problem: Exception | None = None
    done: bool = False


_waiting: list[Statement] = []


def write(file: Path, text: str, values: dict[str, object]) -> int:
    """Runs one statement, perhaps together with those of others; how many rows it changed. What goes wrong with one of
    them is raised where it came from, and what goes wrong with the file everywhere."""
    mine = Statement(file, text, values)
    with _LIST:
        _waiting.append(mine)
    with _TURN:
        if not mine.done:
            _together(file)
    if mine.problem:
        raise mine.problem
    return mine.rows


@contextmanager
def whole(db: sqlite3.Connection) -> Iterator[None]:
    """Several statements of which others see all or none; what is raised inside undoes them."""
    with _TURN, _transaction(db):
        yield


def _together(file: Path) -> None:
    with _LIST:
        those = [one for one in _waiting if one.file == file]
        _waiting[:] = [one for one in _waiting if one.file != file]
    try:
        with database.opened(file, PATIENCE) as db, _transaction(db):
            for one in those:
                _run(db, one)
    except (OSError, sqlite3.Error) as problem:
        for one in those:
            one.problem = problem
    finally:
        for one in those:
            one.done = True


def _run(db: sqlite3.Connection, one: Statement) -> None:
    try:
        one.rows = db.execute(one.text, one.values).rowcount
    except sqlite3.Error as problem:
        one.problem = problem


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
