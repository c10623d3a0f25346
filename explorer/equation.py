"""The law of one step, of which a Cable, a layer's pair of channels and a disturbed image are cases.

    u' = (1-τ)·u + r_x·(left - 2u + right) + r_y·(up - 2u + down)

A wave (k_x, k_y) is multiplied by g = 1 - τ - 4·r_x·sin²(k_x/2) - 4·r_y·sin²(k_y/2). So the scheme is bounded for every
image exactly when τ + 4(r_x + r_y) ≤ 2, and makes no new extremes when τ + 2(r_x + r_y) ≤ 1.

Functions of numbers and arrays that broadcast; those without NumPy in them take tensors as well.
"""

import math

import numpy as np

BOUND, SMOOTH_BOUND = 2.0, 1.0  # of τ + 4(r_x + r_y) and of τ + 2(r_x + r_y)
# What lies on a bound comes out beside it, by up to 4 units in the last place of the numbers it is made of: both a
# float64 α from `largest_alpha` and a float32 layer's Φ after its way through log Φ² and back.
ROUNDING = 16


def rate(alpha, tau, h=1.0):
    """r of a direction whose pixels lie h apart."""
    return alpha / h * tau / h


def centre(tau, r_x, r_y):
    """What a pixel keeps of itself."""
    return 1 - tau - 2 * r_x - 2 * r_y


def kernel(tau, r_x, r_y) -> np.ndarray:
    """The step as 3x3 kernels (..., 3, 3); rows are y, columns are x."""
    tau, r_x, r_y = np.broadcast_arrays(tau, r_x, r_y)
    weights = np.zeros((*tau.shape, 3, 3))
    weights[..., 1, 1] = centre(tau, r_x, r_y)
    weights[..., 1, 0] = weights[..., 1, 2] = r_x
    weights[..., 0, 1] = weights[..., 2, 1] = r_y
    return weights


def gain(tau, r_x, r_y, k_x, k_y):
    """g of the wave (k_x, k_y), radians a pixel."""
    return 1 - tau - 4 * r_x * np.sin(k_x / 2) ** 2 - 4 * r_y * np.sin(k_y / 2) ** 2


def norm(tau, r_x, r_y):
    """The largest magnitude grows by at most this factor a step."""
    return abs(centre(tau, r_x, r_y)) + 2 * r_x + 2 * r_y


def bound(tau, r_x, r_y):
    """Above 2 some image grows without end."""
    return tau + 4 * (r_x + r_y)


def smooth_bound(tau, r_x, r_y):
    """Above 1 some image rings."""
    return tau + 2 * (r_x + r_y)


def turns_over(tau, r_x, r_y):
    """Whether some wave changes its sign with every step: the finest checkerboard first, g = 1 - bound."""
    return bound(tau, r_x, r_y) > 1


def growth(tau, r_x, r_y):
    """The largest |g| of any wave: of flat areas, or of the finest checkerboard, approached as the grid grows."""
    return np.maximum(np.abs(1 - tau), np.abs(1 - bound(tau, r_x, r_y)))


def within(value: float, limit: float, precision: float = np.finfo(float).eps) -> bool:
    """Whether a value made of numbers of this precision keeps to its limit."""
    return bool(value <= limit + ROUNDING * precision)


def verdict(tau: float, r_x: float, r_y: float, precision: float = np.finfo(float).eps) -> str:
    """ "smooth": no new extremes; "ringing": bounded, but it overshoots; "divergent"."""
    if not within(bound(tau, r_x, r_y), BOUND, precision):
        return "divergent"
    return "smooth" if within(smooth_bound(tau, r_x, r_y), SMOOTH_BOUND, precision) else "ringing"


def largest_alpha(tau: float, h_x: float = 1.0, h_y: float = 1.0) -> float | None:
    """The largest stable α; None when τ alone is too large."""
    return _alpha(BOUND - tau, 4, tau, h_x, h_y)


def largest_smooth_alpha(tau: float, h_x: float = 1.0, h_y: float = 1.0) -> float | None:
    return _alpha(SMOOTH_BOUND - tau, 2, tau, h_x, h_y)


def _alpha(room: float, weight: int, tau: float, h_x: float, h_y: float) -> float | None:
    r_of_one = rate(1.0, tau, h_x) + rate(1.0, tau, h_y)
    if room < 0:
        return None
    return room / (weight * r_of_one) if r_of_one > 0 else math.inf
