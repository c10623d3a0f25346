"""The neuron itself: the cable equation along one dendrite with sealed ends, 0 <= x <= length.

    τ_m · ∂v/∂t = -v + λ_m² · ∂²v/∂x² + r_m · I_ext(x, t)

Explicit steps of dt on cells dx long: the scheme of the image, with α = λ_m² and τ = dt/τ_m, and a current.
A current I that stays on at one place of a long dendrite makes the profile r_m·I/(2·λ_m) · exp(-|x - place|/λ_m)
and charges its own place as erf(√(t/τ_m)).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.special import erfc

from explorer.errors import ExplorerError

MOST_UPDATES = 100_000_000  # cells times steps of one simulation: seconds, not minutes
MOST_STEPS = 200_000  # each is a few calls of numpy, however few the cells


@dataclass(frozen=True)
class Pulse:
    """A current of one strength into one place, on from `start` for `duration`."""

    place: float
    strength: float = 1.0
    start: float = 0.0
    duration: float = math.inf

    def __call__(self, x: np.ndarray, t: float) -> np.ndarray:
        current = np.zeros_like(x)
        if self.start <= t < self.start + self.duration:
            current[np.abs(x - self.place).argmin()] = self.strength / (x[1] - x[0])  # I(x) is per length
        return current


@dataclass(frozen=True)
class Recording:
    t: np.ndarray  # (T,)
    x: np.ndarray  # (X,) the cells' centres
    v: np.ndarray  # (T, X)

    def at(self, place: float) -> np.ndarray:
        return self.v[:, np.abs(self.x - place).argmin()]


@dataclass(frozen=True)
class Neuron:
    lambda_m: float = 1.0  # space constant: a steady potential falls by e in this length
    tau_m: float = 1.0  # time constant: a uniform membrane is charged but for 1/e after this time
    length: float = 10.0
    dx: float = 0.05
    dt: float = cast(float, None)  # None, until it has been made: the longest step that does not ring
    r_m: float = 1.0

    def __post_init__(self) -> None:
        for name in ("lambda_m", "tau_m", "length", "dx", "r_m"):
            _check(name, getattr(self, name))
        if not 2 * self.dx <= self.length:
            raise ExplorerError(f"dx is {self.dx:g}: give at most half the length, {self.length / 2:g}")
        if self.dt is None:
            object.__setattr__(self, "dt", self.tau_m / (1 + 2 * self._coupling))
        _check("dt", self.dt)
        longest = 2 * self.tau_m / (1 + 4 * self._coupling)
        if self.dt > longest * (1 + 1e-12):
            raise ExplorerError(f"dt is {self.dt:g}: give at most {longest:.3g}, above it the scheme diverges")

    @property
    def _coupling(self) -> float:
        return (self.lambda_m / self.dx) ** 2

    @property
    def x(self) -> np.ndarray:
        cells = round(self.length / self.dx)
        return (np.arange(cells) + 0.5) * self.dx

    def simulate(
        self, current: Callable[[np.ndarray, float], np.ndarray], duration: float, frames: int = 200
    ) -> Recording:
        """v(x, t) from rest under I_ext = current(x, t), kept at about `frames` evenly spaced times, the first at 0."""
        _check("duration", duration)
        x = self.x
        steps = math.ceil(duration / self.dt - 1e-9)
        if steps > MOST_STEPS or steps * len(x) > MOST_UPDATES:
            raise ExplorerError(
                f"duration is {duration:g}: that is {steps:,} steps of {len(x):,} cells; lower lambda_m or raise dx"
            )
        every = max(1, steps // max(1, frames))
        share = self.dt / self.tau_m
        v = np.zeros_like(x)
        outside = np.zeros(len(x) + 2)  # v with its ends repeated: sealed ends
        kept = [v.copy()]
        for n in range(1, steps + 1):
            outside[1:-1], outside[0], outside[-1] = v, v[0], v[-1]
            bent = outside[:-2] - 2 * v + outside[2:]
            v = v + share * (self._coupling * bent - v + self.r_m * current(x, (n - 1) * self.dt))
            if n % every == 0:
                kept.append(v)
        return Recording(np.arange(len(kept)) * every * self.dt, x, np.array(kept))

    def steady(self, x: np.ndarray, pulse: Pulse) -> np.ndarray:
        """What a dendrite without ends settles to while the pulse stays on."""
        return self.r_m * pulse.strength / (2 * self.lambda_m) * np.exp(-np.abs(x - pulse.place) / self.lambda_m)

    def charging(self, x: np.ndarray | float, t: np.ndarray, pulse: Pulse) -> np.ndarray:
        """v(x, t) of a dendrite without ends, before the pulse goes off; x and t broadcast."""
        waited = np.maximum(t - pulse.start, 1e-300) / self.tau_m
        away = np.abs(x - pulse.place) / self.lambda_m
        near, far = away / (2 * np.sqrt(waited)), np.sqrt(waited)
        with np.errstate(invalid="ignore", over="ignore"):  # far away e^X is inf where erfc is 0: their product is 0
            rising = np.nan_to_num(np.exp(away) * erfc(near + far))
        v = self.r_m * pulse.strength / (4 * self.lambda_m) * (np.exp(-away) * erfc(near - far) - rising)
        return np.where(t > pulse.start, v, 0.0)


def _check(name: str, value: float) -> None:
    if not (isinstance(value, (int, float)) and math.isfinite(value) and value > 0):
        raise ExplorerError(f"{name} is {value!r}: give a number above 0")
