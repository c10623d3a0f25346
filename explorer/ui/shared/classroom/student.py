"""A class on a phone: the question of the step that the teacher shows, and nothing else of the app.

    ?join=K7MQTPX

The page asks by itself what the step is; a session keeps the code alone, so that a step that is tried out leads back.
"""

from contextlib import suppress
from html import escape

import streamlit as st

from explorer.classroom import allowed, codes
from explorer.classroom.lesson import Step
from explorer.classroom.register import CLOSED, OPEN, SHOWN, WAITING, Ended, Seen
from explorer.errors import ExplorerError
from explorer.ui.components.awake import awake
from explorer.ui.shared import place, state
from explorer.ui.shared.classroom.asking import CLASS, SECONDS, STYLE, register, token
from explorer.ui.shared.classroom.bars import tally
from explorer.ui.shared.guard import guard
from explorer.ui.shared.guessing import guess
from explorer.ui.shared.layout import attempt, plain, sentence

WORDS = {
    WAITING: "Wait a moment: the question is not open yet.",
    OPEN: "You may change your answer until the question is closed.",
    CLOSED: "The question is closed. This is what the class says.",
    SHOWN: "",
}
_TYPED = "class.typed"
_IN = "class.in"  # the code of the class that this session has joined


def draw(asked: str) -> None:
    """The page of a class; an ExplorerError where there is none, and the page goes on without it."""
    if not allowed.classes():
        raise ExplorerError("classes are switched off on this server: go on without one")
    code = codes.typed(asked)
    try:
        if not code:
            raise Ended(f"{asked[:20]!r} is no code of a class: it has {codes.LENGTH} letters and digits")
        register().look(code, token())
    except Ended:
        _leave()
        raise
    st.session_state[_IN] = code
    st.html(STYLE)
    with st.container(key="class"):
        st.title(f"Class {codes.spoken(code)}", anchor=False)
        _follow(code)


def entrance() -> None:
    """Where a code is typed that could not be scanned; only while a class is open."""
    with suppress(ExplorerError):
        if allowed.classes() and register().any():
            st.html(STYLE)
            with st.container(key="class-entrance"):
                st.text_input(
                    "A class is open here. Its code:",
                    key=_TYPED,
                    max_chars=20,
                    placeholder="as on the projector",
                    on_change=_enter,
                )


def _enter() -> None:
    if typed := st.session_state[_TYPED]:
        st.query_params[CLASS] = typed


def joined() -> str:
    """The code of the class that this session is in; nothing without one."""
    return st.session_state.get(_IN, "")


def way_back(lesson: str, at: int) -> None:
    """In a step that is tried out on the phone: where the class is now, and the way there."""

    @st.fragment(run_every=SECONDS)
    def watch() -> None:
        awake("class.awake")
        try:
            seen = register().look(joined(), token())
        except Ended as problem:
            st.session_state.pop(_IN, None)
            st.caption(sentence(problem))
            return
        except ExplorerError as problem:
            st.caption(sentence(problem))
            return
        gone_on = (seen.lesson, seen.at) != (lesson, at)
        label = "The class has gone on: back to it" if gone_on else "Back to the class"
        state.page_link(
            "", label, icon=":material/groups:", params={CLASS: joined(), place.LESSON: None, place.AT: None}
        )

    if joined():
        watch()


@st.fragment(run_every=SECONDS)
def _follow(code: str) -> None:
    awake("class.awake")
    try:
        seen = register().look(code, token())
    except Ended:
        st.rerun()  # the page goes on without the class
    except ExplorerError as problem:
        st.warning(sentence(problem), icon=":material/cloud_off:")
        return
    with guard():
        _step(seen)


def _step(seen: Seen) -> None:
    lesson = place.lessons().find(seen.lesson)
    step = lesson.steps[seen.at - 1]
    st.html(
        f'<p class="class-step">{lesson.called(seen.at)}: {escape(step.title)}</p>'
        f'<p class="class-ask">{escape(step.ask)}</p>'
    )
    if seen.state in (WAITING, OPEN):
        _ask(seen, lesson.key, step)
    else:
        st.html(tally(step, seen.counts, seen.state == SHOWN, seen.mine))
    if words := WORDS[seen.state]:
        choose = "Choose one. " if seen.state == OPEN and not step.scale else ""
        st.html(f'<p class="class-note" role="status">{choose}{words}</p>')
    if seen.state == SHOWN:
        _after(seen, step)


def _ask(seen: Seen, lesson: str, step: Step) -> None:
    key, waits = f"class.answer.{lesson}.{seen.at}", seen.state == WAITING
    if step.scale:
        guess(step.scale, key, lambda place: _answer(seen, place), disabled=waits)
        if seen.mine is not None:
            st.html(f'<p class="class-mine" role="status">Your answer: <b>{escape(step.answers[seen.mine])}</b></p>')
        return
    for choice, answer in enumerate(step.answers):
        st.button(
            plain(answer),
            key=f"{key}.{choice}",
            type="primary" if choice == seen.mine else "secondary",
            icon=":material/check:" if choice == seen.mine else None,
            disabled=waits,
            width="stretch",
            on_click=_answer,
            args=(seen, choice),
        )


def _after(seen: Seen, step: Step) -> None:
    st.html(f'<p class="class-see"><b>See.</b> {escape(step.see)}</p>')
    lesson = place.lessons().find(seen.lesson)
    place.said().setdefault((seen.lesson, seen.at), place.SHOWN if seen.mine is None else seen.mine)
    place.link(lesson, seen.at, "Try it here", ":material/touch_app:")


def _answer(seen: Seen, choice: int) -> None:
    attempt(register().answer, seen.code, token(), seen.lesson, seen.at, choice)


def _leave() -> None:
    st.session_state.pop(_IN, None)
    st.query_params.pop(CLASS, None)
