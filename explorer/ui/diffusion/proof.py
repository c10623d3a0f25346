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
    u, begin = stage.start(n)
    field, how = after(stage.cable, u, n - begin), way(u, n - begin)
    painted = any(stroke.step <= n for stroke in stage.strokes)
    since = f" The laws count from step {begin:,}, where the last brush stroke was painted." if painted else ""
    right.caption(f"Measured in float64 after {n:,} steps, {how}.{since}")
    for column, check in zip(st.columns(3, gap="medium"), proof(stage.cable, u, field, n - begin), strict=True):
        with column.container(border=True, height="stretch"):
            _card(check)
    if how == "explicit steps":
        jumped = stage.cable.jump(u, n - begin)
        apart = (jumped - field).abs().max().item() if bool(field.isfinite().all()) else float("inf")
        st.caption(f"The same step reached in one jump by waves differs by at most {apart:.1e}.")


def _card(check: Check) -> None:
    text, icon, colour = BADGES[check.state]
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown(f"**{check.law}**", width="content")
        st.badge(text, icon=icon, color=colour)
    st.markdown(f"| promised | measured |\n|---|---|\n| {check.promised} | {check.measured} |")
    st.caption(check.words)
