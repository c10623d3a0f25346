"""Where the classes lie: tables of their own in the SQLite file of the runs, made with the first class.

Of a student they keep the token of a browser, when it last asked, and which of the answers it chose: no name, no
address, no text. What is over is deleted, from whichever page somebody looks at next.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from explorer.classroom import batch
from explorer.errors import ExplorerError
from explorer.training.store import database

log = logging.getLogger("explorer")

TABLES = {
    "classes": (
        "code TEXT PRIMARY KEY, key TEXT NOT NULL, ends REAL NOT NULL, lesson TEXT NOT NULL, at INTEGER NOT NULL"
    ),
    "members": "code TEXT, token TEXT, teacher INTEGER NOT NULL, seen REAL NOT NULL, PRIMARY KEY (code, token)",
    "questions": (
        "code TEXT, lesson TEXT, at INTEGER, options INTEGER NOT NULL, state TEXT NOT NULL,"
        " PRIMARY KEY (code, lesson, at)"
    ),
    "answers": (
        "code TEXT, lesson TEXT, at INTEGER, token TEXT, choice INTEGER NOT NULL, changes INTEGER NOT NULL,"
        " PRIMARY KEY (code, lesson, at, token)"
    ),
}


@contextmanager
def made(file: Path) -> Iterator[sqlite3.Connection]:
    """The file with its tables, which are made where they are missing."""
    with reached():
        file.parent.mkdir(parents=True, exist_ok=True)
        with database.opened(file, batch.PATIENCE) as db:
            for name, columns in TABLES.items():
                db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
            yield db


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection | None]:
    """The file with its tables; None where no class was ever opened, and nothing is made then."""
    with reached():
        if not file.exists():
            yield None
            return
        with database.opened(file, batch.PATIENCE) as db:
            there = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            yield db if there.issuperset(TABLES) else None


def sweep(db: sqlite3.Connection, now: float) -> None:
    """Deletes every class that is over, with everything that was in it."""
    over = [(row["code"],) for row in db.execute("SELECT code FROM classes WHERE ends <= ?", (now,))]
    if over:
        with batch.whole(db):
            for table in TABLES:
                db.executemany(f"DELETE FROM {table} WHERE code = ?", over)


@contextmanager
def reached() -> Iterator[None]:
    """Whatever is the matter with the file is one sentence, and in the log what it was."""
    try:
        yield
    except (OSError, sqlite3.Error) as problem:
        if getattr(problem, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise  # a mistake in a statement is a bug
        log.warning("classes: %s", problem)
        raise ExplorerError("the class cannot be reached just now, and everything else goes on") from None
