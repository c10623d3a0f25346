"""A few pictures taught to a network that knows others: a logistic layer of one's own on its last features.

Multinomial logistic regression, weights held small: with features in units of their common spread, what it minimises
is the sum of the losses plus half the squares of the weights. There is one minimum, so nothing is left to chance.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from torch import nn

from explorer.classify.features import last_dense
from explorer.errors import ExplorerError
from explorer.inside.tracing import twin
from explorer.networks.subject import Subject

FOLDS = 5
COUNTS = (1, 2, 3, 5, 8, 12, 20, 30)  # pictures of each thing, for the curve
DRAWS = 10  # of so many pictures, for each point of it


@dataclass(frozen=True, eq=False)
class Taught:
    """The layer, on features as the network has them."""

    weight: np.ndarray  # (classes, D)
    bias: np.ndarray  # (classes,)

    def says(self, features: np.ndarray) -> np.ndarray:
        """Probabilities, (N, classes)."""
        return softmax(features @ self.weight.T + self.bias, axis=1)


def teach(features: np.ndarray, labels: np.ndarray, classes: int) -> Taught:
    """`labels` say which of the classes each row of the features is."""
    middle = features.mean(0, dtype=np.float64)
    centred = features - middle
    spread = float(np.sqrt((centred**2).mean())) or 1.0
    inputs, wanted = centred / spread, np.eye(classes)[labels]
    shape = (classes, features.shape[1])

    def loss(numbers: np.ndarray) -> tuple[float, np.ndarray]:
        weight, bias = numbers[:-classes].reshape(shape), numbers[-classes:]
        logs = log_softmax(inputs @ weight.T + bias, axis=1)
        error = np.exp(logs) - wanted
        slope = np.concatenate([(error.T @ inputs + weight).ravel(), error.sum(0)])
        return float(-logs[wanted > 0].sum() + (weight**2).sum() / 2), slope

    found = minimize(loss, np.zeros(classes * (shape[1] + 1)), jac=True, method="L-BFGS-B").x
    weight = found[:-classes].reshape(shape) / spread
    return Taught(weight, found[-classes:] - weight @ middle)


def held_out(features: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """What is said of each picture by a layer that was taught without it, (N, classes): a fifth of every class at a
    time, or one picture of those of which there are fewer than five."""
    folds = np.zeros(len(labels), int)
    for label in range(classes):
        mine = np.flatnonzero(labels == label)
        if len(mine) < 2:
            raise ExplorerError("each thing needs two pictures at least: one to learn from and one to be asked about")
        folds[mine] = np.arange(len(mine)) % FOLDS
    said = np.zeros((len(labels), classes))
    for fold in np.unique(folds):
        asked = folds == fold
        said[asked] = teach(features[~asked], labels[~asked], classes).says(features[asked])
    return said


def growth(features: np.ndarray, labels: np.ndarray, classes: int) -> Iterator[tuple[int, list[float]]]:
    """(pictures of each thing, the share of all others that is then recognised, for each of ten draws)."""
    draw = np.random.default_rng(0)
    places = [np.flatnonzero(labels == label) for label in range(classes)]
    for count in COUNTS:
        if count >= min(map(len, places)):
            return
        shares = []
        for _ in range(DRAWS):
            chosen = np.concatenate([draw.permutation(mine)[:count] for mine in places])
            others = np.setdiff1d(np.arange(len(labels)), chosen)
            said = teach(features[chosen], labels[chosen], classes).says(features[others])
            shares.append(float((said.argmax(1) == labels[others]).mean()))
        yield count, shares


def network(base: Subject, taught: Taught, names: Sequence[str]) -> Subject:
    """The network with that layer in place of its last one; what they have in common is shared."""
    model = twin(base.model)
    layer = nn.Linear(taught.weight.shape[1], len(names)).requires_grad_(False).eval()
    layer.weight.copy_(torch.from_numpy(taught.weight))
    layer.bias.copy_(torch.from_numpy(taught.bias))
    place, _, last = last_dense(model).rpartition(".")
    setattr(model.get_submodule(place), last, layer)
    numbers = hashlib.sha256(taught.weight.tobytes() + taught.bias.tobytes()).hexdigest()[:20]
    return replace(
        base, key=f"{base.key}-taught", version=f"{base.version}-{numbers}", model=model, classes=tuple(names)
    )
