"""A lesson from a stranger's text: what is right is read, what is wrong is a sentence with its file and line."""

import math
import random
from pathlib import Path

import pytest

from explorer.classroom.lesson import COVERS, HIDES, Ticks
from explorer.classroom.reading import LONGEST, MOST_BYTES, MOST_STEPS, read
from explorer.errors import ExplorerError

PAGES = {"", "Diffusion", "Layers"}
GOOD = """# A title

For whom it is.

## First
Minutes: 4
Open: Diffusion?alpha=2.6&tab=The+neuron&present=1&lesson=x&at=9
Hide: picture, numbers
Cover: tab
Ask: What comes
next?
- [ ] this
- [x] that, or
  something like it
Do: Press Play.
See: It *moves*.
Then: Again.

## Second
Open: Layers
Ask: And now?
- [X] yes
- [ ] no
See: So.

## Check: Why?
Ask: Why?
- [ ] because
- [x] for
See: It is so.
"""


def parsed(text: str, name: str = "mine.md"):
    return read(text.encode(), name, PAGES)


def test_a_lesson_is_read():
    lesson = parsed(GOOD)
    first, second, check = lesson.steps
    assert (lesson.key, lesson.title, lesson.about, lesson.minutes) == ("mine", "A title", "For whom it is.", 4)
    assert (first.page, first.params) == ("Diffusion", {"alpha": "2.6", "tab": "The neuron"})
    assert first.ask == "What comes next?" and first.answers == ("this", "that, or something like it")
    assert (first.right, first.minutes, first.hide, first.cover) == (1, 4, ("picture", "numbers"), ("tab",))
    assert (first.do, first.see, first.then) == ("Press Play.", "It *moves*.", "Again.")
    assert (second.page, second.right, second.check) == ("Layers", 0, False)
    assert (check.page, check.title, check.check) == ("Layers", "Why?", True)
    assert [lesson.called(n) for n in (1, 2, 3)] == ["Step 1 of 2", "Step 2 of 2", "Check 1 of 1"]
    assert [lesson.begins(n) for n in (1, 2, 3)] == [0, 4, 4]


@pytest.mark.parametrize("change", [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t, lambda t: t.rstrip()])
def test_editors_of_other_systems_write_the_same_lesson(change):
    assert parsed(change(GOOD)) == parsed(GOOD)


NUMBERED = GOOD.replace("- [X] yes\n- [ ] no\n", "Number: 0.5 give or take 0.25, from -1 to 2 mV\n")


def test_a_number_is_read_and_each_that_may_be_guessed_is_an_answer():
    step = parsed(NUMBERED).steps[1]
    assert step.scale == Ticks(-100, 200, 25, 2, "mV") and len(step.answers) == 301
    assert (step.answers[0], step.answers[step.right], step.answers[-1]) == ("−1.00 mV", "0.50 mV", "2.00 mV")
    assert [step.hits(step.right + off) for off in (-26, -25, 0, 25, 26)] == [False, True, True, True, False]
    assert [step.scale.place(one) for one in (-1, -1.0, 0.5, 0.504, 2)] == [0, 0, 150, 150, 300]
    other = parsed(NUMBERED.replace("give or take", "±").replace("-1", "−1")).steps[1]
    assert other == step


@pytest.mark.parametrize(
    "sent", [None, "", "1", "<b>", float("nan"), float("inf"), -math.inf, -1.01, 2.01, 10**400, 1e308, [1], b"1"]
)
def test_what_is_no_number_of_the_scale_is_a_sentence(sent):
    scale = parsed(NUMBERED).steps[1].scale
    assert scale
    with pytest.raises(ExplorerError, match=r"write a number from −1\.00 to 2\.00 mV"):
        scale.place(sent)


NUMBERS = {  # what stands behind Number:, a word of the sentence
    "words": ("about a third", "is no number to guess"),
    "no scale": ("37", "is no number to guess"),
    "not a number": ("nan give or take 1, from 0 to 2", "is no number to guess"),
    "other digits": ("٣ give or take 1, from 0 to 9", "is no number to guess"),
    "outside": ("101 give or take 5, from 0 to 100 %", "does not lie from 0 to 100"),
    "turned": ("5 give or take 1, from 10 to 0", "does not lie from 10 to 0"),
    "no width": ("5 give or take 0, from 5 to 5", "does not lie from 5 to 5"),
    "all right": ("5 give or take 5, from 0 to 10", "leaves nothing that is wrong"),
    "less than nothing": ("5 give or take -1, from 0 to 10", "leaves nothing that is wrong"),
    "too many": ("5 give or take 1, from 0 to 999999", "1,000,000 numbers"),
    "too fine": ("5.001 give or take 1, from 0 to 10", "10,001 numbers"),
    "long": ("5 give or take 1, from 0 to 10 " + "m" * 21, "is no number to guess"),
}


@pytest.mark.parametrize(("text", "words"), NUMBERS.values(), ids=NUMBERS)
def test_a_number_that_cannot_be_guessed_names_file_and_line(text, words):
    with pytest.raises(ExplorerError) as problem:
        parsed(NUMBERED.replace("0.5 give or take 0.25, from -1 to 2 mV", text))
    assert str(problem.value).startswith("mine.md, line 22: ") and words in str(problem.value)


def test_a_step_has_answers_or_a_number():
    with pytest.raises(ExplorerError, match=r"line 22: “Second” has answers and a Number"):
        parsed(GOOD.replace("- [X] yes", "Number: 5 give or take 1, from 0 to 9\n- [X] yes"))


def test_brackets_may_stand_close():
    assert parsed(GOOD.replace("- [X] yes", "-[x]yes").replace("- [ ] no", "- []  no")) == parsed(GOOD)


FAULTS = {  # what is replaced in the good one, by what, the line that is to blame, a word of the sentence
    "no title": ("# A title", "A title", 1, "begins with its title"),
    "two titles": ("For whom it is.", "# Another", 3, "second title"),
    "unknown field": ("Do: Press", "Press: Play", 15, "Press: is not known"),
    "twice": ("Do: Press Play.", "Ask: Again?", 15, "second Ask"),
    "no ask": ("Ask: And now?\n", "", 21, "before its question"),
    "no see": ("See: It *moves*.\n", "", 5, "no See"),
    "empty": ("See: So.", "See:", 24, "is empty"),
    "no open": ("Open: Layers\n", "", 19, "no Open"),
    "other site": ("Open: Layers", "Open: https://example.org/Layers", 20, "no page of this app"),
    "script": ("Open: Layers", "Open: javascript:alert(1)", 20, "no page of this app"),
    "no page": ("Open: Layers", "Open: Layer", 20, "no page of this app"),
    "no state": ("Open: Layers", "Open: Layers?a", 20, "cannot be read"),
    "no name": ("Open: Layers", "Open: Layers?<b>=1", 20, "no name of a setting"),
    "minutes": ("Minutes: 4", "Minutes: ٤", 6, "no number of minutes"),
    "an hour's step": ("Minutes: 4", "Minutes: 999", 6, "no number of minutes"),
    "cover": ("Cover: tab", "Cover: tab, body", 9, "nothing to cover"),
    "hide": ("Hide: picture", "Hide: *", 8, "nothing to hide"),
    "one answer": ("- [ ] no\n", "", 19, "has 1 answers"),
    "five answers": ("- [ ] no", "- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d", 19, "has 5 answers"),
    "none right": ("- [X] yes", "- [ ] yes", 19, "0 right answers"),
    "two right": ("- [ ] no", "- [x] no", 19, "2 right answers"),
    "the same": ("- [ ] no", "- [ ] yes", 19, "answer twice"),
    "long": ("See: So.", "See: " + "o" * (LONGEST + 1), 24, "characters"),
    "long answer": ("- [ ] no", "- [ ] " + "o" * 101, 23, "characters"),
    "loose words": ("Open: Layers", "Hello.\nOpen: Layers", 20, "belongs to nothing"),
    "a check opens": ("## Check: Why?\n", "## Check: Why?\nOpen: Layers\n", 27, "opens nothing"),
    "control": ("So.", "So\x1b[31m.", 24, "U+001B"),
    "plain list": ("- [X] yes", "- yes", 22, "“- yes” is no answer: write - [ ]"),
    "empty answer": ("- [ ] no", "- [ ]", 23, "is empty"),
    "third heading": ("## Second", "### Second", 19, "## and a space for a step"),
    "no space": ("## Second", "##Second", 19, "## and a space for a step"),
    "small letter": ("Open: Layers", "open: Layers", 20, "write Open: so"),
    "bold": ("Open: Layers", "**Open:** Layers", 20, "write Open: so"),
    "whole address": ("Open: Layers", "Open: http://localhost:8501/Layers", 20, "begin with one of Diffusion, Layers"),
    "turned": ("So.", "So\u202e.", 24, "U+202E"),
}


@pytest.mark.parametrize(("old", "new", "line", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_names_file_and_line(old, new, line, words):
    assert GOOD.count(old) >= 1
    with pytest.raises(ExplorerError) as problem:
        parsed(GOOD.replace(old, new, 1))
    assert str(problem.value).startswith(f"mine.md, line {line}: ") and words in str(problem.value)
    assert len(str(problem.value)) < 300


def test_a_lesson_that_begins_with_a_check_or_goes_on_after_one():
    step, check = GOOD[GOOD.index("## Second") : GOOD.index("## Check")], GOOD[GOOD.index("## Check") :]
    with pytest.raises(ExplorerError, match="line 2: a lesson cannot begin with a check"):
        parsed("# T\n" + check)
    with pytest.raises(ExplorerError, match="checks come last"):
        parsed("# T\n" + step + check + step)


def test_sizes_are_bounded():
    step = GOOD[GOOD.index("## Second") : GOOD.index("## Check")]
    assert len(parsed("# T\n" + step * MOST_STEPS).steps) == MOST_STEPS
    with pytest.raises(ExplorerError, match=f"{MOST_STEPS + 1} steps"):
        parsed("# T\n" + step * (MOST_STEPS + 1))
    with pytest.raises(ExplorerError, match="make two lessons"):
        read(b" " * (MOST_BYTES + 1), "mine.md", PAGES)


@pytest.mark.parametrize("name", ["My Lesson.md", "../x.md", "<b>.md", ".md", "a" * 61 + ".md", "-x.md", "é.md"])
def test_a_name_that_no_address_should_carry(name):
    with pytest.raises(ExplorerError, match="line 1: call the file"):
        parsed(GOOD, name)


@pytest.mark.parametrize("text", ["", "\n\n", "# T", "# T\n\nwords\n", "## Step\n"])
def test_less_than_a_lesson(text):
    with pytest.raises(ExplorerError, match=r"mine\.md, line \d+: "):
        parsed(text)


def test_what_is_no_text_names_its_line():
    with pytest.raises(ExplorerError, match="line 2: this is not text in UTF-8"):
        read(b"# T\n\xff", "mine.md", PAGES)


def test_whatever_is_done_to_a_lesson_it_is_read_or_its_fault_is_a_sentence():
    draw, refused = random.Random(0), 0
    bits = ["# ", "## ", "- [x] ", "Ask: ", "\n", "\0", "é", "Check:", "?a=%zz&b", "See:", "\u2028", "]", "9" * 50]
    for _ in range(400):
        text = GOOD
        for _ in range(draw.randint(1, 4)):
            at = draw.randrange(len(text))
            text = text[:at] + draw.choice(bits) + text[at + draw.choice([0, 0, 1, 30]) :]
        try:
            assert parsed(text).steps
        except ExplorerError as problem:
            refused += 1
            assert str(problem).startswith("mine.md, line ")
    assert 0 < refused < 400


def test_the_plan_names_what_may_be_covered_and_hidden():
    told = (Path(__file__).parents[2] / "docs" / "CLASS.md").read_text(encoding="utf-8")
    assert f"({', '.join(COVERS)})" in told.replace("\n", " ") and f"({', '.join(HIDES)})" in told.replace("\n", " ")
