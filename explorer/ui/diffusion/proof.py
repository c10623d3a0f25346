"""Proof: what the mathematics promises at step n, beside what is measured."""

from typing import Literal

import streamlit as st

from explorer.diffusion.laws import Check, proof
from explorer.diffusion.steps import after, way
from explorer.ui.diffusion.stage import Stage, step_control

Paint = Literal["green", "red", "orange", "gray"]
BADGES: dict[str, tuple[str, str, Paint]] = {
    "holds": ("holds", ":material/check:", "green"),
    "broken": ("broken", ":material/close:", "red"),
    "unknown": ("lost in rounding", ":material/question_mark:", "orange"),
    "silent": ("not promised", ":material/remove:", "gray"),
}


def draw(stage: Stage) -> None:
    left, right = st.columns([1.6, 1], gap="medium", vertical_alignment="bottom")
    with left:
        n = step_control()
    field, how = after(stage.cable, stage.u, n), way(stage.u, n)
    right.caption(f"Measured in float64 after {n:,} steps, {how}.")
    for column, check in zip(st.columns(3, gap="medium"), proof(stage.cable, stage.u, field, n), strict=True):
        with column.container(border=True, height="stretch"):
            _card(check)
    if how == "explicit steps":
        jumped = stage.cable.jump(stage.u, n)
        apart = (jumped - field).abs().max().item() if bool(field.isfinite().all()) else float("inf")
        st.caption(f"The same step reached in one jump by waves differs by at most {apart:.1e}.")


def _card(check: Check) -> None:
    text, icon, colour = BADGES[check.state]
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown(f"**{check.law}**", width="content")
        st.badge(text, icon=icon, color=colour)
    st.markdown(f"| promised | measured |\n|---|---|\n| {check.promised} | {check.measured} |")
    st.caption(check.words)
