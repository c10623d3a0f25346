"""The teacher's part of a lesson's strip: the way into the class, its question, its answers as bars.

Who opened the class, or brought its key, teaches it in this browser, after a reload too. The key is in a link that is
copied without being shown, since the page is on a projector; the address of the page never holds it.
"""

from collections.abc import Callable
from html import escape

import streamlit as st

from explorer.classroom import allowed, codes
from explorer.classroom.lesson import Step
from explorer.classroom.register import CLOSED, OPEN, SHOWN, WAITING, Ended, Seen
from explorer.errors import ExplorerError
from explorer.ui.components.awake import awake
from explorer.ui.components.handing import handing
from explorer.ui.shared import place
from explorer.ui.shared.classroom import door
from explorer.ui.shared.classroom.asking import SECONDS, STYLE, TEACH, people, register, token
from explorer.ui.shared.classroom.bars import tally
from explorer.ui.shared.guard import guard
from explorer.ui.shared.layout import attempt, sentence
from explorer.ui.shared.place import Place

_CODE, _LED, _LINK = "class.code", "class.led", "class.link"
AGAIN = "Open again"
NEXT = {  # what one does with a question in its state: label, icon, the state that it leads to
    WAITING: [("Open the question", ":material/play_arrow:", OPEN)],
    OPEN: [("Close the question", ":material/stop:", CLOSED)],
    CLOSED: [("Show what happens", ":material/visibility:", SHOWN), (AGAIN, ":material/replay:", OPEN)],
    SHOWN: [(AGAIN, ":material/replay:", OPEN)],
}


def arrive() -> None:
    """Takes the key out of the address and leads to the step that the class is shown."""
    key = st.query_params.get(TEACH)
    if key is None:
        return
    del st.query_params[TEACH]
    code = register().admit(key, token())
    seen = register().look(code, token())
    st.query_params.update({place.LESSON: seen.lesson, place.AT: str(seen.at)})


def lead(where: Place) -> str:
    """The code of the class that this browser teaches, which is led to this step; nothing without a class."""
    if not allowed.classes():
        return ""
    try:
        code = register().taught(token())
        led = (code, where.lesson.key, where.at)
        if code and st.session_state.get(_LED) != led:
            register().show(*led[:1], token(), *led[1:], len(where.step.answers))
            st.session_state[_LED] = led
    except ExplorerError:
        code = st.session_state.get(_CODE, "")  # what is the matter with it is said where it would be drawn
    st.session_state[_CODE] = code
    return code


def menu(where: Place, code: str) -> None:
    """Opens a class, or what is done with it once in a lesson."""
    if not allowed.classes():
        return
    with st.popover("Class", icon=":material/groups:", key=f"class.menu.{code}"):  # closed by another code
        if not code:
            _opening(where)
            return
        st.markdown(f"**Class {codes.spoken(code)}**")
        st.button("Clear the answers to this question", key="class.clear", on_click=_act, args=("clear", code))
        st.button("Link for a second machine", key="class.link.make", on_click=_make_link, args=(code,))
        if link := st.session_state.get(_LINK):
            handing("Copy the link", link, key="class.handing")
            st.caption("Whoever has it teaches this class. A new link ends the one before.")
        st.button("End the class", key="class.end", icon=":material/close:", on_click=_act, args=("end", code))
        st.caption("It ends by itself three hours after it was opened, and is deleted.")


def _opening(where: Place) -> None:
    st.markdown("Students predict on their phones: no account, no name.")
    asked = bool(allowed.word())
    word = st.text_input("The word for teachers", type="password", key="class.word") if asked else ""
    st.button("Open a class", key="class.open", type="primary", on_click=_open, args=(where, word))


def _open(where: Place, word: str) -> None:
    def opened() -> None:
        allowed.check(st.session_state.get("class.word", word), token())
        code = register().open(token(), where.lesson.key, where.at, len(where.step.answers))
        st.session_state[_LED] = (code, where.lesson.key, where.at)
        door.show(True)

    attempt(opened)


def _make_link(code: str) -> None:
    def made() -> None:
        st.session_state[_LINK] = door.link({TEACH: register().key(code, token())})

    attempt(made)


def _act(what: str, code: str, *more: str) -> None:
    attempt(getattr(register(), what), code, token(), *more)
    st.session_state.pop(_LINK, None)


def board(where: Place, code: str, alone: Callable[[Place], None]) -> None:
    """The question and what the class says; `alone` draws the step without it, where it cannot be reached."""
    st.html(STYLE)

    @st.fragment(run_every=SECONDS)
    def look() -> None:
        awake("class.awake")
        try:
            seen = register().look(code, token())
        except Ended:
            st.rerun()  # once more, without the class
        except ExplorerError as problem:
            st.warning(sentence(problem), icon=":material/cloud_off:")
            alone(where)
            return
        with guard(), st.container(gap="xsmall"):
            _draw(where, seen)

    look()


def _draw(where: Place, seen: Seen) -> None:
    if (seen.lesson, seen.at) != (where.lesson.key, where.at):
        _elsewhere(where, seen)
        return
    if (seen.state == SHOWN) != (where.said is not None):
        _uncover(where, seen.state == SHOWN)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="class-line"):
        answered = f"<b>{seen.answered}</b> of {people(seen.here)} answered" if seen.state != WAITING else ""
        st.html(
            f'<p class="class-line"><b class="class-code">{codes.spoken(seen.code)}</b> '
            f"<span>{answered or people(seen.here)}</span></p>",
            width="content",
        )
        for label, icon, then in NEXT[seen.state]:
            kind = "secondary" if label == AGAIN else "primary"
            st.button(label, key=f"class.{then}", icon=icon, type=kind, on_click=_turn, args=(seen, then))
        door.toggle()
    if door.shown():
        door.draw(seen.code)
    answers = tally(where.step, seen.counts, seen.state == SHOWN)
    st.html(f'<div class="class-board">{answers}<div>{_words(where.step, seen.state == SHOWN)}</div></div>')


def _turn(seen: Seen, then: str) -> None:
    """To the first question of a class its code makes room, so that the picture is in sight again."""
    if seen.state == WAITING:
        door.show(False)
    _act("turn", seen.code, then)


def _words(step: Step, shown: bool) -> str:
    said = [("Do", step.do), *([("See", step.see), ("Then", step.then)] if shown else [])]
    return "".join(f'<p class="lesson-line"><b>{word}.</b> {escape(text)}</p>' for word, text in said if text)


def _uncover(where: Place, shown: bool) -> None:
    """What gives the answer away comes to sight with what is right, and is covered when the question opens again."""
    place.said().pop((where.lesson.key, where.at), None)
    if shown:
        place.said()[where.lesson.key, where.at] = place.SHOWN
    st.rerun()


def _elsewhere(where: Place, seen: Seen) -> None:
    """Another of the teacher's machines has led the class to another step."""
    with st.container(horizontal=True, vertical_alignment="center"):
        lesson = place.lessons().find(seen.lesson)
        st.html(f'<p class="class-line">The class is at {escape(lesson.called(seen.at).lower())}.</p>', width="content")
        place.link(lesson, seen.at, "Go there", ":material/arrow_forward:")
        st.button("Lead it here", key="class.here", on_click=_lead_here, args=(where, seen.code))


def _lead_here(where: Place, code: str) -> None:
    attempt(register().show, code, token(), where.lesson.key, where.at, len(where.step.answers))
