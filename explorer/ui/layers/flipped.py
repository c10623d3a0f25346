"""Convolution beside correlation: the same kernel, turned by half a circle or not."""

import numpy as np
import streamlit as st

from explorer.layers.convolution import turned
from explorer.render import colour, enlarge, number, scale_of
from explorer.ui.layers.source import Convolved
from explorer.ui.shared import grids
from explorer.ui.shared.pictures import scale_bar


def draw(layer: Convolved, index: int) -> None:
    kernel = layer.weights[index]
    correlated, convolved = (
        turned(layer.source.field, kernel, layer.bias, layer.window, by_half) for by_half in (False, True)
    )
    scale, apart = scale_of(np.stack([correlated, convolved])), convolved - correlated
    largest = float(np.abs(apart).max())
    pictures = (
        ("correlation, ⋆", correlated, scale),
        ("convolution, ∗", convolved, scale),
        ("their difference", apart, scale_of(apart, "signed")),
    )
    for place, (words, values, own) in zip(st.columns(3), pictures, strict=True):
        place.image(enlarge(colour(values, own), 480), caption=f"{words}, {own}", width="stretch", alt=words)
    scale_bar(scale, "both maps")
    planes = kernel[:1] if all(np.array_equal(kernel[0], other) for other in kernel) else kernel
    grids.show(
        [
            grids.grid(planes * (len(kernel) if len(planes) == 1 else 1), f"{layer.names[index]}, as it lies: ⋆"),
            grids.sign("↻"),
            grids.grid(planes[..., ::-1, ::-1] * (len(kernel) if len(planes) == 1 else 1), "turned by 180°: ∗"),
        ]
    )
    if largest < 1e-12:
        st.success(
            "Largest difference: 0. This kernel looks the same turned by half a circle, as does that of a cable step.",
            icon=":material/check:",
        )
    else:
        st.markdown(
            f"Largest difference: **{number(largest)}**. Mathematics turns the kernel (∗), networks do not (⋆): they "
            "learn the kernel that they need, turned or not."
        )
