"""One pixel: its way through the steps with the bounds it cannot leave, and the five terms of its next value."""

import streamlit as st

from explorer.diffusion.pixel import five_terms, series
from explorer.figures import diffusion as figures
from explorer.render import number
from explorer.ui.components.canvas import pick_pixel
from explorer.ui.diffusion.stage import Stage, paint, step_control
from explorer.ui.shared.widgets import whole

CHANNELS = ("red", "green", "blue")
MOST = 3e38  # what the picture's readout can hold


def draw(stage: Stage) -> None:
    left, right = st.columns([1, 1.9], gap="medium")
    size = stage.u.shape[-1]
    with left:
        n = step_control()
        place = st.container()
        row, column = _pixel(size)
    field = stage.after(n)
    with place:
        picture, _ = paint(field.numpy(), "fixed")
        values = field.clamp(-MOST, MOST).numpy()
        label = f"{stage.name} after {n:,} steps; click to choose a pixel"
        pick_pixel(picture, into=("row", "column"), values=values, width=360, key="probe-picture", label=label)
    with right:
        found = series(stage.cable, stage.u, row, column, n, stage.strokes)
        smooth = stage.cable.stability().verdict == "smooth"
        st.plotly_chart(figures.probe(found, smooth), key="probe-series", alt="The pixel's values over the steps")
        st.download_button(
            "Series as CSV",
            found.csv,
            f"probe-{row}-{column}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        _terms(stage, field, row, column, n)


def _pixel(size: int) -> tuple[int, int]:
    sides = zip(("row", "column"), st.columns(2, gap="small"), strict=True)
    row, column = (
        whole(name.capitalize(), name, 0, size - 1, size // 2, place=side, persist="session") for name, side in sides
    )
    return row, column


def _terms(stage: Stage, field, row: int, column: int, n: int) -> None:
    channel = 0
    if len(field) > 1:
        chosen = st.segmented_control("Channel", CHANNELS, default=CHANNELS[0], key="channel", required=True)
        channel = CHANNELS.index(chosen)
    plane = field[channel]
    if plane.abs().max() > 1e300:
        st.caption("The values are near the largest float or beyond it: choose an earlier step to see its terms.")
        return
    terms = five_terms(stage.cable, plane, row, column)
    total = sum(term.product for term in terms)
    stepped = stage.cable.step(plane)[row, column].item()
    st.markdown(f"##### From step {n:,} to step {n + 1:,} at row {row}, column {column}")
    lines = [
        f"| {term.name} | {term.where} | " + " | ".join(number(n, 4) for n in (term.value, term.weight, term.product))
        for term in terms
    ]
    st.markdown(
        "| | where | value | × weight | = term |\n|---|---|--:|--:|--:|\n"
        + "\n".join(lines)
        + f"\n| **sum** | | | | **{number(total, 6)}** |"
    )
    apart = abs(total - stepped)
    st.caption(f"`Cable.step` gives {number(stepped, 6)} there: they differ by {number(apart, 2)}.")
