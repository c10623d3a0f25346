"""The explicit scheme of the cable equation on an image, u_t = αΔu - u, in steps τ long.

    u' = (1-τ)·u + r_x·(left - 2u + right) + r_y·(up - 2u + down)         r_x = 1/Φ² = α·τ/h_x²
                                                                          r_y = 1/Ψ² = α·τ/h_y²

It is linear and shift-invariant, so a wave is only multiplied (explorer/equation.py says by what g), and n steps are
one multiplication by gⁿ in the basis that the edges allow.
"""

import math
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor

from explorer import equation
from explorer.diffusion import waves
from explorer.diffusion.neuron import Neuron, Pulse
from explorer.diffusion.stepper import Stepper
from explorer.errors import ExplorerError

__all__ = ["BOUNDARIES", "Cable", "Neuron", "Pulse", "Stability"]

BOUNDARIES = ("insulated", "periodic", "zero")  # edge pixel repeated; wrapped round; zero outside
LARGEST = 1e30  # of r_x, r_y and τ: far above it a float32 coefficient would overflow
MOST_STEPS = 10**15  # of one jump: g^n of a float64 g means nothing beyond


@dataclass(frozen=True)
class Stability:
    verdict: str  # "smooth": no new extremes; "ringing": bounded, but overshoots; "divergent"
    growth: float  # the largest |g| over all waves, approached as the grid grows
    bound: float  # τ + 4(r_x + r_y): above 2 some image grows without end
    smooth_bound: float  # τ + 2(r_x + r_y): above 1 some image rings
    largest_alpha: float | None  # the largest stable α at this τ, h_x, h_y; None when τ alone is too large
    largest_smooth_alpha: float | None


@dataclass(frozen=True)
class Cable:
    alpha: float  # how strongly neighbours are coupled
    tau: float  # the length of a time step, and the share of a value that leaks away in it
    h_x: float = 1.0  # distance between columns
    h_y: float = cast(float, None)  # distance between rows; None, until it has been made: the same
    boundary: str = "insulated"

    def __post_init__(self) -> None:
        h_y = self.h_x if self.h_y is None else self.h_y
        for name, value in (("alpha", self.alpha), ("tau", self.tau), ("h_x", self.h_x), ("h_y", h_y)):
            object.__setattr__(self, name, _number(name, value, above_zero=name.startswith("h_")))
        if self.boundary not in BOUNDARIES:
            raise ExplorerError(f"boundary is {self.boundary!r:.60}: choose one of {', '.join(BOUNDARIES)}")
        if self.tau > LARGEST:
            raise ExplorerError(f"tau is {self.tau:g}: give at most {LARGEST:g}")
        if not max(self.r_x, self.r_y) <= LARGEST:
            raise ExplorerError(f"alpha is {self.alpha:g}: lower it, or raise h, until alpha·tau/h² < {LARGEST:g}")

    @property
    def r_x(self) -> float:
        return equation.rate(self.alpha, self.tau, self.h_x)

    @property
    def r_y(self) -> float:
        return equation.rate(self.alpha, self.tau, self.h_y)

    @property
    def law(self) -> tuple[float, float, float]:
        """τ, r_x and r_y: what the functions of explorer/equation.py ask."""
        return self.tau, self.r_x, self.r_y

    @property
    def phi(self) -> float:
        return 1 / math.sqrt(self.r_x) if self.r_x > 0 else math.inf

    @property
    def psi(self) -> float:
        return 1 / math.sqrt(self.r_y) if self.r_y > 0 else math.inf

    @property
    def centre(self) -> float:
        return equation.centre(*self.law)

    def kernel(self) -> Tensor:
        """The step as a 3x3 kernel, float64; rows are y, columns are x."""
        return torch.from_numpy(equation.kernel(*self.law))

    def amplification(self, k_x, k_y):
        """g of the wave (k_x, k_y), radians a pixel; numbers or arrays that broadcast."""
        return equation.gain(*self.law, k_x, k_y)

    def stability(self) -> Stability:
        return Stability(
            equation.verdict(*self.law),
            growth=float(equation.growth(*self.law)),
            bound=equation.bound(*self.law),
            smooth_bound=equation.smooth_bound(*self.law),
            largest_alpha=equation.largest_alpha(self.tau, self.h_x, self.h_y),
            largest_smooth_alpha=equation.largest_smooth_alpha(self.tau, self.h_x, self.h_y),
        )

    def step(self, u: Tensor) -> Tensor:
        """One explicit step on (..., H, W)."""
        return self.run(u, 1)

    def run(self, u: Tensor, n: int) -> Tensor:
        """n explicit steps on (..., H, W) in its own dtype and device; what overflows becomes ±inf, never NaN."""
        n = _steps(n)
        _check_field(u)
        return Stepper(u, *self.law, self.boundary).run(n)

    def jump(self, u: Tensor, n: int) -> Tensor:
        """The same n steps in closed form: every wave times gⁿ."""
        return next(self.jumps(u, [n]))

    def jumps(self, u: Tensor, steps: Sequence[int]) -> Iterator[Tensor]:
        """The fields after each of `steps`, one by one, for the price of one forward transform."""
        steps = [_steps(n) for n in steps]
        _check_field(u)
        g = self.amplification(*waves.wave_numbers(u.shape[-2:], self.boundary))
        return waves.powers(u, g, steps, self.boundary)

    def exact(self, u: Tensor, n: int) -> Tensor:
        """The same grid in continuous time at t = n·τ: what the scheme approaches as τ shrinks."""
        n = _steps(n)
        _check_field(u)
        k_x, k_y = waves.wave_numbers(u.shape[-2:], self.boundary)
        decay = np.exp(self.amplification(k_x, k_y) - 1)  # e^(-τ·rate), since g = 1 - τ·rate
        return next(waves.powers(u, decay, [n], self.boundary))


def _number(name: str, value, above_zero: bool) -> float:
    wanted = "a number above 0" if above_zero else "a number of 0 or more"
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ExplorerError(f"{name} is {value!r:.60}: give {wanted}") from None
    if not math.isfinite(number) or number < 0 or (above_zero and number == 0):
        raise ExplorerError(f"{name} is {number:g}: give {wanted}")
    return number


def _steps(n) -> int:
    try:
        count = operator.index(n)
    except TypeError:
        raise ExplorerError(f"n is {n!r:.60}: give a whole number of steps, 0 or more") from None
    if not 0 <= count <= MOST_STEPS:
        raise ExplorerError(f"n is {n!r:.60}: give a whole number of steps, 0 or more and at most {MOST_STEPS:,}")
    return count


def _check_field(u) -> None:
    if not isinstance(u, Tensor):
        raise ExplorerError(f"u is a {type(u).__name__}: give a torch tensor (..., H, W)")
    if u.dtype not in (torch.float32, torch.float64):
        raise ExplorerError(f"u has dtype {u.dtype}: convert it to float32 or float64, for instance by u.float() / 255")
    if u.ndim < 2 or 0 in u.shape[-2:]:
        raise ExplorerError(f"u has shape {tuple(u.shape)}: give (..., H, W) with at least one pixel")
    if u.isnan().any():
        raise ExplorerError("u holds NaN: replace it by numbers first")
