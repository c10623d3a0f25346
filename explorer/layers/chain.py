"""003's equations (19) to (35), with numbers: from the loss of one image back to a weight of the first layer.

    x -> W -> x' = max(0, W·x) -> W' -> z = max(0, x'·W') -> softmax q -> L = -ln q_true + λ·R         (19), (30)
    dL/dz_j  = q_j - 1 for the true class, q_j for another, 0 where z_j is not above 0                  (25) to (33)
    dL/dx'_a = sum over j of dL/dz_j · W'_aj                                                            (31), (32)
    dL/dW_ab = dL/dx'_a · x_b where x'_a is above 0, + 2λ·W_ab                                          (20), (32)
    W becomes W - s · dL/dW                                                                             (35)

The text's (34) has 1 - q_j for another class, which does not follow from its (28).
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers.byhand import relu, softmax
from explorer.layers.losses import l2

Array = np.ndarray


@dataclass(frozen=True)
class Chain:
    """One image through two layers without biases, as 003 has them, and all derivatives on the way back."""

    x: Array  # (B,) the input
    first: Array  # (A, B) W: a row a neuron
    last: Array  # (A, K) W': a column a class
    truth: int = 0
    decay: float = 0.0  # λ

    def __post_init__(self) -> None:
        if self.first.shape != (len(self.last), len(self.x)):
            raise ExplorerError(
                f"W is {self.first.shape[0]} × {self.first.shape[1]}: give {len(self.last)} × {len(self.x)}"
            )
        if not 0 <= self.truth < self.last.shape[1]:
            raise ExplorerError(f"the true class is {self.truth}: choose 0 to {self.last.shape[1] - 1}")

    @cached_property
    def hidden(self) -> Array:
        """x', the outputs of the lower layer."""
        return relu(self.first @ self.x)

    @cached_property
    def sums(self) -> Array:
        """What (30) takes the maximum with 0 of."""
        return self.hidden @ self.last

    @property
    def scores(self) -> Array:
        return relu(self.sums)

    @property
    def shares(self) -> Array:
        return softmax(self.scores)

    @property
    def penalty(self) -> float:
        return self.decay * (l2(self.first) + l2(self.last))

    @property
    def loss(self) -> float:
        """(19), with the natural logarithm, which (23) differentiates."""
        z = self.scores
        return float(np.log(np.exp(z - z.max()).sum()) + z.max() - z[self.truth] + self.penalty)

    @property
    def softmax_slopes(self) -> Array:
        """(27) and (28): dq_true/dz_j."""
        q, i = self.shares, self.truth
        return q[i] * ((np.arange(len(q)) == i) - q)

    @property
    def by_score(self) -> Array:
        """(33), and (34) as it follows from (28): dL/dz_j, that is -softmax_slopes/q_true."""
        return self.shares - (np.arange(len(self.shares)) == self.truth)

    @property
    def printed(self) -> Array:
        """The same with (34) as the text prints it."""
        return np.where(np.arange(len(self.shares)) == self.truth, -1, 1) * (1 - self.shares)

    @property
    def passed(self) -> Array:
        """dL/dz_j behind (30)'s maximum: nothing goes back where the sum was not above 0."""
        return self.by_score * (self.sums > 0)

    @property
    def by_hidden(self) -> Array:
        """(32): each x'_a reaches the loss through all classes."""
        return self.last @ self.passed

    @property
    def by_last(self) -> Array:
        return np.outer(self.hidden, self.passed) + 2 * self.decay * self.last

    @property
    def by_first(self) -> Array:
        return np.outer(self.by_hidden * (self.hidden > 0), self.x) + 2 * self.decay * self.first

    def corrected(self, step: float) -> "Chain":
        """After one step of gradient descent: (35) taken off every weight."""
        return replace(self, first=self.first - step * self.by_first, last=self.last - step * self.by_last)


def example() -> Chain:
    """Weights with which the last layer says what 003's (12) says, 5.45 and 3.21; the fourth neuron is silent."""
    first = np.array([[-1.0, 1.0], [0.0, 1.0], [0.5, 0.0], [1.0, -1.0]])
    last = np.array([[1.45, 0.21], [1.5, 1.0], [2.0, 2.0], [1.0, -1.0]])
    return Chain(np.array([1.0, 2.0]), first, last)
