"""The picture that the harness apps draw and the tests compute with."""

import numpy as np


def blobs(channels: int, size: int, *, square: bool = False) -> np.ndarray:
    """Smooth blobs with some noise, in [0, 1], wider than high so that rows and columns cannot be mistaken."""
    y, x = np.mgrid[0 : size if square else size * 3 // 4, 0:size] / size
    noise = np.random.default_rng(0).uniform(0, 0.2, (channels, *y.shape))
    waves = [0.4 + 0.4 * np.sin(9 * x + 2 * c) * np.cos(7 * y - c) for c in range(channels)]
    return (np.stack(waves) + noise).astype(np.float32)


def kernel(channels: int, extent: int) -> np.ndarray:
    """Weights (channels, extent, extent) around 0."""
    return np.random.default_rng(1).normal(0, 0.5, (channels, extent, extent))
