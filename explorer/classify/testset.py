"""What predictions on a whole test set tell: which images lie in a confusion cell, calibration, where models disagree.

A model is calibrated when, of all images on which it is 80 % sure, 80 % are right.
"""

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.networks.evaluation import Evaluation


@dataclass(frozen=True)
class Calibration:
    edges: np.ndarray  # (bins + 1,)
    counts: np.ndarray  # images a bin
    confidence: np.ndarray  # mean, nan in an empty bin
    accuracy: np.ndarray  # share right, nan in an empty bin
    error: float  # expected calibration error: |confidence - accuracy|, weighted by the counts


def calibration(result: Evaluation, bins: int = 10) -> Calibration:
    """Confidence against accuracy in equal bins of confidence from 0 to 1."""
    sure = result.probabilities.astype(np.float64).max(1)
    right = result.predictions == result.labels
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        confidence = np.bincount(place, sure, bins) / counts
        accuracy = np.bincount(place, right, bins) / counts
    filled = counts > 0
    error = float((counts * np.abs(confidence - accuracy))[filled].sum() / counts.sum())
    return Calibration(edges, counts, confidence, accuracy, error)


def cell(result: Evaluation, true: int, said: int) -> np.ndarray:
    """Numbers of the test images of class `true` that were taken for `said`, the surest mistake first."""
    found = np.flatnonzero((result.labels == true) & (result.predictions == said))
    return found[np.argsort(-result.probabilities[found, said].astype(np.float32), kind="stable")]


def worst_cell(result: Evaluation) -> tuple[int, int]:
    """(true, said) of the commonest mistake."""
    off = result.confusion - np.diag(result.confusion.diagonal())
    true, said = np.unravel_index(off.argmax(), off.shape)
    return int(true), int(said)


@dataclass(frozen=True)
class Disagreement:
    both: int  # both right
    first: np.ndarray  # only the first is right: numbers of the test images, the surest first
    second: np.ndarray  # only the second is right
    neither: int

    @property
    def z(self) -> float:
        """McNemar's statistic: beyond ±1.96 the difference is larger than chance makes it (at 5 %)."""
        one, other = len(self.first), len(self.second)
        return (one - other) / np.sqrt(one + other) if one + other else 0.0


def disagreement(first: Evaluation, second: Evaluation) -> Disagreement:
    """Which of two models is right where only one is."""
    if not np.array_equal(first.labels, second.labels):
        raise ExplorerError("the two models were tested on different images: choose two of one dataset")
    right_1, right_2 = (result.predictions == result.labels for result in (first, second))

    def surest(places: np.ndarray, result: Evaluation) -> np.ndarray:
        return places[np.argsort(-result.probabilities[places].astype(np.float32).max(1), kind="stable")]

    return Disagreement(
        int((right_1 & right_2).sum()),
        surest(np.flatnonzero(right_1 & ~right_2), first),
        surest(np.flatnonzero(right_2 & ~right_1), second),
        int((~right_1 & ~right_2).sum()),
    )
