"""Statements that many write at once: each is done once, and what is wrong with one is its own."""

import sqlite3
import threading

import pytest

from explorer.classroom import batch
from explorer.training.store import database

ADD = "INSERT INTO things VALUES (:number)"


@pytest.fixture
def file(tmp_path):
    with database.opened(tmp_path / "some.sqlite") as db:
        db.execute("CREATE TABLE things (number INTEGER PRIMARY KEY)")
    return tmp_path / "some.sqlite"


def numbers(file) -> list[int]:
    with database.opened(file) as db:
        return [row["number"] for row in db.execute("SELECT number FROM things ORDER BY number")]


def transactions(file) -> int:
    """How many have changed the file: its own counter, as SQLite's file format says."""
    return int.from_bytes(file.read_bytes()[24:28], "big")


def test_a_statement_says_how_many_rows_it_changed(file):
    assert batch.write(file, ADD, {"number": 1}) == 1
    assert batch.write(file, "DELETE FROM things WHERE number > :number", {"number": 1}) == 0


def test_what_waits_while_another_writes_is_one_transaction_and_a_bad_one_hurts_no_other(file):
    begun, ended, problems = threading.Event(), threading.Event(), {}

    def add(number) -> None:
        try:
            batch.write(file, ADD, {"number": number})
        except sqlite3.Error as problem:
            problems[number] = problem

    def hold() -> None:
        with database.opened(file) as db, batch.whole(db):
            begun.set()
            ended.wait()
            db.execute(ADD, {"number": 100})

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait()
    others = [threading.Thread(target=add, args=(number,)) for number in (1, 2, 100, 3, object())]
    for one in others:
        one.start()
    while len(batch._waiting) < len(others):
        ended.wait(0.01)
    before = transactions(file)
    ended.set()
    for one in [holder, *others]:
        one.join()
    assert numbers(file) == [1, 2, 3, 100] and transactions(file) == before + 2
    assert len(problems) == 2 and isinstance(problems[100], sqlite3.IntegrityError)


def test_a_file_that_another_process_has_locked_is_everybodys_problem_and_the_next_goes_on(file, monkeypatch):
    monkeypatch.setattr(batch, "PATIENCE", 0.05)
    with database.opened(file) as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            batch.write(file, ADD, {"number": 1})
    assert batch.write(file, ADD, {"number": 2}) == 1 and numbers(file) == [2]


def test_what_is_raised_inside_undoes_the_whole(file):
    def broken(db) -> None:
        with batch.whole(db):
            db.execute(ADD, {"number": 1})
            raise KeyError

    with database.opened(file) as db, pytest.raises(KeyError):
        broken(db)
    assert numbers(file) == [] and batch.write(file, ADD, {"number": 2}) == 1
