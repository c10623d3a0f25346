"""002's training pipeline (section II.E) on a few digits: its network, by its own formulas, one batch after the other.

    X (B, 1, 8, 8) -> conv 4 of 3 x 3, padding 1 -> ReLU -> max pool 2 x 2 -> flatten 64 -> dense 32 -> ReLU -> dense 10

Every gradient is that of `byhand`; a step takes rate times the gradient off each weight.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from explorer.layers import byhand

Array = np.ndarray
MAPS, HIDDEN, CLASSES, SIDE = 4, 32, 10, 8
STARTS = ("Even, −0.5 to 0.5", "Normal, as He")  # 002's, and that of the networks here


@dataclass(frozen=True)
class Weights:
    """All that learns, or the gradients of it."""

    conv: Array  # (4, 1, 3, 3)
    bias: Array  # (4,)
    first: Array  # (65, 32), its last row the bias
    second: Array  # (33, 10)

    def stepped(self, by: "Weights", rate: float) -> "Weights":
        return Weights(*(mine - rate * theirs for mine, theirs in zip(self.all, by.all, strict=True)))

    @property
    def all(self) -> tuple[Array, ...]:
        return self.conv, self.bias, self.first, self.second


def start(how: str, seed: int) -> Weights:
    """Biases of the convolution begin with zeros (2); 002 draws those of the dense layers like their weights."""
    draw = np.random.default_rng(seed)
    inputs = MAPS * (SIDE // 2) ** 2
    conv, first, second = (MAPS, 1, 3, 3), (inputs + 1, HIDDEN), (HIDDEN + 1, CLASSES)
    if how == STARTS[0]:
        return Weights(
            *(draw.uniform(-0.5, 0.5, s) if s != (MAPS,) else np.zeros(s) for s in (conv, (MAPS,), first, second))
        )
    spread = [draw.normal(0, np.sqrt(2 / fan), shape) for shape, fan in ((conv, 9), (first, inputs), (second, HIDDEN))]
    spread[1][-1] = spread[2][-1] = 0
    return Weights(spread[0], np.zeros(MAPS), spread[1], spread[2])


@dataclass(frozen=True)
class Pass:
    """One batch forwards and backwards, with every array on the way."""

    weights: Weights
    x: Array  # (B, 1, 8, 8), 0 to 1
    labels: Array  # (B,)

    @cached_property
    def maps(self) -> Array:
        return byhand.conv(self.x, self.weights.conv, self.weights.bias, padding=1)

    @cached_property
    def pooled(self) -> byhand.Pooled:
        return byhand.maxpool(byhand.relu(self.maps), 2, 2)

    @cached_property
    def flat(self) -> Array:
        return byhand.flatten(self.pooled.y)

    @cached_property
    def hidden(self) -> Array:
        return byhand.dense(self.flat, self.weights.first)

    @cached_property
    def logits(self) -> Array:
        return byhand.dense(byhand.relu(self.hidden), self.weights.second)

    @cached_property
    def loss(self) -> float:
        return byhand.cross_entropy(self.logits, self.labels)

    @cached_property
    def by_logits(self) -> Array:
        """(17)."""
        return byhand.cross_entropy_backward(self.logits, self.labels).x

    @cached_property
    def gradients(self) -> Weights:
        """From the logits back to the convolution: (10), (11), (15), (8), (6), (15), (3), (4)."""
        second = byhand.dense_backward(byhand.relu(self.hidden), self.weights.second, self.by_logits)
        hidden = byhand.relu_backward(self.hidden, second.x).x
        first = byhand.dense_backward(self.flat, self.weights.first, hidden)
        active = byhand.relu(self.maps)
        pooled = byhand.maxpool_backward(active, self.pooled, first.x.reshape(self.pooled.y.shape)).x
        conv = byhand.conv_backward(self.x, self.weights.conv, byhand.relu_backward(self.maps, pooled).x, padding=1)
        assert conv.weight is not None and conv.bias is not None
        assert first.weight is not None and second.weight is not None
        return Weights(conv.weight, conv.bias, first.weight, second.weight)


def train(weights: Weights, x: Array, labels: Array, rate: float, batches: int) -> tuple[Weights, list[float]]:
    """The weights after so many steps on the same batch, and the loss before each and after the last."""
    losses = []
    for _ in range(batches):
        now = Pass(weights, x, labels)
        losses.append(now.loss)
        weights = weights.stepped(now.gradients, rate)
    return weights, [*losses, Pass(weights, x, labels).loss]
