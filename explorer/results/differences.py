"""Differences between networks with what chance leaves open: intervals, corrections, equivalence; scipy's statistics.

Differences are in points (percent minus percent). Nothing is said from fewer than three pairs: a variance of two
numbers is itself left to chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

FEWEST, LEVEL, DRAWS = 3, 0.95, 10_000
ROUNDING = 1e-9  # points; what differs by less is the same


Numbers = Sequence[float] | np.ndarray


@dataclass(frozen=True)
class Difference:
    pairs: int  # or, without pairs, the degrees of freedom + 1 of the pooled variance
    mean: float
    low: float | None = None  # of the 95 % interval by Student's t
    high: float | None = None
    bootstrapped: tuple[float, float] | None = None
    p: float | None = None  # two-sided, of a difference this far from 0 by chance alone

    @property
    def sign(self) -> int:
        """1 or -1 where the interval lies on one side of 0, else 0."""
        if self.low is None or self.high is None:
            return 0
        return int(self.low > 0) - int(self.high < 0)

    def within(self, bound: float) -> bool:
        """Whether the interval lies between -bound and bound: equivalent, for who cares for no less than that."""
        return self.low is not None and self.high is not None and -bound < self.low and self.high < bound


def paired(first: Numbers, second: Numbers, seed: int = 0) -> Difference:
    """first minus second, pair by pair."""
    values = np.asarray(first, float) - np.asarray(second, float)
    mean = float(values.mean())
    if len(values) < FEWEST:
        return Difference(len(values), mean)
    if np.ptp(values) < ROUNDING:  # no variance: scipy has no interval for it
        return Difference(len(values), mean, mean, mean, (mean, mean), float(abs(mean) < ROUNDING))
    error = stats.sem(values)
    low, high = stats.t.interval(LEVEL, len(values) - 1, mean, error)
    drawn = stats.bootstrap(
        (values,), np.mean, n_resamples=DRAWS, confidence_level=LEVEL, rng=np.random.default_rng(seed)
    ).confidence_interval
    between = float(drawn.low), float(drawn.high)
    p = 2 * stats.t.sf(abs(mean) / error, len(values) - 1)
    return Difference(len(values), mean, float(low), float(high), between, float(p))


def pooled(first: Numbers, second: Numbers, groups: Sequence[Numbers]) -> Difference:
    """Mean of first minus mean of second where nothing pairs them; the variance is that within all the groups."""
    freedom = sum(len(group) - 1 for group in groups)
    mean = float(np.mean(first) - np.mean(second))
    if freedom + 1 < FEWEST:
        return Difference(freedom + 1, mean)
    variance = sum(float(np.var(group)) * len(group) for group in groups) / freedom
    error = (variance * (1 / len(first) + 1 / len(second))) ** 0.5
    if error < ROUNDING:
        return Difference(freedom + 1, mean, mean, mean, None, float(abs(mean) < ROUNDING))
    low, high = stats.t.interval(LEVEL, freedom, mean, error)
    return Difference(
        freedom + 1, mean, float(low), float(high), None, float(2 * stats.t.sf(abs(mean) / error, freedom))
    )


def holm(values: Numbers) -> list[float]:
    """Holm's corrected p-values of a family: the k-th smallest of n times n - k + 1, never falling, at most 1."""
    order = np.argsort(values, kind="stable")
    steps = np.asarray(values, float)[order] * np.arange(len(values), 0, -1)
    corrected = np.empty(len(values))
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return corrected.tolist()


def mcnemar(first_right: np.ndarray, second_right: np.ndarray) -> tuple[int, int, float]:
    """Images that only the first gets right, that only the second does, and the exact two-sided p-value."""
    only_first = int((first_right & ~second_right).sum())
    only_second = int((second_right & ~first_right).sum())
    both = only_first + only_second
    return only_first, only_second, float(stats.binomtest(only_first, both).pvalue) if both else 1.0
