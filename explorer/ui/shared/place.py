"""Where in a lesson the visitor is, and the links to its steps.

?lesson=dendrite-to-network&at=3
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from explorer.classroom import shelf
from explorer.classroom.lesson import Lesson, Step
from explorer.errors import ExplorerError
from explorer.ui.components.keeping import keeping
from explorer.ui.shared import picker, state

LESSON, AT, AGAIN = "lesson", "at", "again"  # in the URL
FRESH = 5  # seconds until a file that was changed is read again
SHOWN = -1  # in place of an answer: someone pressed Show
_BEEN = "lesson.been"  # whether this session has opened a step
_SAID = "lesson.said"  # {(lesson, step): place of the answer, or SHOWN}
_HEARD = "lesson.heard"  # whether the browser has said what was answered before a reload


@dataclass(frozen=True)
class Place:
    """Where in a lesson the visitor is."""

    lesson: Lesson
    at: int  # counted from 1

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.at - 1]

    @property
    def said(self) -> int | None:
        return said().get((self.lesson.key, self.at))


@st.cache_data(ttl=FRESH, show_spinner=False)
def _offered(own: Path | None) -> shelf.Shelf:
    return shelf.shelf({page.slug for page in state.pages()}, own)


def lessons() -> shelf.Shelf:
    """The lessons there are, a teacher's own among them."""
    return _offered(shelf.folder())


def said() -> dict[tuple[str, int], int]:
    return st.session_state.setdefault(_SAID, {})


def keep() -> None:
    """The browser's tab keeps what was said, and tells it again after a reload."""
    told: dict[str, dict[str, int]] = {}
    for (lesson, at), answer in said().items():
        told.setdefault(lesson, {})[str(at)] = answer
    keeping(told, _HEARD not in st.session_state, take_up, key="lesson.keeping")


def take_up(sent: object) -> None:
    """What the browser kept; it may have sent anything, and what was said meanwhile counts."""
    st.session_state[_HEARD] = True
    for key, answers in sent.items() if isinstance(sent, dict) else ():
        lesson = lessons().lessons.get(key)
        if lesson is None or not isinstance(answers, dict):
            continue
        for at, answer in answers.items():
            step = _step(lesson, at)
            if step and type(answer) is int and SHOWN <= answer < len(step.answers):
                said().setdefault((lesson.key, int(at)), answer)


def _step(lesson: Lesson, at: str) -> Step | None:
    """The step of this number; None where there is none."""
    number = at.isascii() and at.isdigit() and len(at) < 4 and int(at)
    return lesson.steps[number - 1] if number and number <= len(lesson.steps) else None


def params(lesson: Lesson, at: int) -> dict[str, object]:
    """The state of a step, as a link carries it."""
    step = lesson.steps[at - 1]
    return {"image": picker.DEFAULT, **step.params, LESSON: lesson.key, AT: at}


def link(lesson: Lesson, at: int, label: str, icon: str, more: Mapping[str, object] | None = None) -> None:
    state.page_link(lesson.steps[at - 1].page, label, icon=icon, params={**params(lesson, at), **(more or {})})


def here() -> Place | None:
    """Where the URL says that the visitor is; an ExplorerError where that cannot be."""
    key = st.query_params.get(LESSON)
    if key is None:
        return None
    lesson = lessons().find(key)
    asked = st.query_params.get(AT, "1")
    if _step(lesson, asked) is None:
        raise ExplorerError(f"at is {asked[:20]!r}: this lesson has the steps 1 to {len(lesson.steps)}")
    return Place(lesson, int(asked))


def open_step(where: Place, slug: str) -> None:
    """A short address, the lesson and the number alone, leads to the step's page in its state."""
    first = _BEEN not in st.session_state
    st.session_state[_BEEN] = True
    wanted = state.texts(params(where.lesson, where.at))
    target = state.page(where.step.page)
    if first and target and (slug != where.step.page or not wanted.keys() <= st.query_params.to_dict().keys()):
        st.switch_page(target.path, query_params={**st.query_params.to_dict(), **wanted})
