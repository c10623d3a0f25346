"""The Convolution tab: what a window sliding over an image computes."""

import numpy as np
import streamlit as st

from explorer.layers import filters
from explorer.layers.convolution import explain, two_in_a_row
from explorer.render import colour, enlarge, number, scale_of
from explorer.ui.components.canvas import pick_map, slide
from explorer.ui.layers import connections, flipped, order
from explorer.ui.layers.source import Convolved, convolved
from explorer.ui.shared import grids
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import controls_and_picture, formula, side_by_side
from explorer.ui.shared.pictures import painted, scale_bar, seen
from explorer.ui.shared.widgets import choice, whole

SHOWN = ["Sliding window", "Kernels", "Flipped", "Connections", "In memory", "Two in a row"]
MOST = 12  # kernels shown with their numbers


def draw(page: Frame) -> None:
    controls, picture = controls_and_picture("convolution")
    with picture, page.guard():
        with controls:
            layer = convolved(page)
        shown = choice("Show", "show", SHOWN, SHOWN[0], label_visibility="collapsed")
        if shown == "Sliding window":
            index, row, column = _where(layer, controls)
            _maps(layer, index)
            st.caption(_sum(layer, index, row, column))
            _size(layer)
        elif shown == "Kernels":
            _kernels(layer)
        elif shown == "Flipped":
            flipped.draw(layer, _which(layer, controls))
        elif shown == "Connections":
            connections.draw(layer.window, controls)
        elif shown == "In memory":
            order.draw(layer, *_where(layer, controls))
        else:
            _two(layer)
    formula(
        r"Y_{k,i,j} = b_k + \sum_{c}\sum_{u=0}^{F-1}\sum_{v=0}^{F-1} W_{k,c,u,v}\, X_{c,\;iS+uD-P,\;jS+vD-P}",
        "The window stops every S pixels. Under it each value is multiplied by the kernel's value in the same place; "
        "the sum, plus the bias, is one pixel of the map.  \nNo flip: what every framework calls convolution is "
        "cross-correlation (CNN from scratch, section II; AlexNet article, equation 1; survey, equation 7).",
    )


def _which(layer: Convolved, controls) -> int:
    with controls:
        return whole("Map k", "map", 0, len(layer.maps) - 1, 0)


def _where(layer: Convolved, controls) -> tuple[int, int, int]:
    """Which value is explained: widgets that the pictures move too."""
    count, height, width = layer.maps.shape
    with controls:
        columns = st.columns(3, gap="small")
        index = whole("Map k", "map", 0, count - 1, 0, place=columns[0])
        row = whole("Row i", "row", 0, height - 1, height // 2, place=columns[1])
        column = whole("Column j", "column", 0, width - 1, width // 2, place=columns[2])
    return index, row, column


def _maps(layer: Convolved, index: int) -> None:
    """The window at work on one map, the scale, and all maps to choose from."""
    scale, window = scale_of(layer.maps), layer.window
    slide(
        layer.source.field,
        layer.weights[index],
        layer.bias,
        layer.maps[index],
        pictures=(seen(layer.source.field), colour(layer.maps[index], scale)),
        into=("row", "column"),
        stride=window.stride,
        padding=window.padding,
        dilation=window.dilation,
        name=f"map {index}, {layer.names[index]}",
        label=f"The window on {layer.source.name} and map {index}, {layer.names[index]}",
    )
    scale_bar(scale, "all maps" if len(layer.maps) > 1 else "this map")
    if len(layer.maps) > 1:
        pick_map(
            painted(layer.maps, [scale] * len(layer.maps)),
            into="map",
            captions=layer.names,
            columns=8,
            label=f"The {len(layer.maps)} maps of this convolution",
        )


def _sum(layer: Convolved, index: int, row: int, column: int) -> str:
    """The sum behind the chosen value, in one line."""
    told = explain(layer.source.field, layer.weights[index], layer.bias, layer.window, row, column)
    names = [""] if len(told.window) == 1 else ["red ", "green ", "blue "]
    sums = [f"{name}{grids.tidy(value, 4)}" for name, value in zip(names, told.by_channel, strict=True)]
    return (
        f"Map {index} at row {row}, column {column}: {' + '.join(sums)} + bias {grids.tidy(told.bias)} "
        f"= **{grids.tidy(told.value, 4)}**"
    )


def _kernels(layer: Convolved) -> None:
    """Every kernel with its numbers; one over several colours is shown as their mean only where all are alike."""
    scale = scale_of(layer.weights, "signed")
    for name, kernel in zip(layer.names[:MOST], layer.weights, strict=False):
        alike = all(np.array_equal(kernel[0], other) for other in kernel)
        planes = kernel[:1] * len(kernel) if alike else kernel
        colours = ["red", "green", "blue"] if len(planes) > 1 else [""]
        what = f": {filters.FILTERS[name][0]}" if name in filters.FILTERS else ""
        grids.show(
            [
                grids.grid(plane, f"{name} {colour}".strip() + what, scale=scale)
                for plane, colour in zip(planes, colours, strict=True)
            ]
        )
    if len(layer.names) > MOST:
        st.caption(f"The first {MOST} of {len(layer.names)} kernels.")


def _size(layer: Convolved) -> None:
    """001's equations (2) to (4) with these numbers."""
    _, height, width = layer.source.field.shape
    window = layer.window
    channels, size = layer.weights.shape[1:3]
    if pad := 2 * window.padding:
        st.markdown(
            f"With its padding: {height} × {width} × {channels} → **{height + pad} × {width + pad} × {channels}**."
        )
    st.latex(window.formula("H", height))
    st.latex(window.formula("W", width))
    st.latex(rf"D_\text{{out}} = K = {len(layer.maps)}")
    st.markdown(
        f"Parameters: {len(layer.maps)} · ({channels} · {size}² + 1) = "
        f"**{len(layer.maps) * (channels * size * size + 1):,}**. The window spans {window.span} pixels."
    )
    rest = window.rest(height), window.rest(width)
    if any(rest):
        st.markdown(f"The last {rest[0]} rows and {rest[1]} columns of the padded image are not reached.")


def _two(layer: Convolved) -> None:
    """003's equations (5) and (6): two linear layers are one, until a ReLU stands between them."""
    options = [*filters.FILTERS]
    left, right = st.columns(2)
    first = left.selectbox(
        "First kernel, 3 × 3", options, index=options.index("sobel-x"), key="kernel1", bind="query-params"
    )
    second = right.selectbox(
        "Second kernel, 3 × 3", options, index=options.index("laplacian"), key="kernel2", bind="query-params"
    )
    plane = layer.source.field.mean(axis=0)
    if min(plane.shape) < 5:
        plane = np.pad(plane, 3)
    both = two_in_a_row(plane, filters.named(first, 3), filters.named(second, 3))
    scale = scale_of(np.stack([both.second, both.single, both.rectified]))
    pictures = [
        ("one after the other", both.second),
        ("their one 5 × 5 kernel", both.single),
        ("with a ReLU between", both.rectified),
    ]
    with side_by_side("two"):
        places = st.columns(3, gap="small")
    for place, (caption, values) in zip(places, pictures, strict=True):
        place.image(
            enlarge(colour(values, scale), 480), caption=caption, width="stretch", alt=f"Two convolutions, {caption}"
        )
    scale_bar(scale, "all three")
    st.container(key="verdict").markdown(
        f"Largest difference between two kernels and their one: **{number(both.apart)}**, which is rounding. "
        f"With a ReLU between: **{number(both.apart_with_relu)}**"
        + (", so no single kernel does the same." if both.apart_with_relu > 1e-9 else ": nothing was negative here.")
    )
    grids.show(
        [
            grids.grid(filters.named(first, 3), "first"),
            grids.sign("∗"),
            grids.grid(filters.named(second, 3), "second"),
            grids.sign("="),
            grids.grid(both.kernel, "the one kernel"),
        ]
    )
