"""The strip of a lesson on every page: which step, what is asked, what to do, and what is to be seen once guessed.

    ?lesson=dendrite-to-network&at=3

What the lesson's author wrote is plain text here, whatever it looks like. What gives the answer away stays covered
until someone has answered or pressed Show; answers are kept in the session and in the tab of the browser, which tells
them again after a reload.
"""

from html import escape
from pathlib import Path

import streamlit as st

from explorer.classroom import handout
from explorer.classroom.lesson import Lesson
from explorer.ui.shared import state
from explorer.ui.shared.classroom import student, teacher
from explorer.ui.shared.guessing import guess
from explorer.ui.shared.hiding import METRICS
from explorer.ui.shared.layout import plain
from explorer.ui.shared.picker import Picked, thumbnail
from explorer.ui.shared.pictures import address
from explorer.ui.shared.place import AGAIN, AT, LESSON, SHOWN, Place, keep, link, said

STYLE = f"<style>{Path(__file__).with_name('lesson.css').read_text(encoding='utf-8')}</style>"
PLACES = {  # what a step may cover or hide, as the pages mark it
    "picture": (".st-key-player",),
    "meter": (".stHtml:has(.meter)",),
    "kernel": (".stHtml:has(.kernel)",),
    "numbers": (METRICS,),
    "tab": ('.stTabs [role="tabpanel"]',),
}
AWAY = {  # what makes room, so that what the step is about is in sight
    "picture": (".stMain .st-key-player", ".stMain .stHtml:has(.meter)"),
    "numbers": PLACES["numbers"],
    "window": (".stMain .st-key-window",),
}
# a preset says in words what the meter shows
WITH = {"meter": (".stMain .st-key-preset", ".stMain .st-key-preset + .stElementContainer")}
GONE = "{0} {{ display: none !important; }}"
COVERED = """{0} {{ position: relative; visibility: hidden !important; overflow: hidden;
max-height: 15rem; min-height: 4.5rem; }}
{0} * {{ visibility: hidden !important; }}
{0}::before {{ content: "Covered until you have answered"; visibility: visible; position: absolute; inset: 0;
z-index: 2; display: grid; place-content: center; border-radius: 0.5rem; font-size: 0.9375rem;
border: 1px dashed color-mix(in srgb, currentColor 40%, transparent);
background: color-mix(in srgb, currentColor 5%, transparent); }}"""

PICTURED = """{0}::before {{ place-content: end center; padding-bottom: 1rem; }}
{0}::after {{ content: url("{1}"); content: url("{1}") / "The image of this step"; visibility: visible; line-height: 0;
position: absolute; top: 1rem; left: 50%; translate: -50%; }}"""
IMAGE = 128  # pixels


def draw(where: Place, slug: str, image: Picked) -> None:
    """The strip, and the cover over what would give the answer away; `image` is the page's."""
    lesson, step, at = where.lesson, where.step, where.at
    code = teacher.lead(where)
    st.html(STYLE + _covers(where, slug, image))
    with st.container(key="lesson"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.html(_head(where), width="content")
            _ways(where, slug, code)
        st.html(f'<p class="lesson-line ask">{escape(step.ask)}</p>')
        if code:
            teacher.board(where, code, _alone)
        else:
            student.way_back(lesson.key, at)
            _alone(where)
        if at == len(lesson.steps):
            with st.container(horizontal=True):
                _files(lesson, "end")
    keep()


def _alone(where: Place) -> None:
    """The step for one who goes through it without a class."""
    if where.said is None:
        _answers(where)
    if where.step.do:
        st.html(f'<p class="lesson-line"><b>Do.</b> {escape(where.step.do)}</p>')
    if where.said is not None:
        st.html(_after(where))


def _head(where: Place) -> str:
    step, begin = where.step, where.lesson.begins(where.at)
    time = f"minute {begin} to {begin + step.minutes}" if step.minutes else ""
    return (
        f'<div class="lesson-head"><b>{where.lesson.called(where.at)}: {escape(step.title)}</b>'
        f"<span>{time}</span></div>"
    )


def _ways(where: Place, slug: str, code: str) -> None:
    """Back, Next, and what is needed less often."""
    lesson, at = where.lesson, where.at
    with st.container(horizontal=True, width="content", gap="xxsmall", vertical_alignment="center"):
        if slug != where.step.page:
            link(lesson, at, "To this step", ":material/my_location:")
        if at > 1:
            with st.container(key="lesson-back", width="content"):
                link(lesson, at - 1, "Back", ":material/arrow_back:")
        if at < len(lesson.steps):
            with st.container(key="lesson-next", width="content"):
                link(lesson, at + 1, "Next", ":material/arrow_forward:")
        if not student.joined():
            teacher.menu(where, code)
        with st.popover("Lesson", icon=":material/school:"):
            st.markdown(f"**{plain(lesson.title)}**")
            again = {AGAIN: 1} if slug == where.step.page else {}  # another page begins it anyway
            link(lesson, at, "Begin this step again", ":material/replay:", again)
            here = {name: value for name, value in st.query_params.to_dict().items() if name not in (LESSON, AT, AGAIN)}
            state.page_link(slug, "Leave the lesson", icon=":material/close:", params={**here, LESSON: None, AT: None})
            for n, step in enumerate(lesson.steps, 1):
                if n != at:
                    link(lesson, n, f"{n}. {plain(step.title)}", state.ICONS.get(step.page, ":material/school:"))
            _files(lesson, "menu")
            st.caption("Page Down and Page Up go on and back in presenter mode; with Alt everywhere.")


def _answers(where: Place) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if where.step.scale:
            guess(where.step.scale, f"lesson.guess.{where.lesson.key}.{where.at}", lambda place: _say(where, place))
        for place, answer in enumerate(() if where.step.scale else where.step.answers):
            st.button(
                plain(answer),
                key=f"lesson.answer.{where.lesson.key}.{where.at}.{place}",
                on_click=_say,
                args=(where, place),
            )
        st.button(
            "Show",
            key=f"lesson.show.{where.lesson.key}.{where.at}",
            on_click=_say,
            args=(where, SHOWN),
            type="tertiary",
            icon=":material/visibility:",
            help="What happens, without a guess",
        )


def _say(where: Place, answer: int) -> None:
    said()[where.lesson.key, where.at] = answer


def _after(where: Place) -> str:
    """What was predicted beside what happens."""
    step, answer = where.step, where.said
    right = escape(step.answers[step.right])
    if answer is None or answer == SHOWN:
        predicted = f"<b>Answer.</b> {right}"
    else:
        predicted = f"<b>You said.</b> {escape(step.answers[answer])} <b>{'✓' if step.hits(answer) else '✗'}</b>"
    if answer not in (None, SHOWN, step.right):
        predicted += f"<br><b>It is.</b> {right}"
    then = f'<p class="lesson-line"><b>Then.</b> {escape(step.then)}</p>' if step.then else ""
    return (
        f'<div class="lesson-after" role="status"><div><p class="lesson-line">{predicted}</p></div>'
        f'<div><p class="lesson-line"><b>See.</b> {escape(step.see)}</p>{then}</div></div>'
    )


def _covers(where: Place, slug: str, image: Picked) -> str:
    """The style that hides and covers parts of the page of the step, and of no other page. Where a whole tab is covered
    the image that the question is about may be nowhere else."""
    step = where.step
    if slug != step.page or step.check:
        return ""
    css = [GONE.format(one) for name in step.hide for one in AWAY[name]]
    if where.said is None:
        css += [GONE.format(one) for name in step.cover for one in WITH.get(name, ())]
        css += [COVERED.format(one) for name in step.cover for one in PLACES[name]]
        if "tab" in step.cover and "image" in step.params:
            shown = address(thumbnail(image.at(IMAGE), IMAGE))
            css += [PICTURED.format(one, shown) for one in PLACES["tab"]]
    return f"<style>{' '.join(css)}</style>" if css else ""


def _files(lesson: Lesson, where: str) -> None:
    """What one can take away: one's own answers, and the lesson on paper."""
    given = {n: answer for (key, n), answer in said().items() if key == lesson.key and answer != SHOWN}
    own, html = handout.own(lesson, given), "text/html"
    for label, content, name, kind, empty in (
        ("My answers", own, f"{lesson.key}-my-answers.md", "text/markdown", not given),
        ("Handout", handout.sheet(lesson), f"{lesson.key}.html", html, False),
        ("Answer sheet", handout.answers(lesson), f"{lesson.key}-answers.html", html, False),
    ):
        st.download_button(
            label,
            content,
            name,
            kind,
            key=f"lesson.{where}.{label}",
            on_click="ignore",
            icon=":material/download:",
            disabled=empty,
        )
