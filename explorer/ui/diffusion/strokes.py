"""The brush strokes that the whole page knows of: on one image, and in the address while they are few."""

import streamlit as st

from explorer.diffusion.strokes import Stroke, parse
from explorer.errors import ExplorerError

KEY = "strokes"  # in st.session_state and in the URL: their text
LONGEST = 1500  # letters of it that an address takes
_OF = "strokes.of"  # the image that was painted on, and the text


def held(image: str) -> tuple[Stroke, ...]:
    """The strokes on `image`; those on the image before are forgotten with it, and what cannot be read is none."""
    text = st.session_state.get(KEY, st.query_params.get(KEY, ""))
    painted_on, known = st.session_state.get(_OF, (image, text))
    try:
        strokes = parse(text) if text != known or painted_on == image else ()
    except ExplorerError:
        strokes = ()
    keep(text if strokes else "")
    st.session_state[_OF] = (image, st.session_state[KEY])
    return strokes


def adopt() -> None:
    """The next strokes that arrive, from a file, are on the image that then is there."""
    st.session_state.pop(_OF, None)


def long(text: str) -> bool:
    return len(text) > LONGEST


def keep(text: str) -> None:
    st.session_state[KEY] = text
    if text and not long(text):
        st.query_params[KEY] = text
    else:
        st.query_params.pop(KEY, None)
