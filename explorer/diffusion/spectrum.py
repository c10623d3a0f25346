"""How the scheme treats waves: its amplification factor, and its distance from the equation it approximates.

A step multiplies the wave (k_x, k_y) by g = 1 - τ·q; continuous time would multiply it by e^(-τ·q). Over the same
time t = n·τ the distance shrinks in proportion to τ: the scheme is of first order.
"""

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from explorer.diffusion import waves
from explorer.diffusion.cable import Cable

POINTS = 16  # of an error curve


@dataclass(frozen=True)
class GainCurves:
    k: np.ndarray  # (K,) radians a pixel, 0 to π
    x: np.ndarray  # g along x
    y: np.ndarray
    diagonal: np.ndarray


def curves(cable: Cable, points: int = 101) -> GainCurves:
    k = np.linspace(0, np.pi, points)
    g = cable.amplification
    return GainCurves(k, g(k, 0.0), g(0.0, k), g(k, k))


def surface(cable: Cable, points: int = 41) -> tuple[np.ndarray, np.ndarray]:
    """k (K,), from -π to π, and g (K, K): rows k_y, columns k_x."""
    k = np.linspace(-np.pi, np.pi, points)
    return k, cable.amplification(k[None, :], k[:, None])


@dataclass(frozen=True)
class ErrorCurve:
    tau: float
    steps: np.ndarray  # (T,) of this τ
    time: np.ndarray  # (T,)
    error: np.ndarray  # (T,) root mean square distance to the exact solution


def error_curves(cable: Cable, u: Tensor, n: int) -> list[ErrorCurve]:
    """For τ, τ/2 and τ/4 over the same time n·τ; distances are taken wave by wave (Parseval), not pixel by pixel."""
    energy = waves.energies(u, cable.boundary) / u.numel()
    g = cable.amplification(*waves.wave_numbers(u.shape[-2:], cable.boundary))
    coarse = np.unique(np.linspace(0, n, min(n, POINTS) + 1).round())[1:]
    held = energy > 1e-32 * energy.max(initial=0.0)  # below that it is rounding, not a wave of the image
    energy, g = energy[held], np.broadcast_to(g, held.shape)[held]
    found = []
    for division in (1, 2, 4):
        finer = 1 + (g - 1) / division  # the same wave at τ/division
        steps = coarse * division
        with np.errstate(over="ignore", invalid="ignore"):
            error = [np.sqrt(np.sum(energy * (finer**m - np.exp((g - 1) * m / division)) ** 2)) for m in steps]
        tau = cable.tau / division
        found.append(ErrorCurve(tau, steps, steps * tau, np.array(error)))
    return found
