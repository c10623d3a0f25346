"""What a network takes for alike: its last features of many pictures, laid into a plane, and who is nearest to whom.

The plane is that of the two directions in which they differ most, so pictures that lie together in it may yet be far
apart: what is nearest is measured in all directions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist


@dataclass(frozen=True, eq=False)
class Plane:
    """The plane of the two directions in which features differ most."""

    middle: np.ndarray  # (D,)
    axes: np.ndarray  # (D, 2), of length 1 and at right angles; 0 where there is no second direction
    kept: float  # the share of the features' variance that lies in it

    @classmethod
    def of(cls, features: np.ndarray) -> "Plane":
        """Each axis points to where its largest part is positive, so that the same features give the same plane."""
        middle = features.mean(0)
        _, lengths, directions = np.linalg.svd(features.astype(np.float64) - middle, full_matrices=False)
        axes = np.zeros((features.shape[1], 2))
        there = min(2, int((lengths > 1e-9 * max(lengths[0], 1e-9)).sum()))
        for place, axis in enumerate(directions[:there]):
            axes[:, place] = axis * (1 if axis[np.abs(axis).argmax()] > 0 else -1)
        whole = float((lengths**2).sum())
        return cls(middle, axes, float((lengths[:2] ** 2).sum()) / whole if whole else 1.0)

    def at(self, features: np.ndarray) -> np.ndarray:
        """Where they lie in it, (N, 2)."""
        return (features - self.middle) @ self.axes


def nearest(features: np.ndarray, count: int) -> np.ndarray:
    """The `count` others that are nearest to each, the nearest first, (N, count)."""
    apart = cdist(features, features)
    np.fill_diagonal(apart, np.inf)
    return np.argsort(apart, axis=1, kind="stable")[:, :count]


def alike(neighbours: np.ndarray, labels: Sequence[int]) -> float:
    """The share of all nearest that show the same thing as the one whose nearest they are."""
    named = np.asarray(labels)
    return float((named[neighbours] == named[: len(neighbours), None]).mean())
