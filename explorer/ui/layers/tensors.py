"""A playground for 002's tensors: one operation, its shapes and all its numbers."""

import numpy as np
import streamlit as st

from explorer.layers.tensors import OPERATIONS, Operation, carry_out, read_shape
from explorer.networks.shapes import words
from explorer.ui.shared import grids
from explorer.ui.shared.widgets import URL, named, whole

LABEL = "A tensor's operations"
SHAPES = {"1": "6", "2": "3, 4", "3": "2, 3, 4", "4": "2, 2, 3, 4"}  # by the number of dimensions


def draw(controls) -> None:
    with controls:
        name = named("Operation", "operation", {key: one.label for key, one in OPERATIONS.items()}, "dilate")
        operation = OPERATIONS[name]
        shape, given = _settings(name, operation)
    done = carry_out(name, shape, **given)
    st.markdown(f"**{operation.label}** {operation.words}")
    parts = [_part(key, values) for key, values in done.inputs.items()]
    if len(parts) > 1:
        parts.insert(1, grids.sign({"add": "+", "subtract": "−", "multiply": "×", "dot": "·"}[name]))
    grids.show([*parts, grids.sign("→"), _part("result", done.result)])
    st.code(f"{done.code}  # NumPy\n{done.torch}  # PyTorch", language="python", wrap_lines=True)
    st.caption(
        "Several matrices stand below each other, image by image and channel by channel. conv, max_pool and avg_pool "
        "are the layers in the same list."
    )


def _settings(name: str, operation: Operation) -> tuple[tuple[int, ...], dict]:
    given: dict = (
        {"seed": whole("Seed of B", "tensor_seed", 0, 9999, 0)}
        if name in ("add", "subtract", "multiply", "dot")
        else {}
    )
    shape = (1,)
    if name != "fill":
        dimensions = whole("Dimensions of A", "dimensions", operation.least, operation.most, 2)
        shape = read_shape(_text("Shape of A", f"shape_{dimensions}", SHAPES[str(dimensions)]))
    if "dims" in operation.knows:
        label, first = ("Shape", "2, 3") if name == "fill" else ("Its new shape", "2, 6")
        given["dims"] = read_shape(_text(label, f"dims_{name}", first))
    if "value" in operation.knows:
        given["value"] = float(st.number_input("Value", -9.0, 9.0, 0.0, 1.0, key="tensor_value", bind=URL))
    if "size" in operation.knows:
        given["size"] = whole("Rows and columns", "tensor_size", 1, 4, 1)
    if "step" in operation.knows:
        given["step"] = whole("Step s", "tensor_step", 1, 4, 2)
    return shape, given


def _text(label: str, key: str, start: str) -> str:
    return st.text_input(label, start, 20, key=key, bind=URL)


def _part(name: str, values: np.ndarray) -> str:
    planes = values.reshape(-1, *values.shape[-2:]) if values.ndim > 1 else values.reshape(1, 1, -1)
    return grids.grid(planes, f"{name}: {words(values.shape) if values.shape else 'a number'}")
