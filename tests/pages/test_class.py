"""A class as far as it can be seen without a browser: what is wrong is one sentence, and the page goes on."""

import contextlib
import sqlite3

import pytest

from explorer.classroom import batch, codes
from explorer.classroom.register import CLOSED, OPEN, SHOWN, Register
from tests.classroom.test_reading import GOOD
from tests.classroom.test_shelf import EVIL

LESSON, STEP = "dendrite-to-network", {"lesson": "dendrite-to-network", "at": 4}


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    return Register()


def html(app) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def press(app, label: str):
    return next(button for button in app.button if button.label == label).click().run()


def opened(book) -> str:
    """The code of the class that a page has opened."""
    with contextlib.closing(sqlite3.connect(book.file)) as db:
        return db.execute("SELECT code FROM classes").fetchone()[0]


def labels(app) -> list[str]:
    return [button.label for button in app.button]


@pytest.mark.parametrize("code", ["K7MQTPX", "<b>x</b>", "x" * 5000, "nan", "K7M QTPX", "../..", "ĸ" * 7])
def test_a_class_that_is_not_there_is_one_sentence_and_home_goes_on(open_page, book, code):
    app = open_page(join=code)
    assert not app.exception and len(app.error) == 1 and len(app.error[0].value) < 120
    assert app.title[0].value == "Cable Explorer" and "join" not in app.query_params
    assert not app.run().error


def test_a_student_sees_the_question_and_answers_it_while_it_is_open(open_page, book):
    code = book.open("teacher", LESSON, 4, 3)
    app = open_page(join=codes.spoken(code).lower())
    assert [one.value for one in app.title] == [f"Class {codes.spoken(code)}"] and not app.error
    assert all(button.disabled for button in app.button) and len(app.button) == 3
    book.turn(code, "teacher", OPEN)
    press(app.run(), "explode")
    assert book.look(code, "teacher").answered == 1
    book.turn(code, "teacher", CLOSED)
    app.run()
    assert not app.button and "your answer" in html(app) and "✓" not in html(app)
    book.turn(code, "teacher", SHOWN)
    assert "✓" in html(app.run()) and "<b>See.</b>" in html(app)


def test_a_number_is_guessed_on_a_phone_and_the_class_lies_along_its_scale(open_page, book):
    code, key = book.open("teacher", LESSON, 1, 101), f"class.answer.{LESSON}.1"
    app = open_page(join=code)
    assert app.number_input(key=f"{key}.number").disabled and app.button(key=f"{key}.send").disabled
    book.turn(code, "teacher", OPEN)
    for sent, kept in ((None, 0), (500, 0), (40, 1), (20, 1)):
        app.run().number_input(key=f"{key}.number").set_value(sent)
        app.button(key=f"{key}.send").click().run()
        assert book.look(code, "teacher").answered == kept and not app.exception
    assert "Your answer: <b>20 %</b>" in html(app) and "37 %" not in html(app)
    book.look(code, "ben")
    book.answer(code, "ben", LESSON, 1, 40)
    book.turn(code, "teacher", CLOSED)
    counts = book.look(code, "teacher").counts
    assert len(counts) == 101 and (counts[20], counts[40], sum(counts)) == (1, 1, 2)
    said = html(app.run())
    assert "2 guesses, the middle one 20 %, half of them between 20 % and 40 %." in said and "37 %" not in said
    book.turn(code, "teacher", SHOWN)
    assert "It is 37 %, give or take 5: 1 of 2 right." in html(app.run()) and "<b>See.</b>" in html(app)


def test_an_answer_that_comes_too_late_is_said_so(open_page, book):
    code = book.open("teacher", LESSON, 4, 3)
    book.turn(code, "teacher", OPEN)
    app = open_page(join=code)
    book.turn(code, "teacher", CLOSED)
    press(app, "explode")
    assert [one.value for one in app.toast] == ["The question was closed a moment ago: your answer did not reach it."]
    assert book.look(code, "teacher").counts == (0, 0, 0) and not app.exception


def test_a_class_that_ends_under_a_student_is_one_sentence_and_home_goes_on(open_page, book):
    code = book.open("teacher", LESSON, 4, 3)
    app = open_page(join=code)
    book.end(code, "teacher")
    app.run()
    assert len(app.error) == 1 and "ended" in app.error[0].value
    assert app.title[0].value == "Cable Explorer" and not app.exception


def test_a_store_that_is_locked_is_one_sentence_for_both_and_the_lesson_goes_on(open_page, book, monkeypatch):
    teacher = press(open_page("Diffusion", **STEP), "Open a class")
    (code,) = {
        word.value.split()[1] + word.value.split()[2][:4] for word in teacher.markdown if "**Class" in word.value
    }
    student = open_page(join=code.replace("*", ""))
    assert not student.error and not teacher.error
    monkeypatch.setattr(batch, "PATIENCE", 0.05)
    holder = sqlite3.connect(book.file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    student.run()
    teacher.run()
    assert "cannot be reached" in (student.error or student.warning)[0].value and not student.exception
    assert [one.value for one in teacher.warning if "cannot be reached" in one.value] and not teacher.exception
    assert {"explode", "Show"} <= set(labels(teacher)) and teacher.number_input
    holder.close()
    assert "Open the question" in labels(teacher.run()) and "explode" not in labels(teacher)


def test_the_word_for_teachers_is_asked_for(open_page, book, monkeypatch):
    monkeypatch.setenv("EXPLORER_TEACHER", "Galvani")
    app = open_page("Diffusion", **STEP)
    press(app, "Open a class")
    assert ["word for teachers" in one.value for one in app.toast] == [True] and not book.any()
    app.text_input(key="class.word").input("Galvani")
    press(app, "Open a class")
    assert book.any() and "Open the question" in labels(app)


def test_classes_can_be_switched_off(open_page, book, monkeypatch):
    code = book.open("teacher", LESSON, 4, 3)
    monkeypatch.setenv("EXPLORER_CLASS", "off")
    assert "Open a class" not in labels(open_page("Diffusion", **STEP))
    app = open_page(join=code)
    assert "switched off" in app.error[0].value and app.title[0].value == "Cable Explorer"
    assert not [one for one in app.text_input if one.key == "class.typed"]


def test_a_key_teaches_and_a_wrong_one_is_one_sentence(open_page, book):
    code = book.open("teacher", LESSON, 4, 3)
    wrong = open_page("Diffusion", teach="x" * 300, **STEP)
    assert len(wrong.error) == 1 and "no longer good" in wrong.error[0].value and "teach" not in wrong.query_params
    assert "Open the question" not in labels(wrong)
    right = open_page("Diffusion", teach=book.key(code, "teacher"), **STEP)
    press(right, "Open the question")
    assert book.look(code, "teacher").state == OPEN and "teach" not in right.query_params


def test_a_code_is_typed_on_home_while_a_class_is_open(open_page, book):
    assert not [one for one in open_page().text_input if one.key == "class.typed"]
    code = book.open("teacher", LESSON, 4, 3)
    app = open_page()
    app.text_input(key="class.typed").input("K7M QTPX").run()
    assert "no class with this code" in app.error[0].value
    app.text_input(key="class.typed").input(codes.spoken(code)).run()
    assert app.title[0].value == f"Class {codes.spoken(code)}"


def test_a_lessons_text_is_plain_on_phone_and_projector(open_page, book, tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_LESSONS", str(tmp_path))
    text = GOOD.replace("A title", EVIL).replace("What comes", EVIL)
    (tmp_path / "mine.md").write_text(text, encoding="utf-8")
    teacher = press(open_page("Diffusion", lesson="mine", at=1, alpha=2.6, tab="The neuron"), "Open a class")
    student = open_page(join=opened(book))
    for state in ("Open the question", "Close the question", "Show what happens"):
        press(teacher, state)
        for app in (teacher, student.run()):
            assert not app.exception and not app.error
            assert "<img src=x" not in html(app) and "<script" not in html(app)


def test_a_question_that_opens_again_is_covered_again(open_page, book):
    app = press(open_page("Diffusion", **STEP), "Open a class")
    for state in ("Open the question", "Close the question", "Show what happens"):
        press(app, state)
    assert "<b>See.</b>" in html(app) and "Covered until" not in html(app)
    press(app, "Open again")
    assert "<b>See.</b>" not in html(app) and "Covered until" in html(app)
