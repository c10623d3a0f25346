"""The Pooling tab: which values win, and what is left of a one-pixel shift."""

import numpy as np
import streamlit as st

from explorer.layers.convolution import convolve
from explorer.layers.pooling import FIGURE_8, Pool, change, moved
from explorer.networks.shapes import words
from explorer.render import colour, enlarge, scale_of, strongest
from explorer.ui.layers.source import before as before_it
from explorer.ui.shared import grids
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import controls_and_picture, formula, numbers, side_by_side
from explorer.ui.shared.pictures import dotted, outlined, scale_bar
from explorer.ui.shared.widgets import choice, starting, table, whole, write_table

INPUTS = ["Image's map", "Matrix"]
TEXT = write_table(FIGURE_8)
PRESETS = {
    "figure-8": (
        "AlexNet article, figure 8: max, 2 × 2",
        {"pool_input": "Matrix", "pool_matrix": TEXT, "pool": "max", "pool_size": 2, "pool_stride": 2,
         "pool_padding": 0},
    ),
    "average": (
        "The same, averaged",
        {"pool_input": "Matrix", "pool_matrix": TEXT, "pool": "average", "pool_size": 2, "pool_stride": 2,
         "pool_padding": 0},
    ),
    "overlap": (
        "AlexNet's: 3 × 3, stride 2",
        {"pool_input": INPUTS[0], "pool": "max", "pool_size": 3, "pool_stride": 2, "pool_padding": 0},
    ),
}  # fmt: skip


def draw(page: Frame) -> None:
    controls, picture = controls_and_picture("pooling")
    with picture, page.guard():
        with controls, starting("pool-preset", PRESETS):
            pool, before, after, caption = _settings(page)
        shown = choice("Show", "pool_show", ["Winners", "Shift"], "Winners")
        if shown == "Winners":
            _winners(pool, before, caption, controls)
        else:
            _shift(pool, before, after, caption)
    formula(
        r"Y_{i,j} = \max_{(p,q)\in\mathcal R_{i,j}} X_{p,q} \qquad\text{or}\qquad"
        r" Y_{i,j} = \tfrac1{K^2}\sum_{(p,q)\in\mathcal R_{i,j}} X_{p,q}",
        "A window that keeps its largest value keeps it wherever in the window it stands: that is why a small shift "
        "changes less after pooling (AlexNet article, section 5).",
    )


def _settings(page: Frame) -> tuple[Pool, np.ndarray, np.ndarray, str]:
    """The pool, the plane (H, W) it is applied to, the plane of the shifted image, and what it is."""
    kind = choice("Pooling", "pool", ["max", "average"], "max")
    columns = st.columns(3, gap="small")
    size = whole("Window", "pool_size", 1, 8, 2, place=columns[0])
    stride = whole("Stride", "pool_stride", 1, 8, 2, place=columns[1])
    padding = whole("Padding", "pool_padding", 0, size // 2, 0, place=columns[2])
    left, right = st.columns(2, gap="small")
    down = whole("Shift down", "down", -8, 8, 0, place=left)
    across = whole("Shift right", "across", -8, 8, 1, place=right)
    pool = Pool(kind, size, stride, padding)
    if choice("Input", "pool_input", INPUTS, INPUTS[0]) == "Matrix":
        matrix = table("Type your own numbers", "pool_matrix", TEXT)[None]
        return pool, matrix[0], moved(matrix, down, across)[0], "the matrix"
    rectified = st.toggle("ReLU before the pool", True, key="pool_relu", bind="query-params")
    layer = before_it(page)
    index = whole("Map k", "map", 0, len(layer.maps) - 1, 0)
    kernel = layer.weights[index : index + 1]
    shifted = convolve(moved(layer.source.field, down, across), kernel, np.array([layer.bias]), layer.window)[0]
    before, name = layer.maps[index], layer.names[index]
    if rectified:
        before, shifted, name = np.maximum(before, 0), np.maximum(shifted, 0), f"ReLU({name})"
    return pool, before, shifted, name


def _winners(pool: Pool, plane: np.ndarray, caption: str, controls) -> None:
    out, won = pool(plane[None])[0], pool.won(plane[None])[0]
    height, width = plane.shape
    with controls:
        left, right = st.columns(2, gap="small")
        bright = strongest(out)
        row = whole("Row i", "pool_row", 0, out.shape[0] - 1, bright[0], place=left)
        column = whole("Column j", "pool_column", 0, out.shape[1] - 1, bright[1], place=right)
    top, first, tall, wide = pool.box(row, column, height, width)
    seen, scale = plane[top : top + tall, first : first + wide], scale_of(plane)
    if max(plane.shape) <= 10:
        grids.show(
            [
                grids.grid(plane, f"{caption}; winners outlined" if pool.kind == "max" else caption, marks=won > 0),
                grids.sign("→"),
                grids.grid(out, f"{pool.kind} of each window", scale=scale),
            ]
        )
    else:
        with side_by_side("pool"):
            left, right = st.columns(2, gap="medium")
        left.markdown(f"**{caption}** {words(plane.shape)}")
        marked = dotted(colour(plane, scale), won, 640)
        left.image(marked, width="stretch", alt=f"{caption} with the winning positions marked")
        right.markdown(f"**{pool.kind} pool** {words(out.shape)}")
        right.image(outlined(colour(out, scale), (row, column, 1, 1), 640), width="stretch", alt="The pooled map")
        scale_bar(scale, "both; a dot: it won its window" if pool.kind == "max" else "both")
    marks = np.zeros(seen.shape, bool)
    if pool.kind == "max":
        marks.flat[seen.argmax()] = True
    window = grids.grid(seen, f"the window of row {row}, column {column}", scale=scale, marks=marks)
    value = grids.grid(out[row : row + 1, column : column + 1], f"its {pool.kind}", scale=scale)
    grids.show([window, grids.sign("→"), value])
    rest = [(size + 2 * pool.padding - pool.size) % pool.stride for size in plane.shape]
    last = f" The last {rest[0]} rows and {rest[1]} columns are not reached." if any(rest) else ""
    kept = f" {(won > 0).mean():.0%} of the values won a window." if pool.kind == "max" else ""
    left = f"{out.size / plane.size:.0%} of the values are left"
    st.markdown(f"{words(plane.shape)} → {words(out.shape)}: {left}.{kept}{last}")


def _shift(pool: Pool, before: np.ndarray, after: np.ndarray, caption: str) -> None:
    pooled = pool(np.stack([before, after]))
    change_before, change_after = change(before, after), change(*pooled)
    numbers(
        [
            ("unchanged before", f"{change_before.unchanged:.1%}", "Values that are the same after the shift"),
            ("unchanged after", f"{change_after.unchanged:.1%}", f"The same after the {pool.kind} pool"),
            ("change before", f"{change_before.relative:.2f}", "Mean |difference| over mean |value|"),
            ("change after", f"{change_after.relative:.2f}", f"The same after the {pool.kind} pool"),
        ]
    )
    scale = scale_of(np.stack([before, after]))
    for name, (first, second) in (("before the pool", (before, after)), (f"after the {pool.kind} pool", pooled)):
        apart = second - first
        st.markdown(f"**{name}** {words(first.shape)}")
        parts = [
            ("as it was", first, scale),
            ("shifted", second, scale),
            ("difference", apart, scale_of(apart, "signed")),
        ]
        if max(first.shape) <= 10:
            grids.show([grids.grid(values, text, scale=in_scale) for text, values, in_scale in parts])
            continue
        for place, (text, values, in_scale) in zip(st.columns(3), parts, strict=True):
            picture, words_of = enlarge(colour(values, in_scale), 320), f"{text}, {in_scale}"
            place.image(picture, caption=words_of, width="stretch", alt=f"{caption}, {name}, {text}")
