"""Other ways to take the steps of a cable: what each does to a wave, and Perona and Malik's, which spares the edges.

The equation multiplies a wave by e^-z in the time τ, with z = τ·rate. A scheme multiplies it by g instead:

    explicit 1 - z        implicit 1/(1 + z)        Crank-Nicolson (1 - z/2)/(1 + z/2)

so all of them reach step n in closed form. Perona and Malik's couples two neighbours the less the more they differ, by
the conductance 1/(1 + (difference/K)²): it is not linear, has no waves, and is taken step by step.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from explorer import equation
from explorer.diffusion import waves
from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.diffusion.steps import COUNTED
from explorer.errors import ExplorerError

# what an edge sees beyond itself
PADDING: dict[str, str] = dict(zip(BOUNDARIES, ("replicate", "circular", "constant"), strict=True))
WORK = 3  # times what an explicit step costs
DIVISIONS = 2.0 ** np.arange(-4, 3)  # of the number of steps, for an order's curve


@dataclass(frozen=True)
class Scheme:
    name: str
    gain: Callable[[np.ndarray], np.ndarray]  # of z
    formula: str

    def after(self, cable: Cable, u: Tensor, n: int) -> Tensor:
        """The field (C, H, W) after n steps."""
        z = decay(cable, u.shape[-2:])
        return next(waves.powers(u, self.gain(z), [n], cable.boundary))


EXPLICIT = Scheme("explicit", lambda z: 1 - z, "1 − z")
IMPLICIT = Scheme("implicit", lambda z: 1 / (1 + z), "1/(1 + z)")
MIDDLE = Scheme("Crank-Nicolson", lambda z: (1 - z / 2) / (1 + z / 2), "(1 − z/2)/(1 + z/2)")
EXACT = Scheme("exact", lambda z: np.exp(-z), "e⁻ᶻ")
SCHEMES = (EXPLICIT, IMPLICIT, MIDDLE, EXACT)
STEPPED = SCHEMES[:3]  # those whose error depends on τ


def decay(cable: Cable, shape) -> np.ndarray:
    """z = τ·rate of every wave of the grid."""
    return 1 - cable.amplification(*waves.wave_numbers(shape, cable.boundary))


def verdict(scheme: Scheme, cable: Cable) -> str:
    """As `equation.verdict` says of explicit steps: "smooth", "ringing" or "divergent".

    An implicit value is a mean of its neighbours to come, whatever τ is. Crank and Nicolson take half a step of each
    kind: no |g| is above 1, and no new extremes are certain while the explicit half makes none.
    """
    if scheme is EXPLICIT:
        return cable.stability().verdict
    if scheme is MIDDLE:
        half = equation.smooth_bound(*cable.law) / 2
        return "smooth" if equation.within(half, equation.SMOOTH_BOUND) else "ringing"
    return "smooth"


@dataclass(frozen=True)
class Order:
    """How far a scheme is from the exact solution at one time, by the length of its steps."""

    scheme: Scheme
    tau: np.ndarray  # (T,) ascending
    error: np.ndarray  # (T,) root mean square

    @property
    def read(self) -> float | None:
        """The slope at the shortest steps: half the step makes the error 2^order times smaller. None where there is no
        error left, or where shorter steps make it larger: these diverge still."""
        first, second = self.error[:2]
        if not 1e-13 < first < second < np.inf:
            return None
        return float(np.log(second / first) / np.log(self.tau[1] / self.tau[0]))


def orders(cable: Cable, u: Tensor, n: int) -> list[Order]:
    """Errors at the time n·τ by steps from sixteen times as long to a quarter, wave by wave (Parseval)."""
    energy = waves.energies(u, cable.boundary) / u.numel()
    z = np.broadcast_to(decay(cable, u.shape[-2:]), energy.shape)
    held = energy > 1e-32 * energy.max(initial=0.0)  # below that it is rounding, not a wave of the image
    energy, z = energy[held], z[held]
    counts = np.unique(np.maximum(1, (n * DIVISIONS).round()))[::-1]
    found = []
    for scheme in STEPPED:
        with np.errstate(over="ignore", invalid="ignore"):
            error = [
                np.sqrt(np.sum(energy * (scheme.gain(z * n / count) ** count - np.exp(-n * z)) ** 2))
                for count in counts
            ]
        found.append(Order(scheme, cable.tau * n / counts, np.array(error)))
    return found


def most_steps(u: Tensor) -> int:
    """How many steps of Perona and Malik's are taken while one waits."""
    return max(1, COUNTED // (WORK * max(1, u.numel())))


def sparing_edges(cable: Cable, u: Tensor, n: int, k: float) -> Tensor:
    """n explicit steps of Perona and Malik's on (C, H, W): channels share one conductance, by the mean of their squared
    differences. With K far above all differences it is the cable's own scheme."""
    if not 0 < k < float("inf"):
        raise ExplorerError(f"K is {k:g}: give a number above 0")
    for _ in range(n):
        u = _sparing_step(cable, u, k)
    return u


def _sparing_step(cable: Cable, u: Tensor, k: float) -> Tensor:
    change = -cable.tau * u
    for axis, r, padding in ((-1, cable.r_x, (1, 1, 0, 0)), (-2, cable.r_y, (0, 0, 1, 1))):
        difference = F.pad(u[None], padding, PADDING[cable.boundary])[0].diff(dim=axis)
        conductance = 1 / (1 + (difference**2).mean(-3, keepdim=True) / k**2)
        change = change + r * (conductance * difference).diff(dim=axis)
    return u + change
