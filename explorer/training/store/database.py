"""The SQLite file of the store: its tables, how an older file is brought up to date, and how it is opened.

The journal is SQLite's rollback journal. A write-ahead log keeps its index in memory that the processes of one machine
share, so it cannot serve two machines (sqlite.org/wal.html), and opened for a few statements at a time it is no faster
(benchmarks.store); a rollback journal needs only file locks that all machines honour (sqlite.org/useovernet.html).

Whatever SQLite or the disk says of the runs comes out of here as one sentence, a Trouble.
"""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from explorer import files
from explorer.errors import ExplorerError

NAME = "runs.sqlite"
PATIENCE = 60.0  # seconds for a file that someone else has locked
VERSIONS = (  # what makes version 1 from nothing, 2 from 1, ...: only ever added to
    """
    CREATE TABLE runs (
        id TEXT PRIMARY KEY, state TEXT NOT NULL, recipe TEXT NOT NULL,
        name TEXT NOT NULL, note TEXT NOT NULL, owner TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
        device TEXT NOT NULL DEFAULT '', pid INTEGER, born TEXT NOT NULL DEFAULT '',
        created REAL NOT NULL, queued REAL NOT NULL, began REAL, heartbeat REAL, ended REAL
    )
    """,
    """
    ALTER TABLE runs ADD COLUMN sweep TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN host TEXT NOT NULL DEFAULT '';
    CREATE TABLE leader (host TEXT NOT NULL, beat INTEGER NOT NULL);
    INSERT INTO leader VALUES ('', 0)
    """,
)


LEADER = "CREATE TABLE IF NOT EXISTS leader (host TEXT NOT NULL, beat INTEGER NOT NULL)"  # as version 2 has it


class Trouble(ExplorerError):
    """The store cannot be read or written."""


@contextmanager
def translated(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where what SQLite quotes is no text
        raise Trouble(words(file, error)) from error
    except OSError as error:
        raise Trouble(f"the list of runs, {file.name}, cannot be used ({files.trouble(error)})") from error


def words(file: Path, error: Exception) -> str:
    """What is wrong, and what helps."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    said = "".join(sign for sign in str(error) if sign.isprintable())[:100]
    if code == sqlite3.SQLITE_FULL:
        return f"{files.FULL}: delete a run that nobody needs, or make room in another way"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"the list of runs, {file.name}, is in use by another program: try again"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR):  # the last: no such table
        return (
            f"the list of runs, {file.name}, cannot be used, since it is damaged ({said}): put a copy in its place, "
            "or move it away and begin a new list; the folders of the runs stay"
        )
    return f"the list of runs, {file.name}, cannot be used ({said}): mend its folder or point EXPLORER_RUNS elsewhere"


@contextmanager
def opened(file: Path, patience: float = PATIENCE) -> Iterator[sqlite3.Connection]:
    """A connection for a few statements, each its own transaction; whoever finds the file locked waits."""
    db = sqlite3.connect(file, timeout=patience, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        yield db
    finally:
        db.close()


@contextmanager
def of_runs(file: Path) -> Iterator[sqlite3.Connection]:
    """The same for the runs: a flipped bit spoils a letter and no list, and what goes wrong is a Trouble."""
    with translated(file), opened(file) as db:
        db.text_factory = lambda content: content.decode(errors="replace")
        yield db


def prepare(file: Path) -> None:
    """Makes the tables, or those that a file from before lacks; of many processes that try, one does."""
    with translated(file):
        with opened(file) as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(VERSIONS):
            raise Trouble(
                f"the list of runs, {file.name}, was written by a newer version of this app: bring it up to date"
            )
        if version < len(VERSIONS):
            _without_log(file)
            _bring_up_to_date(file)


def _bring_up_to_date(file: Path) -> None:
    with opened(file) as db:
        db.execute("BEGIN IMMEDIATE")
        for statements in VERSIONS[db.execute("PRAGMA user_version").fetchone()[0] :]:
            for statement in statements.split(";"):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(VERSIONS)}")
        db.execute("COMMIT")


def _without_log(file: Path) -> None:
    """Ends a write-ahead log, which takes a moment in which nobody else has the file open; SQLite does not wait for
    that by itself."""
    limit = time.monotonic() + PATIENCE
    while True:
        try:
            with opened(file) as db:
                db.execute("PRAGMA journal_mode = DELETE")
                return
        except sqlite3.OperationalError:
            if time.monotonic() > limit:
                raise
            time.sleep(random.uniform(0.01, 0.1))
