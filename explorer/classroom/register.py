"""The classes that are open: which step is shown, who is there, what was answered.

    open ─▶ waiting ─ask─▶ open ─▶ closed ─▶ shown        of each step's question; from any of them back to open
      └──────────── end, or three hours ────────────▶ deleted, with everything that was in it

Every change is one statement or one transaction that asks who may do it and whether the question is still open, so
of two at the same moment none gets past the other.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from explorer import paths
from explorer.classroom import batch, codes, tables
from explorer.classroom.tries import Tries
from explorer.errors import ExplorerError
from explorer.training.store import database

LASTS = 3 * 3600.0  # seconds; then a class is over and deleted
WAITING, OPEN, CLOSED, SHOWN = "waiting", "open", "closed", "shown"
STATES = (WAITING, OPEN, CLOSED, SHOWN)
HERE, AGAIN = 40.0, 15.0  # seconds: how long one counts as being there, and after which it is noted again
MOST_CLASSES = 200
MOST_STUDENTS = 500  # of a class
MOST_CHANGES = 20  # of one answer
TRIES = Tries()
_LOOK = """
SELECT ends, lesson, at, options, state, choice, teacher, seen
FROM classes JOIN questions USING (code, lesson, at)
LEFT JOIN (SELECT * FROM answers WHERE token = :token) USING (code, lesson, at)
LEFT JOIN (SELECT * FROM members WHERE token = :token) USING (code)
WHERE code = :code AND ends > :now
"""
_SHOWN = "(code, lesson, at) = (SELECT code, lesson, at FROM classes WHERE code = ?)"


class Ended(ExplorerError):
    """There is no such class, or none any more."""


@dataclass(frozen=True)
class Seen:
    """What one look at a class tells the one who looks."""

    code: str
    ends: float  # in seconds since 1970
    lesson: str
    at: int
    state: str  # of the question of this step
    mine: int | None  # which answer the one who looks has chosen
    teacher: bool  # whether it is a teacher who looks, who alone is told the next two
    here: int = 0
    answered: int = 0
    counts: tuple[int, ...] = ()  # how many chose each answer; nothing before the question is closed


class Register:
    """All classes of one store. Cheap to make; every call opens and closes its own connection."""

    def __init__(
        self, root: str | Path | None = None, tries: Tries = TRIES, clock: Callable[[], float] = time.time
    ) -> None:
        self.file = Path(root or paths.runs()) / database.NAME
        self._tries, self._clock = tries, clock

    # Who teaches

    def open(self, token: str, lesson: str, at: int, options: int) -> str:
        """A new class with this browser as its teacher; its code."""
        code, now = codes.code(), self._clock()
        with tables.made(self.file) as db:
            tables.sweep(db, now)
            with batch.whole(db):
                if db.execute("SELECT count(*) FROM classes").fetchone()[0] >= MOST_CLASSES:
                    raise ExplorerError(f"{MOST_CLASSES} classes are open here: wait for one to end")
                if db.execute("SELECT 1 FROM members WHERE token = ? AND teacher", (token,)).fetchone():
                    raise ExplorerError("this browser teaches a class already: end that one first")
                while db.execute("SELECT 1 FROM classes WHERE code = ?", (code,)).fetchone():
                    code = codes.code()
                nobodys = codes.digest(codes.key())  # until someone asks for one
                db.execute("INSERT INTO classes VALUES (?, ?, ?, ?, ?)", (code, nobodys, now + LASTS, lesson, at))
                db.execute("INSERT INTO questions VALUES (?, ?, ?, ?, ?)", (code, lesson, at, options, WAITING))
                db.execute("INSERT INTO members VALUES (?, ?, 1, ?)", (code, token, now))
        return code

    def taught(self, token: str) -> str:
        """The code of the class that this browser teaches, the latest where there are several; nothing for none."""
        with tables.opened(self.file) as db:
            statement = (
                "SELECT code FROM members JOIN classes USING (code) WHERE token = ? AND teacher AND ends > ?"
                " ORDER BY ends DESC LIMIT 1"
            )
            found = db and db.execute(statement, (token, self._clock())).fetchone()
            return found["code"] if found else ""

    def any(self) -> bool:
        """Whether a class is open at all, and a code worth asking for."""
        with tables.opened(self.file) as db:
            return bool(db and db.execute("SELECT 1 FROM classes WHERE ends > ?", (self._clock(),)).fetchone())

    def key(self, code: str, token: str) -> str:
        """A new key to the class, for another of the teacher's browsers; the one before opens nothing any more."""
        made = codes.key()
        with self._teaching(code, token) as db:
            db.execute("UPDATE classes SET key = ? WHERE code = ?", (codes.digest(made), code))
        return made

    def admit(self, key: str, token: str) -> str:
        """Makes the browser that brings the key a teacher; the code of the class."""
        self._tries.check(token)
        with tables.opened(self.file) as db:
            now = self._clock()
            where = (codes.digest(key), now)
            found = db and db.execute("SELECT code FROM classes WHERE key = ? AND ends > ?", where).fetchone()
            if not db or not found:
                self._tries.miss(token)
                raise ExplorerError("this link to teach a class is no longer good: ask for a new one where it is open")
            db.execute(
                "INSERT INTO members VALUES (?, ?, 1, 0) ON CONFLICT (code, token) DO UPDATE SET teacher = 1",
                (found["code"], token),
            )
            return found["code"]

    def show(self, code: str, token: str, lesson: str, at: int, options: int) -> None:
        """Leads the class to a step; the question of the step before is closed with that."""
        with self._teaching(code, token) as db:
            db.execute(
                "UPDATE questions SET state = 'closed' WHERE code = ? AND state = 'open' AND (lesson, at) != (?, ?)",
                (code, lesson, at),
            )
            db.execute(
                "INSERT INTO questions VALUES (?, ?, ?, ?, 'waiting') ON CONFLICT (code, lesson, at)"
                " DO UPDATE SET options = excluded.options",
                (code, lesson, at, options),
            )
            db.execute("UPDATE classes SET lesson = ?, at = ? WHERE code = ?", (lesson, at, code))

    def turn(self, code: str, token: str, state: str) -> None:
        """Opens the question of the step that is shown, closes it, or shows what is right."""
        assert state in STATES
        with self._teaching(code, token) as db:
            db.execute(f"UPDATE questions SET state = ? WHERE {_SHOWN}", (state, code))

    def clear(self, code: str, token: str) -> None:
        """Deletes the answers to the question of the step that is shown, which waits again."""
        with self._teaching(code, token) as db:
            db.execute(f"DELETE FROM answers WHERE {_SHOWN}", (code,))
            db.execute(f"UPDATE questions SET state = 'waiting' WHERE {_SHOWN}", (code,))

    def end(self, code: str, token: str) -> None:
        with self._teaching(code, token) as db:
            db.execute("UPDATE classes SET ends = 0 WHERE code = ?", (code,))
        self.sweep()

    def sweep(self) -> None:
        """Deletes what is over."""
        with tables.opened(self.file) as db:
            if db:
                tables.sweep(db, self._clock())

    @contextmanager
    def _teaching(self, code: str, token: str) -> Iterator[sqlite3.Connection]:
        """A change that is made as a whole, by a teacher of a class that has not ended, or not at all."""
        refusal = Ended("this class has ended, or this browser does not teach it: open a class of your own")
        may = "SELECT 1 FROM members JOIN classes USING (code) WHERE code = ? AND token = ? AND teacher AND ends > ?"
        with tables.opened(self.file) as db:
            if not db:
                raise refusal
            with batch.whole(db):
                if not db.execute(may, (code, token, self._clock())).fetchone():
                    raise refusal
                yield db

    # Who learns

    def look(self, code: str, token: str) -> Seen:
        """What is to be seen now; who looks is noted as being there."""
        now = self._clock()
        with tables.opened(self.file) as db:
            row = db and db.execute(_LOOK, {"code": code, "token": token, "now": now}).fetchone()
            if not row or row["seen"] is None:  # not of this class yet: it may be a try
                self._tries.check(token)
            if not db or not row:
                self._tries.miss(token)
                raise Ended("there is no class with this code: it has ended, or the code is another one")
            if not row["teacher"]:
                self._note(code, token, row["seen"], now)
            more = self._counted(db, code, row, now)
        return Seen(
            code, row["ends"], row["lesson"], row["at"], row["state"], row["choice"], bool(row["teacher"]), **more
        )

    def answer(self, code: str, token: str, lesson: str, at: int, choice: int) -> None:
        """One answer to the question that is open, in place of the one before; `choice` is its place, from 0."""
        statement = """
            INSERT INTO answers SELECT code, lesson, at, token, :choice, 0
            FROM classes JOIN questions USING (code, lesson, at) JOIN members USING (code)
            WHERE code = :code AND token = :token AND lesson = :lesson AND at = :at AND ends > :now
                AND state = 'open' AND typeof(:choice) = 'integer' AND :choice BETWEEN 0 AND options - 1
            ON CONFLICT (code, lesson, at, token)
                DO UPDATE SET choice = excluded.choice, changes = changes + 1 WHERE changes < :most
        """
        values = {"code": code, "token": token, "lesson": lesson, "at": at, "choice": choice}
        with tables.opened(self.file) as db:
            known = {**values, "now": self._clock(), "most": MOST_CHANGES}
            done = batch.write(self.file, statement, known) if db else 0
        if not done:
            now = self.look(code, token)  # raises where the class has ended
            if (now.lesson, now.at, now.state) != (lesson, at, OPEN):
                raise ExplorerError("the question was closed a moment ago: your answer did not reach it")
            raise ExplorerError("you have changed this answer very often: it stays as it is")

    def _note(self, code: str, token: str, seen: float | None, now: float) -> None:
        if seen is not None and seen > now - AGAIN:
            return
        statement = """
            INSERT INTO members SELECT :code, :token, 0, :now
            WHERE :token IN (SELECT token FROM members WHERE code = :code)
                OR (SELECT count(*) FROM members WHERE code = :code) < :most
            ON CONFLICT (code, token) DO UPDATE SET seen = excluded.seen
        """
        values = {"code": code, "token": token, "now": now, "most": MOST_STUDENTS}
        if not batch.write(self.file, statement, values):
            raise ExplorerError(f"{MOST_STUDENTS} have joined this class, and it has no room for more")

    def _counted(self, db: sqlite3.Connection, code: str, row: sqlite3.Row, now: float) -> dict:
        """How many are there and have answered, and how many chose what, which nobody is told before the end."""
        place = (code, row["lesson"], row["at"])
        known: dict = {}
        if row["teacher"]:
            there = "SELECT count(*) FROM members WHERE code = ? AND NOT teacher AND seen > ?"
            known["here"] = db.execute(there, (code, now - HERE)).fetchone()[0]
            given = "SELECT count(*) FROM answers WHERE (code, lesson, at) = (?, ?, ?)"
            known["answered"] = db.execute(given, place).fetchone()[0]
        if row["state"] in (CLOSED, SHOWN):
            each = "SELECT choice, count(*) FROM answers WHERE (code, lesson, at) = (?, ?, ?) GROUP BY choice"
            found = {choice: count for choice, count in db.execute(each, place)}
            known["counts"] = tuple(found.get(choice, 0) for choice in range(row["options"]))
        return known
