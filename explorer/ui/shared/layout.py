"""The few arrangements that pages share, so that the same thing looks the same everywhere."""

import re
from collections.abc import Iterable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.paths import private


def controls_and_picture(name: str = "") -> tuple[DeltaGenerator, DeltaGenerator]:
    """A narrow column of controls and a wide one for the picture; on a phone the picture comes first.

    A page with several of them, one a tab, gives each a name.
    """
    with st.container(key=f"stage-{name}"):
        controls, picture = st.columns([1.25, 3], gap="medium")
    return controls, picture


def matters(name: str) -> DeltaGenerator:
    """Among the controls the one that matters most: on a phone it stays in sight beneath the picture."""
    return st.container(key=f"matters-{name}")


def side_by_side(name: str) -> DeltaGenerator:
    """For pictures that are compared: beside each other on a phone as well."""
    return st.container(key=f"side-by-side-{name}")


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
    text = plain(private(str(problem)))
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def left_out(problems: Iterable[ExplorerError]) -> None:
    """What a page goes on without, each with the reason."""
    for problem in problems:
        st.warning(sentence(ExplorerError(f"left out: {problem}")), icon=":material/visibility_off:")


def attempt(action, *arguments) -> bool:
    """Whether it was done; what goes wrong is said in a toast, which the rerun that follows does not wipe away."""
    try:
        action(*arguments)
    except ExplorerError as problem:
        st.toast(sentence(problem), icon=":material/lightbulb:", duration="long")
        return False
    return True


JOINER = (
    "\u2060"  # nobody sees it; escapes do not help where Streamlit looks for names and addresses, after undoing them
)
_SIGNS = re.compile(r"[\\`*\[\]~$<>&|]|(?<![^\W_])_|_(?![^\W_])")
_NAMES = re.compile(r":(?=[^\s\d])|www(?=\.)|@", re.IGNORECASE)  # of an icon or a colour, of a site, of a mailbox
_BLOCK = re.compile(r"^(?=[-+=#]|\d+[.)])")  # what makes a list, a heading or a rule of a line


def plain(text: str) -> str:
    """Text of a stranger that Streamlit's markdown shows as it is: nothing in it becomes a link, a picture, an icon, a
    colour, a list. Prose, and names of files and networks, stay letter by letter what they are."""
    text = _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))
    return _BLOCK.sub(JOINER, _NAMES.sub(rf"\g<0>{JOINER}", text))
