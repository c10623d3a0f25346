"""The strip of a lesson as far as it can be seen without a browser: every step opens, and nothing tells too early."""

import pytest

from explorer.classroom import shelf
from explorer.ui.shared import place, state
from tests.classroom.test_reading import GOOD
from tests.classroom.test_shelf import EVIL

LESSONS = shelf.shelf({page.slug for page in state.pages()}, None).lessons
STEPS = [(lesson, n) for lesson in LESSONS.values() for n in range(1, len(lesson.steps) + 1)]
SHOWN = {  # what the class is asked to look at, step by step, as the page says it
    "dendrite-to-network": (
        "λ",
        "conv2d",
        "(1",
        "Largest stable α: 2.375",
        "138 steps",
        "window",
        "rounding",
        "20 layers",
        "bias",
        "over the image",
        "3 → 8 at",
        "Φ, Ψ, τ move",
    ),
    "does-it-help": (
        "703,419 parameters",
        "As a whole it sharpens ×2.3",
        "z = 0.99",
        "CIFAR-10, width 16",
        "95 % interval",
        "front-depthwise",
        "Wilson",
    ),
    "fool-the-network": (
        "airplane from ε = 1 on",
        "airplane from ε = 3 on",
        "ship 6",
        "airplane 8",
        "one step of diffusion undoes it",
        "Means over the seeds",
    ),
}


GUESS = "lesson.guess.dendrite-to-network.1"


def texts(app) -> str:
    said = (app.title, app.header, app.subheader, app.markdown, app.caption, app.latex, app.metric, app.button)
    return " ".join(f"{getattr(element, 'label', '')} {element.value}" for kind in said for element in kind)


def strip(app) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "n"), STEPS, ids=lambda one: getattr(one, "key", one))
def test_a_step_opens_its_page_in_its_state_and_tells_nothing_until_asked(open_page, lesson, n):
    step = lesson.steps[n - 1]
    app = open_page(step.page, lesson=lesson.key, at=n, **step.params)
    assert not app.exception and not app.error and not app.warning
    for name, value in step.params.items():  # what a page cannot use, Streamlit drops from the URL
        kept = value in app.query_params.get(name, [])
        default = name in app.session_state and state.texts({name: app.session_state[name]}) == {name: value}
        assert kept or default, f"{name}={value} was not taken up"
    assert step.check or SHOWN[lesson.key][n - 1] in texts(app) + strip(app)
    assert lesson.called(n) in strip(app) and "<b>See.</b>" not in strip(app)
    next(button for button in app.button if button.label == "Show").click().run()
    assert "<b>See.</b>" in strip(app) and not app.exception


def test_a_prediction_stands_beside_what_happens(open_page):
    lesson = LESSONS["dendrite-to-network"]
    app = open_page("Train", lesson=lesson.key, at=14)
    step = lesson.steps[13]
    wrong = next(place for place in range(len(step.answers)) if place != step.right)
    app.button(key=f"lesson.answer.{lesson.key}.14.{wrong}").click().run()
    said = strip(app)
    assert "<b>You said.</b>" in said and "✗" in said and "<b>See.</b>" in said
    assert len([one for one in app.button if one.key and one.key.startswith("lesson.answer")]) == 0


@pytest.mark.parametrize(("sent", "mark"), [(37, "✓"), (42, "✓"), (43, "✗"), (0, "✗"), (100, "✗")])
def test_a_number_is_predicted(open_page, sent, mark):
    lesson = LESSONS["dendrite-to-network"]
    app = open_page("Diffusion", lesson=lesson.key, at=1, tab="The neuron")
    app.number_input(key=f"{GUESS}.number").set_value(sent)
    app.button(key=f"{GUESS}.send").click().run()
    assert f"<b>You said.</b> {sent} % <b>{mark}</b>" in strip(app) and "<b>See.</b>" in strip(app)
    assert ("<b>It is.</b> 37 %" in strip(app)) == (sent != 37) and not app.exception


@pytest.mark.parametrize("sent", [None, -1, 101, 10**15])
def test_a_number_off_the_scale_is_a_sentence_and_nothing_is_told(open_page, sent):
    app = open_page("Diffusion", lesson="dendrite-to-network", at=1, tab="The neuron")
    app.number_input(key=f"{GUESS}.number").set_value(sent)
    app.button(key=f"{GUESS}.send").click().run()
    assert not app.exception and "<b>See.</b>" not in strip(app)


@pytest.mark.parametrize(
    ("lesson", "at"),
    [
        ("nowhere", 1),
        ("<script>", 1),
        ("../x", 1),
        ("dendrite-to-network", 99),
        ("dendrite-to-network", 0),
        ("dendrite-to-network", -1),
        ("dendrite-to-network", "nan"),
        ("dendrite-to-network", "٣"),
        ("x" * 5000, 1),
    ],
)
def test_a_lesson_or_a_step_that_does_not_exist_is_one_sentence_and_the_page_goes_on(open_page, lesson, at):
    app = open_page("Diffusion", lesson=lesson, at=at)
    assert not app.exception and len(app.error) == 1 and len(app.error[0].value) < 200
    assert app.title[0].value == "Diffusion" and app.number_input


def test_a_teachers_own_lessons_stand_on_home_and_a_bad_one_is_a_sentence(open_page, tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_LESSONS", str(tmp_path))
    (tmp_path / "mine.md").write_text(GOOD.replace("A title", EVIL).replace("What comes", EVIL), encoding="utf-8")
    (tmp_path / "bad.md").write_text("no lesson", encoding="utf-8")
    app = open_page()
    assert not app.exception
    assert [said.value.replace("\\", "") for said in app.warning] == [
        "bad.md, line 1: a lesson begins with its title: # and a few words."
    ]
    app = open_page("Diffusion", lesson="mine", at=1, alpha=2.6, tab="The neuron")
    assert not app.exception and not app.error
    assert "<img" not in strip(app) and "&lt;img" in strip(app)
    assert "<img" not in texts(app).replace("\\<img", "")


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "x",
        [1],
        {"nowhere": {"1": 0}},
        {"dendrite-to-network": [0]},
        {"dendrite-to-network": {"0": 0, "99": 0, "x": 0, "٣": 0, "": 0, "-1": 0}},
        {"dendrite-to-network": {"1": 101, "2": -2, "3": True, "4": "0", "5": 0.0, "6": None, "7": {}}},
    ],
)
def test_a_browser_may_send_anything_in_place_of_what_it_kept(monkeypatch, sent):
    held = {}
    monkeypatch.setattr(place.st, "session_state", held)
    place.take_up(sent)
    assert not place.said()


def test_what_a_browser_kept_is_taken_up_and_what_was_said_meanwhile_counts(monkeypatch):
    monkeypatch.setattr(place.st, "session_state", {})
    place.said()["dendrite-to-network", 1] = 0
    place.take_up({"dendrite-to-network": {"1": 2, "2": place.SHOWN}, "does-it-help": {"1": 1}})
    assert place.said() == {
        ("dendrite-to-network", 1): 0,
        ("dendrite-to-network", 2): place.SHOWN,
        ("does-it-help", 1): 1,
    }
