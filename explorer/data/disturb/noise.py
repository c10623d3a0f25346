"""Noise: Gaussian, and that of a counted number of photons."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Draw:
    """Chance that depends on the seed and on the number of the picture alone."""

    seed: int
    first: int  # number of the first picture

    def generators(self, count: int) -> Iterator[np.random.Generator]:
        return (np.random.default_rng((self.seed, self.first + place)) for place in range(count))


def gaussian(images: np.ndarray, level: float, draw: Draw) -> np.ndarray:
    shape = images.shape[1:]
    moved = np.stack([chance.standard_normal(shape, np.float32) for chance in draw.generators(len(images))])
    return images + np.float32(255 * level) * moved


def shot(images: np.ndarray, level: float, draw: Draw) -> np.ndarray:
    """Each number of the picture is a count of photons, of which white has 1 / level² on average."""
    photons = level**-2.0
    counted = zip(images, draw.generators(len(images)), strict=True)
    counts = np.stack([chance.poisson(picture * (photons / 255)) for picture, chance in counted])
    return (counts * (255 / photons)).astype(np.float32)
