"""The moves that 002 builds its layers from, on the last two axes of an array: pad, dilate, flip, slide."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from explorer.errors import ExplorerError

Array = np.ndarray
Stages = dict[str, Array]


@dataclass(frozen=True)
class Back:
    """The gradients of one layer, and the arrays on the way to them, in order, by the name the formula gives them."""

    x: Array
    x_stages: Stages
    weight: Array | None = None
    bias: Array | None = None
    weight_stages: Stages | None = None


def pad(x: Array, size: int, value: float = 0.0) -> Array:
    """`size` rows and columns of `value` around the last two axes."""
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + [(size, size)] * 2, constant_values=value)


def unpad(x: Array, size: int) -> Array:
    """The last two axes without their outer `size` rows and columns."""
    return x[..., size : x.shape[-2] - size, size : x.shape[-1] - size]


def dilate(x: Array, step: int) -> Array:
    """`step` - 1 zeros between neighbours on the last two axes."""
    height, width = x.shape[-2:]
    wide = np.zeros((*x.shape[:-2], (height - 1) * step + 1, (width - 1) * step + 1), dtype=x.dtype)
    wide[..., ::step, ::step] = x
    return wide


def flip(x: Array) -> Array:
    """Turned by 180 degrees on the last two axes."""
    return x[..., ::-1, ::-1]


def correlate(x: Array, kernel: Array, stride: int = 1) -> Array:
    """⋆: x (N, C, H, W), kernel (K, C, F, F) -> (N, K, H', W')."""
    windows = sliding_window_view(x, kernel.shape[-2:], axis=(-2, -1))[:, :, ::stride, ::stride]
    return np.einsum("nchwij,kcij->nkhw", windows, kernel, optimize=True)


def fits(x: Array, span: int, padding: int) -> None:
    """Refuse a window that is larger than the padded image."""
    if min(x.shape[-2:]) + 2 * padding < span:
        height, width = x.shape[-2:]
        raise ExplorerError(
            f"a window that spans {span} does not fit into {height} × {width} with padding {padding}: "
            "make it smaller or pad more"
        )
