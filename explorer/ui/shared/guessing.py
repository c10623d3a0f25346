"""The widget for a number that is guessed, the same in a lesson and on a phone of a class."""

from collections.abc import Callable
from html import escape

import streamlit as st

from explorer.classroom.lesson import Ticks
from explorer.ui.shared.layout import attempt


def guess(scale: Ticks, key: str, done: Callable[[int], None], *, disabled: bool = False) -> None:
    """A number and its button; `done` gets its place among the answers, and what is none is said in a toast."""
    exact = float if scale.digits else int
    with st.form(key, border=False), st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="lesson-line">A number {escape(scale.span)}</p>', width="content")
        st.number_input(
            "Your prediction",
            exact(scale.real(scale.low)),
            exact(scale.real(scale.high)),
            None,
            exact(scale.real(1)),
            f"%.{scale.digits}f" if scale.digits else "%d",
            key=f"{key}.number",
            label_visibility="collapsed",
            disabled=disabled,
            width=190,
        )
        sends = {"key": f"{key}.send", "on_click": _send, "args": (scale, f"{key}.number", done)}
        st.form_submit_button("Predict", type="primary", disabled=disabled, **sends)


def _send(scale: Ticks, key: str, done: Callable[[int], None]) -> None:
    attempt(lambda: done(scale.place(st.session_state.get(key))))
