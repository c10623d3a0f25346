"""What is known of a scheme before its first step, and its laws checked on the fields that it reaches.

After n steps the mean is (1-τ)ⁿ times the first mean (insulated and periodic edges); a smooth scheme stays between
(1-τ)ⁿ·min and (1-τ)ⁿ·max; and no scheme grows the root mean square faster than its largest |g| a step.
"""

import math
import sys
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from explorer.diffusion.cable import Cable
from explorer.render import number


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
    if abs(measured - promised) <= _tolerance(n) * abs(promised) + 1e-300:
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
    slack = _tolerance(n) * max(abs(low), abs(high)) + 1e-300
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
    if measured <= promised * (1 + _tolerance(n)) + 1e-300:
        return Check(*texts, "holds", f"No wave grows by more than |g| = {number(cable.stability().growth, 4)} a step.")
    return Check(*texts, "broken", f"Above it by {number(measured - promised)}.")


def _tolerance(n: int) -> float:
    """By how much n steps may differ, relatively: where g is off by its last bit, gⁿ is by n of them."""
    return max(1e-9, 4 * n * sys.float_info.epsilon)


def _power(base: float, n: int) -> float:
    """baseⁿ, at most the largest float, so that 0 times it is 0."""
    with np.errstate(over="ignore"):
        return float(np.clip(np.float64(base) ** n, -sys.float_info.max, sys.float_info.max))
