"""Classes that answer: who may do what and when, what is told to whom, what is kept and what is deleted."""

import sqlite3
import threading

import pytest

from explorer.classroom import batch, codes, register, tables
from explorer.classroom.register import CLOSED, OPEN, SHOWN, WAITING, Register
from explorer.classroom.tries import ALL, EACH, Tries
from explorer.errors import ExplorerError
from explorer.training.store.runs import Store

STEP = ("a-lesson", 3, 4)


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def book(tmp_path, clock):
    return Register(tmp_path, Tries(), clock)


@pytest.fixture
def code(book):
    return book.open("teacher", *STEP)


def answered(book, code, **choices: int) -> None:
    for token, choice in choices.items():
        book.look(code, token)
        book.answer(code, token, *STEP[:2], choice)


def test_a_question_from_its_opening_to_what_is_right(book, code):
    assert book.look(code, "anna").state == WAITING
    with pytest.raises(ExplorerError, match="closed"):
        book.answer(code, "anna", *STEP[:2], 1)
    book.turn(code, "teacher", OPEN)
    answered(book, code, anna=1, ben=1, cleo=3)
    seen = book.look(code, "teacher")
    assert (seen.here, seen.answered, seen.counts) == (3, 3, ())
    book.turn(code, "teacher", CLOSED)
    assert book.look(code, "teacher").counts == book.look(code, "anna").counts == (0, 2, 0, 1)
    book.turn(code, "teacher", SHOWN)
    assert book.look(code, "anna").state == SHOWN and book.look(code, "anna").mine == 1
    book.clear(code, "teacher")
    now = book.look(code, "anna")
    assert (now.state, now.mine, now.counts) == (WAITING, None, ())


def test_nobody_is_told_how_many_chose_what_while_the_question_is_open(book, code):
    book.turn(code, "teacher", OPEN)
    answered(book, code, anna=1, ben=2)
    for token in ("teacher", "anna", "someone new"):
        assert book.look(code, token).counts == ()
    assert book.look(code, "anna").answered == 0  # how many there are is for the projector


def test_an_answer_may_be_changed_and_counts_once(book, code):
    book.turn(code, "teacher", OPEN)
    answered(book, code, anna=1)
    answered(book, code, anna=2)
    assert book.look(code, "anna").mine == 2
    book.turn(code, "teacher", CLOSED)
    assert book.look(code, "teacher").counts == (0, 0, 1, 0)
    with pytest.raises(ExplorerError, match="closed a moment ago"):
        book.answer(code, "anna", *STEP[:2], 0)
    assert book.look(code, "anna").mine == 2


def test_an_answer_cannot_be_changed_for_ever(book, code):
    book.turn(code, "teacher", OPEN)
    for change in range(register.MOST_CHANGES + 1):
        answered(book, code, anna=change % 4)
    with pytest.raises(ExplorerError, match="very often"):
        book.answer(code, "anna", *STEP[:2], 3)
    assert book.look(code, "anna").mine == register.MOST_CHANGES % 4


@pytest.mark.parametrize("choice", [-1, 4, 10**6, 1.5, float("nan"), "1", "<b>", None])
def test_only_the_place_of_an_answer_is_one(book, code, choice):
    book.turn(code, "teacher", OPEN)
    book.look(code, "anna")
    with pytest.raises(ExplorerError):
        book.answer(code, "anna", *STEP[:2], choice)
    book.turn(code, "teacher", CLOSED)
    assert book.look(code, "teacher").counts == (0, 0, 0, 0)


def test_who_has_not_joined_cannot_answer(book, code):
    book.turn(code, "teacher", OPEN)
    with pytest.raises(ExplorerError):
        book.answer(code, "a stranger", *STEP[:2], 1)
    assert book.look(code, "teacher").answered == 0


@pytest.mark.parametrize("act", ["turn", "clear", "show", "end", "key"])
@pytest.mark.parametrize("who", ["anna", "a stranger"])
def test_nobody_but_a_teacher_acts_as_one(book, code, act, who):
    book.look(code, "anna")
    more = {"turn": (CLOSED,), "show": ("other", 1, 2)}.get(act, ())
    before = book.look(code, "teacher")
    with pytest.raises(ExplorerError, match="does not teach it"):
        getattr(book, act)(code, who, *more)
    assert book.look(code, "teacher") == before


def test_the_step_that_is_shown_closes_the_question_before_and_keeps_its_answers(book, code):
    book.turn(code, "teacher", OPEN)
    answered(book, code, anna=1)
    book.show(code, "teacher", "a-lesson", 4, 2)
    now = book.look(code, "anna")
    assert (now.at, now.state, now.mine) == (4, WAITING, None)
    with pytest.raises(ExplorerError, match="closed"):
        book.answer(code, "anna", *STEP[:2], 1)
    book.show(code, "teacher", *STEP)
    back = book.look(code, "anna")
    assert (back.at, back.state, back.mine, back.counts) == (3, CLOSED, 1, (0, 1, 0, 0))


def test_a_key_opens_a_second_machine_until_there_is_a_newer_one(book, code):
    old = book.key(code, "teacher")
    new = book.key(code, "teacher")
    with pytest.raises(ExplorerError, match="no longer good"):
        book.admit(old, "second")
    assert book.admit(new, "second") == code == book.admit(new, "third")
    assert book.taught("second") == code and book.taught("anna") == ""
    book.turn(code, "second", OPEN)
    assert book.look(code, "teacher").state == OPEN
    stored = sqlite3.connect(book.file).execute("SELECT * FROM classes").fetchall()
    assert new not in str(stored) and code not in new


def test_whoever_has_joined_and_brings_the_key_teaches_and_is_no_longer_counted(book, code):
    book.look(code, "laptop")
    assert book.look(code, "teacher").here == 1
    book.admit(book.key(code, "teacher"), "laptop")
    assert book.look(code, "teacher").here == 0


def test_who_is_there_is_who_asked_lately(book, code, clock):
    book.look(code, "anna")
    clock.now += register.HERE - 1
    book.look(code, "ben")
    assert book.look(code, "teacher").here == 2
    clock.now += 2
    assert book.look(code, "teacher").here == 1
    book.look(code, "anna")
    assert book.look(code, "teacher").here == 2


def test_a_class_is_over_after_three_hours_and_nothing_of_it_is_left(book, code, clock):
    book.turn(code, "teacher", OPEN)
    answered(book, code, anna=1)
    clock.now += register.LASTS - 1
    assert book.look(code, "anna").mine == 1
    clock.now += 1
    with pytest.raises(ExplorerError, match="has ended"):
        book.look(code, "anna")
    with pytest.raises(ExplorerError, match="has ended"):
        book.answer(code, "anna", *STEP[:2], 2)
    with pytest.raises(ExplorerError, match="has ended"):
        book.turn(code, "teacher", CLOSED)
    assert book.taught("teacher") == ""
    book.sweep()
    with sqlite3.connect(book.file) as db:
        assert [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables.TABLES] == [0, 0, 0, 0]


def test_a_class_that_its_teacher_ends_is_deleted_and_another_stays(book, code):
    other = book.open("colleague", "a-lesson", 1, 2)
    answered_before = book.look(other, "ben")
    book.end(code, "teacher")
    with pytest.raises(ExplorerError, match="has ended"):
        book.look(code, "anna")
    assert book.look(other, "ben") == answered_before
    with sqlite3.connect(book.file) as db:
        assert db.execute("SELECT code FROM classes").fetchall() == [(other,)]


def test_opening_deletes_what_is_over_and_a_browser_teaches_one_class(book, code, clock):
    with pytest.raises(ExplorerError, match="already"):
        book.open("teacher", *STEP)
    clock.now += register.LASTS
    new = book.open("teacher", *STEP)
    assert new != code and book.taught("teacher") == new


def test_nothing_is_kept_of_a_student_but_a_token_a_time_and_a_choice(book, code):
    book.turn(code, "teacher", OPEN)
    answered(book, code, anna=1)
    with sqlite3.connect(book.file) as db:
        assert db.execute("SELECT * FROM members WHERE token = 'anna'").fetchall() == [(code, "anna", 0, 1_000_000.0)]
        assert db.execute("SELECT * FROM answers").fetchall() == [(code, *STEP[:2], "anna", 1, 0)]


def test_a_code_is_not_found_by_trying_and_whoever_is_in_stays_in(book, code):
    book.look(code, "anna")
    wrong = "3333333" if code != "3333333" else "4444444"
    for _ in range(EACH):
        with pytest.raises(ExplorerError, match="no class with this code"):
            book.look(wrong, "mallory")
    with pytest.raises(ExplorerError, match="too often"):
        book.look(code, "mallory")  # not even the right one
    for number in range(ALL - EACH):
        with pytest.raises(ExplorerError, match="no class with this code"):
            book.look(wrong, f"mallory {number}")
    with pytest.raises(ExplorerError, match="too often"):
        book.look(code, "mallory with one more token")
    assert book.look(code, "anna").code == code


def test_a_key_is_not_found_by_trying(book, code):
    for _ in range(EACH):
        with pytest.raises(ExplorerError, match="no longer good"):
            book.admit(codes.key(), "mallory")
    key = book.key(code, "teacher")
    with pytest.raises(ExplorerError, match="too often"):
        book.admit(key, "mallory")
    assert book.admit(key, "second") == code


def test_a_class_has_room_for_so_many_and_a_store_for_so_many_classes(book, code, monkeypatch):
    monkeypatch.setattr(register, "MOST_STUDENTS", 3)  # the teacher is one of them
    book.look(code, "anna")
    book.look(code, "ben")
    with pytest.raises(ExplorerError, match="no room"):
        book.look(code, "cleo")
    assert book.look(code, "anna").code == code
    monkeypatch.setattr(register, "MOST_CLASSES", 1)
    with pytest.raises(ExplorerError, match="wait for one to end"):
        book.open("colleague", *STEP)


def test_where_nobody_opened_a_class_nothing_is_made(tmp_path):
    book = Register(tmp_path / "runs", Tries())
    assert book.taught("anyone") == ""
    book.sweep()
    with pytest.raises(ExplorerError, match="no class with this code"):
        book.look("K7MQTPX", "anyone")
    assert not (tmp_path / "runs").exists()
    Store(tmp_path / "runs")
    assert book.taught("anyone") == ""


def test_classes_and_runs_share_a_file_whichever_comes_first(tmp_path):
    code = Register(tmp_path, Tries()).open("teacher", *STEP)
    assert Store(tmp_path).all() == []
    assert Register(tmp_path, Tries()).taught("teacher") == code


@pytest.mark.parametrize("damage", ["locked", "gone", "a folder", "no database"])
def test_a_store_that_is_locked_or_gone_is_one_sentence(book, code, damage, monkeypatch):
    monkeypatch.setattr(batch, "PATIENCE", 0.05)
    holder = sqlite3.connect(book.file, isolation_level=None)
    if damage == "locked":
        holder.execute("BEGIN EXCLUSIVE")
    else:
        book.file.unlink()
        if damage == "a folder":
            book.file.mkdir()
        elif damage == "no database":
            book.file.write_bytes(b"no database " * 1000)
    for call in (
        lambda: book.look(code, "anna"),
        lambda: book.answer(code, "anna", *STEP[:2], 1),
        lambda: book.turn(code, "teacher", OPEN),
    ):
        with pytest.raises(ExplorerError) as problem:
            call()
        assert len(str(problem.value)) < 120 and "\n" not in str(problem.value)
    holder.close()


def test_a_hundred_answers_at_the_same_moment_are_a_hundred(book, code):
    book.turn(code, "teacher", OPEN)
    begin, problems = threading.Barrier(100), []

    def student(number: int) -> None:
        try:
            book.look(code, f"student {number}")
            begin.wait()
            book.answer(code, f"student {number}", *STEP[:2], number % 4)
        except Exception as problem:
            problems.append(problem)
            begin.abort()

    students = [threading.Thread(target=student, args=(number,)) for number in range(100)]
    for one in students:
        one.start()
    for one in students:
        one.join()
    book.turn(code, "teacher", CLOSED)
    assert not problems
    assert book.look(code, "teacher").counts == (25, 25, 25, 25)


def test_of_an_answer_and_the_end_of_its_question_one_comes_first(book, code):
    """Whoever was told that the answer is in finds it counted; whoever was refused does not."""
    for _ in range(20):
        book.turn(code, "teacher", OPEN)
        book.look(code, "anna")
        told = []

        def answer(told=told) -> None:
            try:
                book.answer(code, "anna", *STEP[:2], 1)
                told.append(1)
            except ExplorerError:
                told.append(0)

        student = threading.Thread(target=answer)
        student.start()
        book.turn(code, "teacher", CLOSED)
        student.join()
        assert sum(book.look(code, "teacher").counts) == told[0]
        book.clear(code, "teacher")
