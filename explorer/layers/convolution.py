"""One convolution with everything that can be asked about it: its maps, the sum behind a value, its size.

    Y[k, i, j] = b[k] + sum over c, u, v of W[k, c, u, v] · X_padded[c, i·S + u·D, j·S + v·D]

and 003's equations (5) and (6): two linear convolutions in a row are one, whose kernel is the full convolution
of the two.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from scipy.signal import convolve2d

from explorer.errors import ExplorerError
from explorer.networks.shapes import output_size

Array = np.ndarray


@dataclass(frozen=True)
class Window:
    """How the window moves: 001's F, S and P, and the dilation D."""

    size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def span(self) -> int:
        """How many pixels the window reaches over, holes included."""
        return self.dilation * (self.size - 1) + 1

    def out(self, size: int) -> int:
        """001's equations (2) and (3) for one side."""
        return output_size(size, self.size, self.stride, self.padding, self.dilation)

    def rest(self, size: int) -> int:
        """How many padded rows (or columns) at the far edge no window reaches."""
        return (size + 2 * self.padding - self.span) % self.stride

    def check(self, height: int, width: int) -> None:
        """Raise, with the reason and remedies, where the window does not fit even once."""
        if min(height, width) + 2 * self.padding < self.span:
            need = -(-(self.span - min(height, width)) // 2)
            holes = f", spread to {self.span} by dilation {self.dilation}," if self.dilation > 1 else ""
            raise ExplorerError(
                f"a window of {self.size}{holes} does not fit into {height} × {width} pixels with padding "
                f"{self.padding}: choose a smaller one, or padding of {need} or more"
            )

    def formula(self, side: str, size: int) -> str:
        """The output-size formula with its numbers, in LaTeX."""
        kernel = f"{self.size}" if self.dilation == 1 else f"({self.dilation}({self.size}-1)+1)"
        fraction = rf"\frac{{{size} - {kernel} + 2\cdot {self.padding}}}{{{self.stride}}}"
        if self.rest(size):
            fraction = rf"\left\lfloor {fraction} \right\rfloor"
        return rf"{side}_\text{{out}} = {fraction} + 1 = {self.out(size)}"


def convolve(image: Array, weights: Array, bias: Array, window: Window) -> Array:
    """Maps (K, H', W') of an image (C, H, W) under weights (K, C, F, F), in float64."""
    window.check(*image.shape[-2:])
    with torch.inference_mode():
        maps = F.conv2d(
            torch.from_numpy(np.ascontiguousarray(image, dtype=np.float64))[None],
            torch.from_numpy(np.ascontiguousarray(weights, dtype=np.float64)),
            torch.from_numpy(np.ascontiguousarray(bias, dtype=np.float64)),
            window.stride,
            window.padding,
            window.dilation,
        )
    return maps[0].numpy()


def turned(image: Array, kernel: Array, bias: float, window: Window, by_half: bool = True) -> Array:
    """The map (H', W') under one kernel (C, F, F): convolution ∗, which turns it by half a circle, or correlation ⋆,
    what `convolve` computes, as every framework does."""
    laid = kernel[:, ::-1, ::-1] if by_half else kernel
    return convolve(image, laid[None], np.array([bias]), window)[0]


@dataclass(frozen=True)
class Sum:
    """Where one output value comes from: window ⊙ kernel summed, plus the bias."""

    window: Array  # (C, F, F); zeros where it hangs over the edge
    kernel: Array  # (C, F, F)
    bias: float
    box: tuple[int, int, int, int]  # row, column, height, width on the image, cut at its edges

    @property
    def products(self) -> Array:
        return self.window * self.kernel

    @property
    def by_channel(self) -> Array:
        return self.products.sum(axis=(1, 2))

    @property
    def value(self) -> float:
        return float(self.products.sum() + self.bias)


def explain(image: Array, kernel: Array, bias: float, window: Window, row: int, column: int) -> Sum:
    """The sum behind the output value at (row, column)."""
    padded = np.pad(image, [(0, 0)] + [(window.padding, window.padding)] * 2)
    top, left = row * window.stride, column * window.stride
    seen = padded[:, top : top + window.span : window.dilation, left : left + window.span : window.dilation]
    height, width = image.shape[-2:]
    first = max(top - window.padding, 0), max(left - window.padding, 0)
    last = min(top - window.padding + window.span, height), min(left - window.padding + window.span, width)
    return Sum(seen, kernel, float(bias), (*first, max(last[0] - first[0], 0), max(last[1] - first[1], 0)))


@dataclass(frozen=True)
class TwoInARow:
    """One kernel after another, and the single kernel that does the same, on one image plane."""

    first: Array  # the map after the first kernel
    second: Array  # and after the second
    kernel: Array  # the single kernel, of size F1 + F2 - 1
    single: Array  # its map
    rectified: Array  # the second map with a ReLU between the two

    @property
    def apart(self) -> float:
        """Largest difference between two convolutions and their one: rounding."""
        return float(np.abs(self.second - self.single).max())

    @property
    def apart_with_relu(self) -> float:
        """The same with a ReLU between: no rounding, and no single kernel mends it."""
        return float(np.abs(self.rectified - self.single).max())


def two_in_a_row(plane: Array, first: Array, second: Array) -> TwoInARow:
    """003's equations (3) to (6) on a plane (H, W), stride 1 and no padding."""
    size = len(first) + len(second) - 1
    if min(plane.shape) < size:
        raise ExplorerError(
            f"two kernels of {len(first)} and {len(second)} need an image of {size} pixels a side: choose smaller ones"
        )

    def one(values: Array, kernel: Array) -> Array:
        return convolve(values[None], kernel[None, None], np.zeros(1), Window(len(kernel)))[0]

    after = one(plane, first)
    kernel = convolve2d(first, second)  # not correlation: the offsets of the two kernels add up
    return TwoInARow(after, one(after, second), kernel, one(plane, kernel), one(np.maximum(after, 0), second))
