"""Fields after chosen steps, on the way that is quicker, and the span of their values."""

import sys
from collections.abc import Iterator, Sequence

import numpy as np
from torch import Tensor

from explorer.diffusion.cable import Cable

MOST_STEPS = 10**9
STRIP = 8  # frames in the strip
COUNTED = 30_000_000  # pixel updates that are still done one step after the other


def strip_steps(n: int, count: int = STRIP) -> list[int]:
    """Up to `count` steps from 0 to n, closer together at the start, where most happens."""
    return sorted({round(n * (i / (count - 1)) ** 2) for i in range(count)})


def way(u: Tensor, n: int) -> str:
    """How to reach step n: one step after the other while that is quick, else in closed form."""
    return "explicit steps" if n * u.numel() <= COUNTED else "closed form"


def after(cable: Cable, u: Tensor, n: int) -> Tensor:
    """The field after n steps."""
    return cable.run(u, n) if way(u, n) == "explicit steps" else cable.jump(u, n)


def fields(cable: Cable, u: Tensor, steps: Sequence[int]) -> Iterator[Tensor]:
    """The fields after each of the ascending `steps`, on the same way."""
    if way(u, steps[-1]) == "closed form":
        yield from cable.jumps(u, steps)
        return
    done = 0
    for n in steps:
        u, done = cable.run(u, n - done), n
        yield u


def span(field: np.ndarray) -> tuple[float, float]:
    """The smallest and largest finite value; (0, 0) where there is none."""
    finite = field[np.isfinite(field)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def shares(field: np.ndarray, low: float, high: float) -> np.ndarray:
    """Where values stand between low (0) and high (1), clipped; also for ±inf and the widest spans."""
    if not high > low:
        return np.full(field.shape, 0.5)
    place = np.clip(field, -sys.float_info.max, sys.float_info.max) / 2
    return np.clip((place - low / 2) / (high / 2 - low / 2), 0, 1)
