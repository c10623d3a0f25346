"""The lessons that are shipped, and a folder of a teacher's own with good and bad ones."""

import os
from html import escape

import pytest

from benchmarks import tables
from explorer.classroom import handout, shelf
from explorer.classroom.lesson import Lesson, Step
from explorer.classroom.reading import read
from explorer.errors import ExplorerError
from tests.classroom.test_reading import GOOD, NUMBERED

PAGES = {"", "Diffusion", "Layers", "Feature_maps", "Classify", "Train", "Results"}
SHIPPED = shelf.shelf(PAGES, None)
EVIL = "<img src=x onerror=alert(1)> [a](http://e.org) `x` $y$"


def test_the_shipped_lessons_are_sound():
    assert not SHIPPED.problems
    for lesson in SHIPPED.lessons.values():
        assert [step.check for step in lesson.steps][-2:] == [True, True]
        assert 0 < lesson.minutes <= 45
        places = {step.right for step in lesson.steps}
        assert len(places) > 1, "always the same place"


def test_a_folder_of_ones_own(tmp_path):
    (tmp_path / "mine.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.md").write_text(GOOD.replace("See: So.\n", ""), encoding="utf-8")
    (tmp_path / "dendrite-to-network.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no lesson", encoding="utf-8")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.md")  # would never end
    found = shelf.shelf(PAGES, tmp_path)
    assert list(found.lessons) == [*SHIPPED.lessons, "mine"]
    assert len(found.problems) == 2
    assert any(said.startswith("bad.md, line 19: ") for said in found.problems)
    assert any(said.startswith("dendrite-to-network.md, line 1: ") for said in found.problems)


@pytest.mark.parametrize("name", ["mine.json", "mine.MD", "mine.markdown", "mine.yaml"])
def test_a_lesson_of_another_format_is_a_sentence_and_not_passed_over(tmp_path, name):
    (tmp_path / name).write_text(GOOD, encoding="utf-8")
    found = shelf.shelf(PAGES, tmp_path)
    assert found.lessons == SHIPPED.lessons
    assert found.problems == (f"{name}, line 1: a lesson is Markdown: save it as mine.md.",)


def test_a_folder_that_is_not_there_is_a_sentence_and_the_shipped_ones_stay(tmp_path):
    found = shelf.shelf(PAGES, tmp_path / "nowhere")
    assert found.lessons == SHIPPED.lessons
    assert len(found.problems) == 1 and "EXPLORER_LESSONS" in found.problems[0]


def test_a_lesson_that_does_not_exist():
    with pytest.raises(ExplorerError, match="there is no lesson"):
        SHIPPED.find("x" * 999)


def test_the_plan_of_the_class_is_the_lesson():
    written = tables.CLASS.read_text(encoding="utf-8")
    assert tables.written(written) == written, "run python -m benchmarks.tables"


def evil() -> Lesson:
    step = Step(EVIL, EVIL, (EVIL, "no"), 0, EVIL, do=EVIL, then=EVIL)
    return Lesson("evil", EVIL, EVIL, (step,))


@pytest.mark.parametrize("sheet", [handout.sheet, handout.answers])
def test_a_strangers_words_are_no_markup_on_paper(sheet):
    page = sheet(evil())
    assert "<img" not in page and page.count("&lt;img") >= 3


@pytest.mark.parametrize("lesson", SHIPPED.lessons.values(), ids=SHIPPED.lessons)
def test_the_answers_are_on_a_sheet_of_their_own(lesson):
    asked, told = handout.sheet(lesson), handout.answers(lesson)
    for step in lesson.steps:
        assert escape(step.see) not in asked and escape(step.see) in told
    assert asked.count("<section>") == told.count("<section>") == len(lesson.steps)
    assert told.count("class=right") == len(lesson.steps) and "class=right" not in asked


def test_a_number_on_paper_is_a_line_to_fill_and_its_answer_on_the_other_sheet():
    lesson = read(NUMBERED.encode(), "mine.md", PAGES)
    asked, told = handout.sheet(lesson), handout.answers(lesson)
    assert "A number from −1.00 to 2.00 mV: ___" in asked and "0.50 mV" not in asked
    assert "<li class=right>0.50 mV, give or take 0.25</li>" in told and told.count("<li") == 5
    assert "a number from −1.00 to 2.00 mV: **0.50 mV, give or take 0.25**." in handout.plan(lesson, "")
    own = handout.own(lesson, {2: lesson.steps[1].right + 1})
    assert "0\\.51 mV (right; it is: 0\\.50 mV)" in own and "1 of 1 right" in own


@pytest.mark.parametrize("lesson", SHIPPED.lessons.values(), ids=SHIPPED.lessons)
def test_ones_own_answers_as_markdown(lesson):
    right, wrong = lesson.steps[0].right, (lesson.steps[1].right + 1) % len(lesson.steps[1].answers)
    said = handout.own(lesson, {1: right, 2: wrong})
    assert "1 of 2 right" in said and said.count("## Step") == 2 and "it is: " in said
    assert "<img" not in handout.own(evil(), {1: 0}).replace("\\<img", "")
