"""Test patterns by code: pictures whose diffusion is known beforehand.

An impulse becomes the scheme's own kernel; a cosine keeps its shape and shrinks by exactly g a step; the
checkerboard is the wave that rings first; an edge, stripes and rings blur; noise smooths.
"""

import numpy as np
from PIL import Image

from explorer.data.catalogue import unknown
from explorer.errors import ExplorerError

PATTERNS = {
    "impulse": "One bright pixel: after n steps it shows what n steps do to any pixel.",
    "edge": "Dark beside bright: the step blurs into an error function.",
    "stripes": "Sixteen vertical bars: sharp edges at one spacing.",
    "checkerboard": "Squares: fine detail in both directions.",
    "rings": "Circles: shows whether the two directions diffuse alike.",
    "cosine": "One wave: it keeps its shape and only shrinks.",
    "noise": "Every wave at once: the short ones die first.",
}
LARGEST = 2048


def pattern(name: str, size: int = 256, *, waves: int = 8, seed: int = 0) -> Image.Image:
    """The pattern as a grey RGB picture; `waves` is how many fit across (cosine, rings), `seed` is for noise."""
    if not isinstance(name, str) or name not in PATTERNS:
        raise unknown("pattern", name, PATTERNS)
    for argument, value, low, high in (
        ("size", size, 1, LARGEST),
        ("waves", waves, 0, LARGEST // 2),
        ("seed", seed, 0, 2**63),
    ):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
            raise ExplorerError(f"{argument} is {value!r:.60}: give a whole number from {low} to {high}")
    grey = np.clip(np.rint(255 * _values(name, size, waves, seed)), 0, 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB")


def _values(name: str, size: int, waves: int, seed: int) -> np.ndarray:
    """(size, size) numbers from 0 to 1."""
    at = np.arange(size)
    y, x = at[:, None], at[None, :]
    if name == "impulse":
        return ((y == size // 2) & (x == size // 2)).astype(float)
    if name == "edge":
        return np.broadcast_to(x >= size / 2, (size, size)).astype(float)
    if name == "stripes":
        return np.broadcast_to((x * 32 // size) % 2, (size, size)).astype(float)
    if name == "checkerboard":
        return ((x * 32 // size + y * 32 // size) % 2).astype(float)
    if name == "rings":
        middle = (size - 1) / 2
        radius = np.hypot(y - middle, x - middle)
        return 0.5 + 0.5 * np.cos(2 * np.pi * waves * radius / size)
    if name == "cosine":  # sampled at pixel centres: an eigenvector of insulated and of periodic edges alike
        return np.broadcast_to(0.5 + 0.5 * np.cos(2 * np.pi * waves * (x + 0.5) / size), (size, size))
    return np.random.default_rng(seed).integers(0, 256, (size, size)) / 255
