"""What the running picture is compared with: the control of its rival."""

import streamlit as st

from explorer.diffusion.cable import Cable
from explorer.diffusion.scene import RANGES
from explorer.diffusion.versus import ALPHA, VERSUS, Rival, rival
from explorer.ui.diffusion.controls import START
from explorer.ui.shared.widgets import URL


def beside(cable: Cable) -> Rival | None:
    """A second picture that differs in one thing, or None where nobody wants one."""
    place = st.container(horizontal=True, gap="small", vertical_alignment="bottom")
    chosen = place.selectbox(
        "Compare with",
        VERSUS,
        index=None,
        key="versus",
        bind=URL,
        placeholder="Compare with …",
        label_visibility="collapsed",
        persist_state="session",
    )
    if chosen is None:
        return None
    alpha = START.other_alpha
    if chosen == ALPHA:
        low, high = RANGES["other_alpha"]
        alpha = place.number_input(
            "The other α",
            low,
            high,
            alpha,
            1.0,
            "%.5g",
            "other_alpha",
            label_visibility="collapsed",
            bind=URL,
            persist_state="session",
            width=96,
        )
    return rival(cable, chosen, alpha)
