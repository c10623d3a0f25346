"""Layers that slide a window: convolution, max pooling and average pooling, forward and backward."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from explorer.errors import ExplorerError
from explorer.layers.byhand.arrays import Array, Back, correlate, dilate, fits, flip, pad, unpad


def conv(x: Array, weight: Array, bias: Array, stride: int = 1, padding: int = 0, dilation: int = 1) -> Array:
    """Y of a convolution layer: x (N, C, H, W), weight (K, C, F, F), bias (K,)."""
    fits(x, dilation * (weight.shape[-1] - 1) + 1, padding)
    return correlate(pad(x, padding), dilate(weight, dilation), stride) + bias[:, None, None]


def conv_backward(x: Array, weight: Array, grad: Array, stride: int = 1, padding: int = 0, dilation: int = 1) -> Back:
    """(3), (4) and (5) for the gradient dL/dY (N, K, H', W')."""
    kernel, padded, spread = dilate(weight, dilation), pad(x, padding), dilate(grad, stride)
    reach = kernel.shape[-1] - 1
    # (3): X's channels become the batch and the images the channels, so that ⋆ sums over images.
    whole = correlate(padded.swapaxes(0, 1), spread.swapaxes(0, 1), dilation).swapaxes(0, 1)
    d_weight = whole[..., : weight.shape[-2], : weight.shape[-1]]
    # (5): zeros for the rows and columns that the last stride did not reach.
    rest = [(size - reach - 1) % stride for size in padded.shape[-2:]]
    full = np.pad(pad(spread, reach), [(0, 0), (0, 0), (0, rest[0]), (0, rest[1])])
    turned = flip(kernel)
    d_padded = correlate(full, turned.swapaxes(0, 1))
    return Back(
        x=unpad(d_padded, padding),
        x_stages={
            "dL/dY": grad,
            "dilate(dL/dY, s)": spread,
            "pad(…, K − 1)": full,
            "flip(W)": turned,
            "… ⋆ flip(W)": d_padded,
            "unpad(…, p), dL/dX": unpad(d_padded, padding),
        },
        weight=d_weight,
        bias=grad.sum(axis=(0, 2, 3)),
        weight_stages={"pad(X, p)": padded, "dilate(dL/dY, s)": spread, "dL/dW": d_weight},
    )


@dataclass(frozen=True)
class Pooled:
    """What a max pool keeps: its values (N, C, H', W') and where in the padded image each of them stood."""

    y: Array
    rows: Array
    columns: Array


def maxpool(x: Array, kernel: int, stride: int, padding: int = 0) -> Pooled:
    """The largest value of each window; of equal ones the first in reading order, as torch has it."""
    windows = _pool_windows(x, kernel, stride, padding, -np.inf)
    best = windows.reshape(*windows.shape[:4], -1).argmax(axis=-1)
    rows = best // kernel + stride * np.arange(best.shape[2])[:, None]
    columns = best % kernel + stride * np.arange(best.shape[3])
    return Pooled(windows.max(axis=(-2, -1)), rows, columns)


def maxpool_mask(x: Array, pooled: Pooled, padding: int = 0) -> Array:
    """How many windows each value of x won, shape of x: 002's binary mask, counted where windows overlap."""
    return _scatter(x, pooled, np.ones_like(pooled.y), padding)


def maxpool_backward(x: Array, pooled: Pooled, grad: Array, padding: int = 0) -> Back:
    """(6): each gradient goes to the value that won its window."""
    d_x = _scatter(x, pooled, grad, padding)
    return Back(d_x, {"dL/dY": grad, "mask: windows won": maxpool_mask(x, pooled, padding), "dL/dX": d_x})


def avgpool(x: Array, kernel: int, stride: int, padding: int = 0) -> Array:
    """The mean of each window; zeros of the padding count, as torch has it."""
    return _pool_windows(x, kernel, stride, padding, 0.0).mean(axis=(-2, -1))


def avgpool_backward(x: Array, grad: Array, kernel: int, stride: int, padding: int = 0) -> Back:
    """(7): each gradient is dealt out in K² equal parts, which is a convolution's (5) with a kernel of 1/K²."""
    images, channels = x.shape[:2]
    flat = x.reshape(images * channels, 1, *x.shape[2:])
    each = np.full((1, 1, kernel, kernel), 1 / kernel**2)
    inner = conv_backward(flat, each, grad.reshape(images * channels, 1, *grad.shape[2:]), stride, padding)
    d_x = inner.x.reshape(x.shape)
    return Back(d_x, {"dL/dY": grad, "1/K²": each, "dL/dX, summed over windows": d_x})


def _pool_windows(x: Array, kernel: int, stride: int, padding: int, edge: float) -> Array:
    if 2 * padding > kernel:
        raise ExplorerError(f"the padding of the pool is {padding}: give at most half of its window, {kernel // 2}")
    fits(x, kernel, padding)
    return sliding_window_view(pad(x, padding, edge), (kernel, kernel), axis=(-2, -1))[:, :, ::stride, ::stride]


def _scatter(x: Array, pooled: Pooled, values: Array, padding: int) -> Array:
    """Add each value to the place its maximum came from."""
    wide = np.zeros_like(pad(x, padding), dtype=float)
    images, channels = np.ogrid[: x.shape[0], : x.shape[1]]
    np.add.at(wide, (images[..., None, None], channels[..., None, None], pooled.rows, pooled.columns), values)
    return unpad(wide, padding)
