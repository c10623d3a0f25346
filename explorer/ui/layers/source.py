"""The image (or a matrix of numbers) and the convolution on it: what the first three tabs have in common.

The same widgets with the same names stand in each of those tabs, so a filter chosen in one is the filter in all.
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.data.images import field
from explorer.errors import ExplorerError
from explorer.layers import filters
from explorer.layers.convolution import Window, convolve
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.widgets import URL, choice, starting, table, whole

SIZES = (8, 16, 28, 32, 48, 64, 96, 128)
CABLE, RANDOM, OWN = "cable", "random", "your own"
NAMES = [*filters.FILTERS, CABLE, RANDOM, OWN]
MATRIX, KERNEL = "1,2,0,1;3,1,1,0;0,2,4,1;1,0,2,3", "1,0;0,-1"
SEVEN = "1,0,2,1,0,3,1;0,1,1,2,0,1,0;2,0,3,0,1,1,2;1,2,0,1,0,0,1;0,1,0,2,3,1,0;1,0,1,0,2,0,1;3,1,0,1,0,2,0"
FIVE = "1,2,0,1,3;0,1,2,3,1;2,0,1,1,0;1,3,0,2,1;0,1,2,0,3"

PRESETS: dict[str, tuple[str, dict]] = {
    "edges": (
        "Edges four ways",
        {"input": "Image", "size": 64, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1, "bias": 0.0,
         "filters": ["sobel-x", "sobel-y", "laplacian", "emboss"], "colour": "Grey"},
    ),
    "example-1": (
        "Notebook, example 1: 5×5×1, K = 2, our numbers",
        {"input": "Matrix", "matrix": FIVE, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1, "bias": 0.0,
         "filters": ["sobel-x", "sobel-y"]},
    ),
    "conv1": (
        "Notebook: 3 random filters",
        {"input": "Image", "size": 28, "kernel": 3, "stride": 1, "padding": 0, "dilation": 1, "bias": 0.0,
         "filters": [RANDOM], "count": 3, "colour": "Grey"},
    ),
    "conv2": (
        "Notebook: 6 random filters, padded",
        {"input": "Image", "size": 28, "kernel": 3, "stride": 1, "padding": 1, "dilation": 1, "bias": 0.0,
         "filters": [RANDOM], "count": 6, "colour": "Grey"},
    ),
    "figure-3": (
        "AlexNet article, figure 3: 4×4 and 2×2, our numbers",
        {"input": "Matrix", "matrix": MATRIX, "kernel": 2, "stride": 1, "padding": 0, "dilation": 1, "bias": 0.0,
         "filters": [OWN], "typed": KERNEL},
    ),
    "figure-4": (
        "AlexNet article, figure 4: 7×7, a window of 3 by steps of 2",
        {"input": "Matrix", "matrix": SEVEN, "kernel": 3, "stride": 2, "padding": 0, "dilation": 1, "bias": 0.0,
         "filters": ["box"]},
    ),
    "figure-5": (
        "AlexNet article, figure 5: padding 2 makes 36×36×3 of 32×32×3",
        {"input": "Image", "size": 32, "kernel": 3, "stride": 1, "padding": 2, "dilation": 1, "bias": 0.0,
         "filters": ["sobel-x", "sobel-y", "laplacian", "emboss"], "colour": "Colour"},
    ),
    "cable": (
        "One cable step beside a box blur",
        {"input": "Image", "size": 32, "kernel": 3, "stride": 1, "padding": 1, "dilation": 1, "bias": 0.0,
         "filters": ["cable", "box", "identity"], "alpha": 2.0, "tau": 0.1, "h": 1.0, "colour": "Grey"},
    ),
    "alexnet": (
        "AlexNet's first layer: 11 × 11, stride 4",
        {"input": "Image", "size": 128, "kernel": 11, "stride": 4, "padding": 0, "dilation": 1, "bias": 0.0,
         "filters": [RANDOM], "count": 12, "colour": "Colour"},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """What is convolved: a field (C, H, W) and what to call it."""

    field: np.ndarray
    name: str


@dataclass(frozen=True)
class Convolved:
    """A convolution carried out: `weights` (K, C, F, F), `maps` (K, H', W') and the name of each filter."""

    source: Source
    weights: np.ndarray
    bias: float
    window: Window
    names: list[str]
    maps: np.ndarray


def source(page: Frame) -> Source:
    """Widgets for the input, and the input."""
    if choice("Input", "input", ["Image", "Matrix"], "Image") == "Matrix":
        return Source(table("Type your own numbers", "matrix", MATRIX)[None], "the matrix")
    left, right = st.columns(2, gap="small")
    size = left.selectbox("Size", SIZES, index=SIZES.index(32), key="size", bind=URL, help="Pixels a side")
    colour = right.selectbox("Channels", ["Grey", "Colour"], key="colour", bind=URL)
    return Source(field(page.picked.image, size, colour == "Colour", page.fit).astype(float), page.picked.name)


def convolved(page: Frame) -> Convolved:
    """All widgets of a convolution, below what to start from, and its maps; settings that cannot be are an error that
    says why."""
    with starting("convolution-preset", PRESETS):
        return _convolved(page)


def _convolved(page: Frame) -> Convolved:
    given = source(page)
    chosen = st.multiselect(
        "Filters",
        NAMES,
        ["sobel-x", "sobel-y", "laplacian", "emboss"],
        key="filters",
        bind=URL,
        placeholder="Choose one or more",
        wrap=True,
    )
    left, right = st.columns(2, gap="small")
    size = whole("Kernel F", "kernel", 1, filters.LARGEST, 3, place=left)
    stride = whole("Stride S", "stride", 1, 8, 1, place=right)
    padding = whole("Padding P", "padding", 0, 15, 0, place=left)
    dilation = whole("Dilation D", "dilation", 1, 8, 1, place=right)
    window = Window(size, stride, padding, dilation)
    weights, names = _bank(chosen, size, len(given.field))
    bias = st.number_input("Bias b", -10.0, 10.0, 0.0, 0.1, key="bias", bind=URL)
    return Convolved(
        given, weights, bias, window, names, convolve(given.field, weights, np.full(len(names), bias), window)
    )


def before(page: Frame) -> Convolved:
    """The same, folded away: for tabs that begin with a convolution's maps."""
    with st.expander("The convolution before it", icon=":material/filter_center_focus:"):
        return convolved(page)


def _bank(chosen: list[str], size: int, channels: int) -> tuple[np.ndarray, list[str]]:
    if not chosen:
        raise ExplorerError("no filter is chosen: pick one or more from the list")
    kernels, names = [], []
    for name in chosen:
        if name == RANDOM:
            left, right = st.columns(2, gap="small")
            count = whole("Random K", "count", 1, 64, 6, place=left, help="How many random filters")
            kernels.extend(filters.drawn(count, size, channels, whole("Seed", "seed", 0, 9999, 0, place=right)))
            names.extend(f"random {n}" for n in range(count))
            continue
        if name == CABLE:
            kernel = filters.cable(*_cable(), size)
        elif name == OWN:
            kernel = table(f"Your {size} × {size} kernel", "typed", KERNEL, most=filters.LARGEST, shape=(size, size))
        else:
            kernel = filters.named(name, size)
        kernels.append(filters.over(kernel, channels))
        names.append(name)
    return np.stack(kernels), names


def _cable() -> tuple[float, float, float]:
    columns = st.columns(3, gap="small")
    alpha = columns[0].number_input("α", 0.0, 20.0, 2.0, 0.1, key="alpha", bind=URL, help="Diffusion")
    tau = columns[1].number_input("τ", 0.0, 2.0, 0.1, 0.01, key="tau", bind=URL, help="Time step and leak")
    h = columns[2].number_input("h", 0.1, 10.0, 1.0, 0.1, key="h", bind=URL, help="Grid spacing")
    return alpha, tau, h
