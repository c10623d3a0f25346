"""The Backward tab: 002's formulas with the actual arrays at each stage, beside autograd; and what is made of them."""

import numpy as np
import streamlit as st

from explorer.layers.backward import LAYERS, Case, Settings, run
from explorer.render import number
from explorer.ui.layers import chain, pipeline, tensors
from explorer.ui.shared import grids
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import controls_and_picture, matters, numbers
from explorer.ui.shared.widgets import named, whole

# key, label, lowest, highest, start: by the name of the setting
WIDGETS = {
    "size": ("back_size", "Size of X", 2, 8, 5),
    "batch": ("back_batch", "Images B", 1, 4, 2),
    "channels": ("back_channels", "Channels of X", 1, 3, 1),
    "outputs": ("back_outputs", "Outputs K", 1, 3, 1),
    "kernel": ("back_kernel", "Kernel F", 1, 5, 3),
    "stride": ("back_stride", "Stride s", 1, 4, 2),
    "padding": ("back_padding", "Padding p", 0, 4, 1),
    "dilation": ("back_dilation", "Dilation", 1, 3, 1),
}
WHOLE = {
    "chain": chain,
    "tensors": tensors,
    "pipeline": pipeline,
}  # not one layer: what all of them are made of, or make
NAMES = {
    **{name: layer.label for name, layer in LAYERS.items()},
    **{name: one.LABEL for name, one in WHOLE.items()},
}


def draw(page: Frame) -> None:
    controls, picture = controls_and_picture("backward")
    with picture, page.guard():
        with controls, matters("layer"):
            name = named("Layer", "layer", NAMES, "conv")
        if name in WHOLE:
            WHOLE[name].draw(controls)
            return
        with controls:
            given = _settings(name)
        case, layer = run(name, given), LAYERS[name]
        _forward(case)
        if case.back.weight_stages:
            sign = "⋆" if name == "conv" else "·"
            _stages("**dL/dW**, what the weights learn from", layer.formulas[0], case.back.weight_stages, f"{sign}=")
        if case.back.bias is not None:
            _stages("**dL/db**, sums of dL/dY", layer.formulas[1], {"dL/db": case.back.bias[None]}, "")
        title = f"**{list(case.apart)[1]}**, what goes on to the layer before"
        _stages(title, layer.formulas[-1], case.back.x_stages, layer.signs)
        st.markdown("**By hand beside autograd:** the largest difference")
        numbers([(what, number(apart)) for what, apart in case.apart.items()])
        if max(case.apart.values()) > 1e-6:
            st.error("By hand and autograd disagree: this is a bug.", icon=":material/report:")
        if name == "conv" and (given.stride > 1 or given.dilation > 1):
            st.caption(
                "“CNN from scratch” writes (3) without dilate, which is stride 1; with a larger stride the gradient "
                "is spread there "
                "too. A dilated kernel stands in (5) with its holes, and rows that no window reached get zeros."
            )
        if name == "maxpool":
            st.caption("Where two values tie, the first in reading order takes the gradient, as in PyTorch.")


def _settings(name: str) -> Settings:
    values = {}
    columns = st.columns(2, gap="small")
    for place, setting in enumerate(LAYERS[name].knows):
        key, label, low, high, start = WIDGETS[setting]
        if (name, setting) == ("cross-entropy", "size"):
            label = "Classes"
        if name.endswith("pool") and setting == "padding":
            high = values["kernel"] // 2
        values[setting] = whole(label, key, low, high, start, place=columns[place % 2])
    seed = whole("Seed", "back_seed", 0, 9999, 0, help="Another seed draws other numbers")
    st.caption("X, W and dL/dY are whole numbers from −3 to 3, so that every step can be checked on paper.")
    return Settings(**values, seed=seed)


def _forward(case: Case) -> None:
    st.markdown("**Forward**")
    parts = [grids.grid(_planes(array), f"{name} {array.shape}") for name, array in case.inputs.items()]
    name = f"Y {case.output.shape}" if case.output.shape else "L, the loss"
    grids.show([*parts, grids.sign("→"), grids.grid(_planes(case.output), name)])


def _stages(title: str, formula: str, stages: dict[str, np.ndarray], signs: str) -> None:
    st.markdown(title)
    st.latex(formula)
    parts = []
    for place, (name, array) in enumerate(stages.items()):
        if place:
            parts.append(grids.sign(signs[place - 1]))
        parts.append(grids.grid(_planes(array), f"{name} {array.shape}"))
    grids.show(parts)


def _planes(array: np.ndarray) -> np.ndarray:
    """Any array as one or more tables."""
    return np.atleast_2d(array) if array.ndim < 3 else array.reshape(-1, *array.shape[-2:])
