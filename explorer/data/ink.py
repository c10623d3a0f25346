"""A drawing as a dataset of digits shows one: MNIST's are 20 pixels long inside 28, their centre of mass in the middle.

All of it is arithmetic of whole numbers, and components/pad/centre.js does the same: what the networks say while one
draws is what they say about the picture that is kept.
"""

import numpy as np
from PIL import Image

from explorer.errors import ExplorerError

INK = 128  # of 255: what is fainter is an edge, or was rubbed out


def centred(picture: Image.Image, size: int, box: int) -> Image.Image:
    """Light ink on black -> RGB of size x size, the ink's longer side `box` pixels."""
    grey = np.asarray(picture.convert("L"))
    rows, columns = np.nonzero(grey >= INK)
    if not len(rows):
        raise ExplorerError("there is no ink on the pad: draw something first")
    ink = grey[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    length = max(ink.shape)
    top, left = ((length - side) // 2 for side in ink.shape)
    square = np.zeros((length, length), np.uint8)
    square[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    small = np.asarray(Image.fromarray(square).resize((box, box), Image.Resampling.BICUBIC)).astype(np.int64)
    if not small.any():
        raise ExplorerError("there is too little ink on the pad: draw a longer or a wider stroke")
    top, left = (_shift(small.sum(axis=axis), size) for axis in (1, 0))
    out = np.zeros((size, size), np.uint8)
    out[top : top + box, left : left + box] = small
    return Image.fromarray(out).convert("RGB")


def _shift(masses: np.ndarray, size: int) -> int:
    """How far the box is moved along one side: its centre of mass to pixel size / 2, as near as it has room."""
    box, mass, moment = len(masses), int(masses.sum()), int(masses @ np.arange(len(masses)))
    return min(size - box, max(0, ((size + 1) * mass - 2 * moment) // (2 * mass)))
