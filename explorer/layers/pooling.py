"""Pooling on maps (C, H, W): values, winners, and what moving the image by a pixel changes (003, section 5)."""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers import byhand

Array = np.ndarray
FIGURE_8 = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], dtype=float)  # 003


@dataclass(frozen=True)
class Pool:
    kind: str  # "max" or "average"
    size: int = 2
    stride: int = 2
    padding: int = 0

    def __call__(self, maps: Array) -> Array:
        """(C, H, W) -> (C, H', W')."""
        if self.kind == "max":
            return byhand.maxpool(maps[None], self.size, self.stride, self.padding).y[0]
        if self.kind == "average":
            return byhand.avgpool(maps[None], self.size, self.stride, self.padding)[0]
        raise ExplorerError(f"the kind of pooling is {self.kind!r:.40}: choose max or average")

    def won(self, maps: Array) -> Array:
        """How many windows each value won, (C, H, W); an average has no winners."""
        if self.kind != "max":
            return np.zeros(maps.shape)
        pooled = byhand.maxpool(maps[None], self.size, self.stride, self.padding)
        return byhand.maxpool_mask(maps[None], pooled, self.padding)[0]

    def box(self, row: int, column: int, height: int, width: int) -> tuple[int, int, int, int]:
        """The window of output (row, column) on a map of this size: row, column, height, width, cut at the edges."""
        top, left = row * self.stride - self.padding, column * self.stride - self.padding
        first = max(top, 0), max(left, 0)
        return (*first, min(top + self.size, height) - first[0], min(left + self.size, width) - first[1])


def moved(image: Array, down: int, right: int) -> Array:
    """The image (C, H, W) moved by whole pixels; edge pixels are repeated where nothing comes in."""
    rows = np.clip(np.arange(image.shape[-2]) - down, 0, image.shape[-2] - 1)
    columns = np.clip(np.arange(image.shape[-1]) - right, 0, image.shape[-1] - 1)
    return image[:, rows][:, :, columns]


@dataclass(frozen=True)
class Change:
    """What is different between two arrays of one shape."""

    unchanged: float  # share of values that are the same, 0 to 1
    relative: float  # mean |difference| over mean |value|


def change(before: Array, after: Array) -> Change:
    """Values closer than a billionth of the largest count as the same."""
    apart, largest = np.abs(after - before), np.abs(before).max(initial=0)
    mean = np.abs(before).mean()
    return Change(float((apart <= 1e-9 * largest).mean()), float(apart.mean() / mean) if mean > 0 else 0.0)
