"""What a stack looks like: its figures at a glance, all of it on the image, and its summary."""

import numpy as np
import pandas as pd
import streamlit as st
import torch

from explorer.data.images import field
from explorer.figures import layers as figures
from explorer.networks.shapes import words
from explorer.networks.stack import Planned, Stack, outputs, parse
from explorer.render import scale_of, size, to_rgb
from explorer.ui.shared import caches
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import numbers
from explorer.ui.shared.memory import model_weight
from explorer.ui.shared.pictures import bar_strip, strip

MOST = 12  # maps in a row


def at_a_glance(planned: list[Planned]) -> None:
    """Parameters, operations and receptive field."""
    parameters = sum(one.parameters for one in planned)
    fields = [one.field for one in planned if one.field is not None]
    numbers(
        [
            ("parameters", f"{parameters:,}"),
            ("size", size(parameters), "As float32, four bytes a parameter"),
            ("FLOPs", _metric(sum(one.flops for one in planned)), "Multiplications and additions for one image"),
            ("receptive field", f"{fields[-1]} px" if fields else "all", "Of the last layer before the dense rows"),
        ]
    )


def _metric(number: float) -> str:
    for unit, least in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if number >= least:
            return f"{number / least:.3g} {unit}"
    return f"{number:.3g} "


def _built(text: str, seed: int) -> torch.nn.Sequential:
    return caches.STACKS.get(("layers", text, seed), lambda: parse(text).build(seed=seed), model_weight)


def network(page: Frame, stack: Stack, planned: list[Planned], seed: int) -> None:
    """Every layer's maps in a row, vectors as bars, as in 001."""
    channels, side, _ = stack.input
    image = field(page.picked.image, side, channels == 3, page.fit)
    with caches.gate():
        arrays = outputs(_built(stack.json(), seed), torch.from_numpy(image)[None])
    kinds = {one.row.kind for one in planned}
    st.caption(
        f"Untrained: weights drawn with seed {seed}. Each row has its own colour scale; at most {MOST} maps a row."
        + " BatchNorm has seen no batch yet and passes its values on." * ("batchnorm" in kinds)
        + " Dropout is off outside training." * ("dropout" in kinds)
    )
    _layer("input", stack.input, to_rgb(image)[None], "")
    for one, values in zip(planned, arrays, strict=True):
        cost = f"{one.parameters:,} parameters, {size(one.parameters)}" if one.parameters else ""
        _layer(one.name, one.shape, values, cost)
    if len(planned[-1].shape) == 1 and planned[-1].shape[0] <= 20:
        chart = figures.bars(arrays[-1], int(arrays[-1].argmax()), planned[-1].name, "output")
        st.plotly_chart(chart, width="stretch", key="stack-out", alt="The last layer as bars")


def _layer(name: str, shape: tuple[int, ...], values: np.ndarray, cost: str) -> None:
    """One row: what it is on the left, maps (or one colour picture, (1, H, W, 3)) or bars on the right."""
    left, right = st.columns([1.3, 4], gap="small", vertical_alignment="center")
    scale, facts = scale_of(values), [cost] if cost else []
    if len(shape) == 3:
        most = min(MOST, max(3, 1152 // max(shape[1:])))
        right.image(strip(values, scale, most, 96), width="stretch", alt=f"{name}: its maps in a row")
    else:
        right.image(bar_strip(values), width="stretch", alt=f"{name}: its {shape[0]} values as bars")
    if values.ndim < 4:
        facts.append(str(scale))
    small = "  \n".join(f":small[:gray[{fact}]]" for fact in facts)
    left.markdown(f"**{name}** :small[{words(shape).replace(' ', '')}]  \n{small}")


def summary(planned: list[Planned]) -> None:
    """Like section 2.1.3 of 001."""
    kinds = {
        "conv": "Conv2d",
        "maxpool": "MaxPool2d",
        "avgpool": "AvgPool2d",
        "batchnorm": "BatchNorm",
        "dropout": "Dropout",
        "flatten": "Flatten",
        "dense": "Linear",
    }
    lines = [
        {
            "Layer (type)": f"{one.name} ({kinds.get(one.row.kind, one.row.base)})",
            "Output shape": words(one.shape),
            "Parameters": one.parameters,
            "FLOPs": one.flops,
            "Receptive field": f"{one.field} × {one.field}" if one.field else "whole image",
            "Not reached": f"{one.rest[0]} rows, {one.rest[1]} columns" if any(one.rest) else "",
        }
        for one in planned
    ]
    number = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        pd.DataFrame(lines),
        hide_index=True,
        width="stretch",
        height="content",
        column_config={"Parameters": number, "FLOPs": number},
    )
    total = sum(one.parameters for one in planned)
    held = 4 * sum(int(np.prod(one.shape)) for one in planned)
    st.markdown(
        f"**Total parameters: {total:,}, {size(total)}** · FLOPs: {sum(one.flops for one in planned):,} · "
        f"activations of one image in float32: {_metric(held)}B, of 512 MB allowed"
    )
