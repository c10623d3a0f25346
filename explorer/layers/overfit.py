"""A curve that fits beside one that overfits: 003's figure 2, polynomials through a few noisy points of a parabola.

The penalty is 003's (18) on the coefficients, |A·c - y|² + λ·n·|c|², which are those of Legendre polynomials.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial import legendre

from explorer.errors import ExplorerError

Array = np.ndarray
NOISE, UNSEEN = 0.15, 400  # deviation of the noise; points that no curve was fitted to
REACH = 1.0  # points lie between -1 and 1


def parabola(x: Array) -> Array:
    return 0.9 - 1.6 * x**2


def points(count: int, seed: int) -> tuple[Array, Array]:
    """x in order, evenly but for a little, and y with noise."""
    if count < 2:
        raise ExplorerError(f"{count} points are too few: give 2 or more")
    draw = np.random.default_rng(seed)
    x = np.clip(np.linspace(-REACH, REACH, count) + draw.uniform(-0.9, 0.9, count) / count, -REACH, REACH)
    return x, parabola(x) + draw.normal(0, NOISE, count)


@dataclass(frozen=True)
class Fit:
    """The polynomial of one degree nearest to the points."""

    x: Array
    y: Array
    degree: int
    penalty: float = 0.0  # λ

    @cached_property
    def coefficients(self) -> Array:
        basis, weight = legendre.legvander(self.x, self.degree), np.sqrt(self.penalty * len(self.x))
        rows = np.vstack([basis, weight * np.eye(self.degree + 1)])
        return np.linalg.lstsq(rows, np.concatenate([self.y, np.zeros(self.degree + 1)]), rcond=None)[0]

    def __call__(self, x: Array) -> Array:
        return legendre.legval(x, self.coefficients)

    @property
    def error(self) -> float:
        """Root mean square, on the points it was fitted to."""
        return float(np.sqrt(np.mean((self(self.x) - self.y) ** 2)))

    @property
    def unseen(self) -> float:
        """The same on new points with the same noise, in the mean over all that there may be."""
        x = np.linspace(-REACH, REACH, UNSEEN)
        return float(np.sqrt(np.mean((self(x) - parabola(x)) ** 2) + NOISE**2))
