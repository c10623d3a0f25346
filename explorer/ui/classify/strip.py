"""A row of small pictures with what each of them is, enlarged pixel by pixel."""

from collections.abc import Iterable

import streamlit as st
from torch import Tensor

from explorer.render import enlarge, to_rgb

WIDTH = 72  # seven of them stand in one line beside the controls


def strip(pictures: Iterable[tuple[Tensor, str, str]]) -> None:
    """Pixels (C, H, W), the words beneath them, and the words for who does not see them."""
    with st.container(key="filmstrip", horizontal=True, gap="small"):
        for field, caption, alt in pictures:
            picture = enlarge(to_rgb(field.clamp(0, 1).numpy()), 160)
            st.image(picture, width=WIDTH, caption=caption, alt=alt)
