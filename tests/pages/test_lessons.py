"""Every lesson opens its page in the state it describes, and docs/CLASS.md links to every lesson as it stands here."""

import re

import pytest

from explorer.classroom.lessons import LESSONS
from explorer.paths import ROOT
from explorer.ui.shared import state

CLASS = (ROOT / "docs" / "CLASS.md").read_text(encoding="utf-8")
AT_HOME = 8
SHOWN = {  # what the class is asked to look at, as the page says it
    "dendrite": "λ",
    "impulse": "conv2d",
    "melting": "(1",
    "explosion": "Largest stable α: 2.375",
    "border": "138 steps",
    "window": "window",
    "two": "rounding",
    "vanishing": "20 layers",
    "number": "bias",
    "attention": "over the image",
    "minds": "3 → 8 at",
    "training": "Φ, Ψ, τ move",
}


def texts(app) -> str:
    said = (app.title, app.header, app.subheader, app.markdown, app.caption, app.latex, app.metric, app.button)
    return " ".join(f"{getattr(element, 'label', '')} {element.value}" for kind in said for element in kind)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_a_lesson_opens_its_page_in_its_state(open_page, lesson):
    app = open_page(lesson.page, **lesson.params)
    assert not app.exception and not app.error and not app.warning
    for name, value in state.texts(lesson.params).items():  # what a page cannot use, Streamlit drops from the URL
        kept = value in app.query_params.get(name, [])
        default = name in app.session_state and state.texts({name: app.session_state[name]}) == {name: value}
        assert kept or default, f"{name}={value} was not taken up"
    assert SHOWN[lesson.key] in texts(app)


def test_home_shows_eight():
    assert len([lesson for lesson in LESSONS if lesson.home]) == AT_HOME
    assert len({lesson.key for lesson in LESSONS}) == len(LESSONS)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_the_class_plan_links_to_the_lesson(lesson):
    assert f"](http://localhost:8501/{state.link(lesson.page, lesson.params)})" in CLASS


def test_the_class_plan_links_to_nothing_else_in_the_app():
    links = set(re.findall(r"\]\(http://localhost:8501/?([^)]*)\)", CLASS))
    assert links <= {state.link(lesson.page, lesson.params) for lesson in LESSONS} | {"", "?present=1"}
