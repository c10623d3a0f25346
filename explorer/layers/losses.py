"""The end of a classifier: softmax and cross-entropy of logits, and what regularises it.

softmax        q_i = e^(z_i) / sum_j e^(z_j)                                              003 (10)
cross-entropy  H(p, q) = -sum p ln q = -ln q[label] for one true class                    003 (11)
its gradient   dH/dz_j = -(dq_i/dz_j) / q_i = q_j - 1 for the true class, q_j for another  003 (27) to (33);
               its (34) prints 1 - q_j for another class, which does not follow from its (28)
L2             R(W) = sum of W², the loss becomes H + λR                                  003 (17), (18)
L1             R(W) = sum of |W|                                                          001, section 3.3
dropout        in training each value is 0 with chance p, the others are divided by 1 - p
BatchNorm      y = γ (x - mean) / sqrt(variance + ε) + β, for each channel of the batch
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError

Array = np.ndarray
EXAMPLE = (5.45, 3.21)  # 003's (12): softmax 0.903784 and 0.096216


@dataclass(frozen=True)
class Classified:
    """Every number between logits and loss. `shares` sum to 1."""

    logits: Array
    powers: Array  # e^(z - largest z): the largest is 1, so that nothing overflows
    shares: Array
    loss: float  # natural logarithm, what every framework trains with
    loss_base_10: float  # what 003 prints for its example

    def gradient(self, label: int) -> Array:
        """Of the loss by each logit: q_j - 1 for the true class, q_j for every other; they sum to 0."""
        return self.shares - (np.arange(len(self.shares)) == label)

    def from_printed(self, label: int, digits: int = 6) -> tuple[float, float]:
        """(natural, base 10) loss from the share as it is printed, the way 003 works: 0.101165 and 0.043935."""
        share = round(float(self.shares[label]), digits)
        return (-math.log(share), -math.log10(share)) if share > 0 else (math.inf, math.inf)


def classify(logits: Array | Sequence[float], label: int) -> Classified:
    """Softmax and cross-entropy of one vector of logits."""
    z = np.asarray(logits, dtype=float)
    if z.ndim != 1 or len(z) < 2 or not np.isfinite(z).all():
        raise ExplorerError("the logits are not two or more finite numbers: type one a class")
    if not 0 <= label < len(z):
        raise ExplorerError(f"the true class is {label}: choose 0 to {len(z) - 1}")
    powers = np.exp(z - z.max())
    loss = math.log(powers.sum()) + z.max() - z[label]
    return Classified(z, powers, powers / powers.sum(), float(loss), float(loss / math.log(10)))


def dropout(maps: Array, p: float, seed: int) -> tuple[Array, Array]:
    """(mask of what stays, values as in training): zeros with chance p, the rest larger so that the mean stays."""
    if not 0 <= p < 1:
        raise ExplorerError(f"the dropout chance is {p:g}: give a number from 0 to below 1")
    stays = np.random.default_rng(seed).random(maps.shape) >= p
    return stays, maps * stays / (1 - p)


def l2(weights: Array) -> float:
    """R(W), the sum of squares."""
    return float((np.asarray(weights, dtype=float) ** 2).sum())


def l1(weights: Array) -> float:
    """The sum of sizes: what L1 punishes."""
    return float(np.abs(np.asarray(weights, dtype=float)).sum())


def shrunk(weights: Array, step: float) -> Array:
    """After L1 alone has taken `step` off the size of each weight: it stops at 0 and stays there."""
    return np.sign(weights) * np.maximum(np.abs(weights) - step, 0)


@dataclass(frozen=True)
class Normalised:
    maps: Array
    means: Array  # of each channel, before
    variances: Array


def batchnorm(maps: Array, gamma: float = 1.0, beta: float = 0.0, epsilon: float = 1e-5) -> Normalised:
    """BatchNorm in training on maps (C, H, W), taken as a batch of one image."""
    means, variances = maps.mean(axis=(1, 2)), maps.var(axis=(1, 2))
    scaled = (maps - means[:, None, None]) / np.sqrt(variances + epsilon)[:, None, None]
    return Normalised(gamma * scaled + beta, means, variances)
