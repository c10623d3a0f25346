"""Where the numbers of an array (C, H, W) lie in memory, one after the other, in the two orders of 001.

channels first, C × H × W:   place of (k, i, j) = (k·H + i)·W + j
channels last,  H × W × C:   place of (k, i, j) = (i·W + j)·C + k
"""

import numpy as np

MOST, SIDE = 50, 3  # numbers that are drawn one by one; the maps, rows and columns of a piece of more


def cut(maps: np.ndarray, index: int, row: int, column: int) -> tuple[np.ndarray, tuple[int, int, int]]:
    """The piece of maps (C, H, W) that holds (index, row, column), and where it begins; small maps are whole.

    Pieces stand side by side, so that one does not move while a number is chosen in it.
    """
    if maps.size <= MOST:
        return maps, (0, 0, 0)
    first, top, left = (place - place % SIDE for place in (index, row, column))
    return maps[first : first + SIDE, top : top + SIDE, left : left + SIDE], (first, top, left)


def channels_last(shape: tuple[int, ...]) -> np.ndarray:
    """Which number of the order C × H × W comes at each place of the order H × W × C."""
    return np.arange(np.prod(shape)).reshape(shape).transpose(1, 2, 0).ravel()


def first_place(shape: tuple[int, ...], k: int, i: int, j: int) -> int:
    _, height, width = shape
    return (k * height + i) * width + j


def last_place(shape: tuple[int, ...], k: int, i: int, j: int) -> int:
    channels, _, width = shape
    return (i * width + j) * channels + k
