"""The pad over the page: opened from the picker, or from the row of pages in presenter mode.

What is drawn stays in the browser until it is used. Then it is the image of all pages, as its dataset shows one.
"""

from collections.abc import Callable

import streamlit as st
from PIL import Image

from explorer.data import KNOWN, ink
from explorer.ui.components.pad import pad, picture
from explorer.ui.shared.guard import guard
from explorer.ui.shared.layout import attempt

STAYS = "Stays in this browser until it is used, then in this tab: it is not part of the page's address."
FIRST = "mnist"  # to draw for, where the image on the page is of no dataset with networks
_OPEN, _DATASET = "drawing.open", "drawing.dataset"

Take = Callable[[Image.Image, str], None]  # (the picture, the dataset that it was drawn for)


def open_pad() -> None:
    st.session_state[_OPEN] = True


def close() -> None:
    st.session_state[_OPEN] = False


def show(dataset: str | None, take: Take) -> None:
    """The pad, if it is open; `dataset` is that of the image on the page. `take` gets the drawing that is used."""
    if st.session_state.get(_OPEN):
        _pad(dataset, take)


@st.dialog("Draw", width="large", on_dismiss=close)
def _pad(dataset: str | None, take: Take) -> None:
    if not st.session_state.get(_OPEN):
        st.rerun()  # it was used
    with guard():
        from explorer.ui.shared import answering  # with torch, which a page need not have loaded

        offered = answering.datasets()
        chosen = _dataset(dataset, offered) if offered else FIRST
        stage = st.container()
        networks = answering.beside(chosen, "drawing") if offered else []

        def drawn(sent: object) -> None:
            attempt(use, sent, chosen, take)

        with stage:
            pad(KNOWN[chosen], networks=networks, key="drawing.pad", drawn=drawn)
    st.caption(STAYS)


def _dataset(page: str | None, offered: list[str]) -> str:
    usual = next((name for name in (page, FIRST) if name in offered), offered[0])
    return st.selectbox(
        "What to draw",
        offered,
        offered.index(usual),
        key=_DATASET,
        persist_state="session",
        format_func=lambda name: f"A picture like those of {KNOWN[name].title}",
        label_visibility="collapsed",
    )


def use(sent: object, dataset: str, take: Take) -> None:
    """What a pad for the dataset has sent becomes the image."""
    drawn, known = picture(sent), KNOWN[dataset]
    take(ink.centred(drawn, known.size, known.box) if known.box else drawn, dataset)
    close()
