"""What the Diffusion page shows beside the player: presets, numbers at a glance, chosen steps, and the laws checked.

After n steps the mean is (1-τ)ⁿ times the first mean (insulated and periodic edges); a smooth scheme stays between
(1-τ)ⁿ·min and (1-τ)ⁿ·max; and no scheme grows the root mean square faster than its largest |g| a step.
"""

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from explorer.diffusion.cable import Cable
from explorer.render import number

MOST_STEPS = 100_000
STRIP = 8  # frames in the strip
COUNTED = 30_000_000  # pixel updates that are still done one step after the other


@dataclass(frozen=True)
class Preset:
    title: str
    look: str  # what to do and what to see
    alpha: float
    tau: float
    h_x: float = 1.0
    h_y: float = 1.0


PRESETS = {
    "gentle": Preset("Gentle blur", "Edges soften first; the image fades to half in 69 steps.", 10.0, 0.01),
    "strong": Preset("Strong blur", "Twice the r and a fifth of the leak: only large shapes survive.", 100.0, 0.002),
    "decay": Preset("Only decay", "Without neighbours every pixel fades on its own, by 1 − τ a step.", 0.0, 0.05),
    "horizontal": Preset(
        "Only horizontal", "Rows are far apart, so colour runs sideways only.", 10.0, 0.03, 1.0, 1000.0
    ),
    "edge": Preset("On the edge of stability", "The finest checkerboard neither grows nor dies.", 2.375, 0.1),
    "ringing": Preset("Ringing", "The image fades, its finest checkerboard flickers on; still bounded.", 2.33, 0.1),
    "explosion": Preset("Explosion", "A step too large: the checkerboard grows by 18 % a step.", 2.6, 0.1),
}


def half_life(cable: Cable) -> float:
    """Steps until the mean has halved; infinite where it does not shrink."""
    kept = abs(1 - cable.tau)
    if kept == 0:
        return 1.0
    return math.log(0.5) / math.log(kept) if kept < 1 else math.inf


def lengths(cable: Cable) -> tuple[float, float]:
    """The length constant √α/h in pixels, along x and along y."""
    return math.sqrt(cable.alpha) / cable.h_x, math.sqrt(cable.alpha) / cable.h_y


def largest_stable_alpha(cable: Cable) -> float | None:
    """Rounded down to five digits, so that it can be read, typed and is still stable; None where no α limits it."""
    alpha = cable.stability().largest_alpha
    if alpha is None or not math.isfinite(alpha) or alpha == 0:
        return None
    unit = 10.0 ** (math.floor(math.log10(alpha)) - 4)
    below = float(f"{math.floor(alpha / unit) * unit:.5g}")
    return float(f"{below + unit:.5g}") if below + unit <= alpha * (1 + 1e-12) else below


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


@dataclass(frozen=True)
class Check:
    law: str
    promised: str
    measured: str
    state: Literal["holds", "broken", "unknown", "silent"]  # silent: the law promises nothing here
    words: str


def proof(cable: Cable, u: Tensor, un: Tensor, n: int) -> list[Check]:
    """The laws at step n, measured on u (step 0) and un (step n), both float64."""
    if not bool(un.isfinite().all()):
        lost = "The values passed the largest float: nothing is left to measure."
        return [Check(law, "–", "∞", "unknown", lost) for law in ("Mean", "Minimum and maximum", "Growth")]
    return [_mean(cable, u, un, n), _extremes(cable, u, un, n), _growth(cable, u, un, n)]


def _mean(cable: Cable, u: Tensor, un: Tensor, n: int) -> Check:
    promised, measured = _power(1 - cable.tau, n) * u.mean().item(), un.mean().item()
    texts = ("Mean", number(promised, 6), number(measured, 6))
    if cable.boundary == "zero":
        return Check(*texts, "silent", "Zero edges drain: the mean falls faster than (1−τ)ⁿ alone.")
    if not math.isfinite(measured):
        return Check(*texts, "unknown", "The sum of the values passed the largest float.")
    rounding = 1e-10 * un.abs().max().item() + 1e-300
    if abs(measured - promised) <= 1e-9 * abs(promised) + 1e-300:
        apart = number(abs(measured - promised), 2)
        return Check(*texts, "holds", f"They differ by {apart}: only the leak changes the mean.")
    if abs(measured - promised) <= rounding:
        return Check(*texts, "unknown", "The difference is within the rounding of values this large beside it.")
    return Check(*texts, "broken", f"Off by {number(measured - promised)}.")


def _extremes(cable: Cable, u: Tensor, un: Tensor, n: int) -> Check:
    low, high = (value.item() for value in torch.aminmax(u))
    if cable.boundary == "zero":
        low, high = min(low, 0.0), max(high, 0.0)  # zero is a value that the edges see
    smooth = cable.stability().verdict == "smooth"
    kept = _power(abs(1 - cable.tau), n)
    if cable.tau > 1:  # every step turns the signs round
        low, high = -max(abs(low), abs(high)), max(abs(low), abs(high))
    low, high = kept * low, kept * high
    lowest, highest = (value.item() for value in torch.aminmax(un))
    slack = 1e-9 * max(abs(low), abs(high)) + 1e-300
    inside = low - slack <= lowest and highest <= high + slack
    texts = ("Minimum and maximum", f"{number(low)} … {number(high)}", f"{number(lowest)} … {number(highest)}")
    if inside:
        words = "No new extremes." if smooth else "Kept here, but promised only up to τ + 2(r_x + r_y) = 1."
        return Check(*texts, "holds" if smooth else "silent", words)
    over = max(low - lowest, highest - high)
    why = "as it must not" if smooth else "as it may: τ + 2(r_x + r_y) is above 1"
    return Check(*texts, "broken", f"Passed by {number(over)}, {why}.")


def _growth(cable: Cable, u: Tensor, un: Tensor, n: int) -> Check:
    start = u.square().mean().sqrt().item()
    promised = start * _power(cable.stability().growth, n)
    scale = un.abs().max().item() or 1.0
    measured = scale * (un / scale).square().mean().sqrt().item()  # squares of large values would overflow
    texts = ("Root mean square", f"at most {number(promised)}", number(measured))
    if measured <= promised * (1 + 1e-9) + 1e-300:
        return Check(*texts, "holds", f"No wave grows by more than |g| = {number(cable.stability().growth, 4)} a step.")
    return Check(*texts, "broken", f"Above it by {number(measured - promised)}.")


def _power(base: float, n: int) -> float:
    """baseⁿ, at most the largest float, so that 0 times it is 0."""
    with np.errstate(over="ignore"):
        return float(np.clip(np.float64(base) ** n, -sys.float_info.max, sys.float_info.max))


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
