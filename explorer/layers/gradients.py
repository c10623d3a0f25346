"""What an activation lets through: how many values stop a gradient, and how it shrinks from layer to layer."""

from dataclasses import dataclass

import numpy as np

from explorer.networks import activations


@dataclass(frozen=True)
class Passed:
    """How much of a map an activation lets through: shares of its values, 0 to 1."""

    silenced: float  # f' is exactly 0: nothing flows back here
    saturated: float  # f' is not 0 but under 0.05: a twentieth of the gradient at most flows back
    mean_slope: float


def passed(slopes: np.ndarray) -> Passed:
    """Count what f' at the values of a map says about the gradient that comes back through it."""
    silenced = slopes == 0
    saturated = ~silenced & (np.abs(slopes) < 0.05)
    return Passed(float(silenced.mean()), float(saturated.mean()), float(np.abs(slopes).mean()))


def along_path(name: str, x: float, depth: int = 20, **parameters: float) -> np.ndarray:
    """|f'(x)|ⁿ after n = 1..depth layers that all see the input x: what one path leaves of a gradient, (depth,).

    003's figures 6 and 7: away from 0 the slopes of sigmoid and tanh are far below 1; ReLU's is 1 for every x > 0.
    """
    values = activations.settings(name, parameters)
    slope = float(np.abs(activations.ACTIVATIONS[name].slope(np.array(x, dtype=float), **values)))
    return slope ** np.arange(1, depth + 1)


def vanishing(
    name: str, depth: int = 20, width: int = 64, gain: float = 1.0, seed: int = 0, **parameters: float
) -> np.ndarray:
    """Length of dL/dx after 1..depth layers of W·x and f, each over the gradient that entered: (depth,).

    W has entries N(0, gain²/width), x starts as N(0, 1). With sigmoid each layer shrinks by 4 or more (003, figure 7:
    f' is at most 1/4); with ReLU half of the paths stay open, and gain √2 keeps the length.
    """
    values, draw = activations.settings(name, parameters), np.random.default_rng(seed)
    weights = [draw.normal(0, gain / np.sqrt(width), (width, width)) for _ in range(depth)]
    x, slopes = draw.normal(size=width), []
    for weight in weights:
        z = (weight @ x)[:, None, None]  # softmax wants its channels third from the end
        y, slope = activations.apply(name, z, **values)
        if name == "softmax":
            slopes.append(np.diag(y[:, 0, 0]) - np.outer(y[:, 0, 0], y[:, 0, 0]))
        else:
            slopes.append(np.diag(slope[:, 0, 0]))
        x = y[:, 0, 0]
    gradient = draw.normal(size=width)
    start, lengths = np.linalg.norm(gradient), []
    for weight, slope in zip(reversed(weights), reversed(slopes), strict=True):
        gradient = weight.T @ (slope @ gradient)
        lengths.append(np.linalg.norm(gradient) / start)
    return np.array(lengths)
