"""The few arrangements that pages share, so that the same thing looks the same everywhere."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError


def controls_and_picture(name: str = "") -> tuple[DeltaGenerator, DeltaGenerator]:
    """A narrow column of controls and a wide one for the picture; on a phone the picture comes first.

    A page with several of them, one a tab, gives each a name.
    """
    with st.container(key=f"stage-{name}"):
        controls, picture = st.columns([1.25, 3], gap="medium")
    return controls, picture


def numbers(values: Sequence[tuple[str, str] | tuple[str, str, str]]) -> None:
    """At most four numbers at a glance: (label, value with its unit, help)."""
    for column, (label, value, *help) in zip(st.columns(len(values), gap="small"), values, strict=True):
        column.metric(label, value, help=help[0] if help else None, border=True)


def formula(latex: str, words: str, label: str = "The formula") -> None:
    """A formula, folded, with two lines of plain words."""
    with st.expander(label, icon=":material/function:"):
        st.latex(latex)
        st.markdown(words)


def empty(what: str) -> None:
    """Nothing to show yet: one sentence that says what to do."""
    st.info(what, icon=":material/arrow_forward:")


def sentence(problem: ExplorerError) -> str:
    """The problem as a page says it: capital letter, full stop."""
    text = unlinked(str(problem))
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def attempt(action, *arguments) -> bool:
    """Whether it was done; what goes wrong is said in a toast, which the rerun that follows does not wipe away."""
    try:
        action(*arguments)
    except ExplorerError as problem:
        st.toast(sentence(problem), icon=":material/lightbulb:", duration="long")
        return False
    return True


def unlinked(text: str) -> str:
    """Markdown in which nothing that it quotes becomes a link or a picture, which a browser would fetch."""
    return text.replace("[", "\\[")


def plain(text: str) -> str:
    """User text that Streamlit's markdown shows as it is."""
    for sign in "\\`*_{}[]()#+-.!|~:$<>":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", " ")
