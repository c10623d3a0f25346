"""A library of convolution kernels: what each is for, its numbers, and the kernel of one cable step.

Kernels are written for cross-correlation, as all convolution layers compute it: no flip. Those that are 3x3 by nature
stand in the middle of a larger kernel with zeros around them.
"""

from collections.abc import Callable, Sequence

import numpy as np

from explorer.diffusion.cable import Cable
from explorer.errors import ExplorerError

LARGEST = 15
Array = np.ndarray


def _identity(size: int) -> Array:
    kernel = np.zeros((size, size))
    kernel[(size - 1) // 2, (size - 1) // 2] = 1
    return kernel


def _gaussian(size: int) -> Array:
    """The binomial weights of this size, 1 2 1 for 3: what a Gaussian of variance (size - 1)/4 looks like in pixels."""
    row = np.ones(1)
    for _ in range(size - 1):
        row = np.convolve(row, [1, 1])
    return np.outer(row, row) / row.sum() ** 2


def _centred(small: Sequence[Sequence[float]]) -> Callable[[int], Array]:
    def kernel(size: int) -> Array:
        if size < 3:
            raise ExplorerError(f"the kernel size is {size}, too small for a 3×3 filter: choose 3 or more")
        whole, start = np.zeros((size, size)), (size - 3) // 2
        whole[start : start + 3, start : start + 3] = small
        return whole

    return kernel


FILTERS: dict[str, tuple[str, Callable[[int], Array]]] = {
    "identity": ("leaves the image as it is", _identity),
    "box": ("the mean of the window: blurs", lambda size: np.full((size, size), 1 / size**2)),
    "gaussian": ("a mean that weighs the centre most: blurs without boxes", _gaussian),
    "sobel-x": ("brighter to the right: vertical edges", _centred([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])),
    "sobel-y": ("brighter downwards: horizontal edges", _centred([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])),
    "laplacian": ("neighbours minus centre: edges of all directions", _centred([[0, 1, 0], [1, -4, 1], [0, 1, 0]])),
    "sharpen": ("the image minus its Laplacian: crisper edges", _centred([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])),
    "emboss": ("lit from the upper left: edges as relief", _centred([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])),
}


def cable(alpha: float, tau: float, h: float, size: int = 3) -> Array:
    """One step of the cable equation as a kernel."""
    return _centred(Cable(alpha, tau, h).kernel().tolist())(size)


def drawn(count: int, size: int, channels: int, seed: int) -> Array:
    """Random kernels (count, channels, size, size) with entries N(0, 1/fan-in), so that maps keep the image's range.

    The first of many are those of few: another filter leaves the ones before it alone.
    """
    draw = np.random.default_rng(seed)
    return draw.normal(0, (channels * size * size) ** -0.5, (count, channels, size, size))


def named(name: str, size: int) -> Array:
    """The kernel (size, size) called `name`."""
    if name not in FILTERS:
        raise ExplorerError(f"the filter {name!r:.40} is unknown: choose one of {', '.join(FILTERS)}")
    if not 1 <= size <= LARGEST:
        raise ExplorerError(f"the kernel size is {size}: choose 1 to {LARGEST}")
    return FILTERS[name][1](size)


def over(kernel: Array, channels: int) -> Array:
    """One kernel (F, F) for an image of several channels, (channels, F, F): it sees their mean."""
    return np.repeat(kernel[None] / channels, channels, axis=0)
