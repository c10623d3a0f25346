"""Activation functions f and their derivatives f'.

Each is written as in its formula, on NumPy arrays, with its parameters open to be turned. Softmax couples the
channels: of maps (..., C, H, W) it makes shares that sum to one over C, and its f' is the diagonal
p·(1 − p) of its Jacobian. As a curve it is drawn for one logit x among `classes`, all others at 0.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import erf, expit

from explorer.errors import ExplorerError

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


@dataclass(frozen=True)
class Parameter:
    """One number of an activation: how torch calls it, where it starts and between what it may be chosen."""

    name: str
    default: float
    low: float
    high: float


@dataclass(frozen=True)
class Activation:
    """f and f' as functions of (x, **parameters), the torch.nn class that does the same, and the formula."""

    label: str
    module: str
    latex: str
    f: Callable[..., np.ndarray]
    slope: Callable[..., np.ndarray]
    parameters: tuple[Parameter, ...] = ()


def _gauss(x: np.ndarray) -> np.ndarray:
    return np.exp(-x * x / 2) / np.sqrt(2 * np.pi)


def _normal(x: np.ndarray) -> np.ndarray:
    """The share of a standard normal distribution that lies below x."""
    return (1 + erf(x / np.sqrt(2))) / 2


def _elu(x: np.ndarray, alpha: float) -> np.ndarray:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


def _elu_slope(x: np.ndarray, alpha: float) -> np.ndarray:
    return np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0)))


def _leaky(x: np.ndarray, slope: float) -> np.ndarray:
    return np.where(x > 0, x, slope * x)


def _leaky_slope(x: np.ndarray, slope: float) -> np.ndarray:
    return np.where(x > 0, 1.0, slope)


def _one_of(x: np.ndarray, classes: float) -> np.ndarray:
    return expit(x - np.log(classes - 1))  # e^x / (e^x + classes - 1) without overflow


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation("ReLU", "ReLU", r"f(x)=\max(0,x)", lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(float)),
    "softmax": Activation(
        "Softmax",
        "Softmax",
        r"f(x)_j=\frac{e^{x_j}}{\sum_k e^{x_k}}",
        _one_of,
        lambda x, classes: _one_of(x, classes) * (1 - _one_of(x, classes)),
        (Parameter("classes", 2, 2, 100),),
    ),
    "sigmoid": Activation("Sigmoid", "Sigmoid", r"f(x)=\frac{1}{1+e^{-x}}", expit, lambda x: expit(x) * expit(-x)),
    "tanh": Activation("tanh", "Tanh", r"f(x)=\frac{e^{2x}-1}{e^{2x}+1}", np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "elu": Activation(
        "ELU",
        "ELU",
        r"f(x)=\begin{cases}x&x>0\\ \alpha(e^x-1)&x\le 0\end{cases}",
        _elu,
        _elu_slope,
        (Parameter("alpha", 1.0, 0.1, 3.0),),
    ),
    "softplus": Activation(
        "Softplus",
        "Softplus",
        r"f(x)=\tfrac1\beta\ln(1+e^{\beta x})",
        lambda x, beta: np.logaddexp(0, beta * x) / beta,
        lambda x, beta: expit(beta * x),
        (Parameter("beta", 1.0, 0.1, 10.0),),
    ),
    "softsign": Activation(
        "Softsign",
        "Softsign",
        r"f(x)=\frac{x}{1+|x|}",
        lambda x: x / (1 + np.abs(x)),
        lambda x: 1 / (1 + np.abs(x)) ** 2,
    ),
    "leaky_relu": Activation(
        "Leaky ReLU",
        "LeakyReLU",
        r"f(x)=\begin{cases}x&x>0\\ a\,x&x\le 0\end{cases}\quad a\text{ fixed}",
        lambda x, negative_slope: _leaky(x, slope=negative_slope),
        lambda x, negative_slope: _leaky_slope(x, slope=negative_slope),
        (Parameter("negative_slope", 0.01, 0.0, 1.0),),
    ),
    "prelu": Activation(
        "PReLU",
        "PReLU",
        r"f(x)=\begin{cases}x&x>0\\ a\,x&x\le 0\end{cases}\quad a\text{ learned}",
        lambda x, init: _leaky(x, slope=init),
        lambda x, init: _leaky_slope(x, slope=init),
        (Parameter("init", 0.25, -1.0, 1.0),),
    ),
    "rrelu": Activation(
        "RReLU",
        "RReLU",
        r"f(x)=\begin{cases}x&x>0\\ a\,x&x\le 0\end{cases}\quad a\sim U(l,u),\ \text{trained: }\tfrac{l+u}2",
        lambda x, lower, upper: _leaky(x, (lower + upper) / 2),
        lambda x, lower, upper: _leaky_slope(x, (lower + upper) / 2),
        (Parameter("lower", 0.125, 0.0, 1.0), Parameter("upper", 1 / 3, 0.0, 1.0)),
    ),
    "selu": Activation(
        "SELU",
        "SELU",
        r"f(x)=\lambda\begin{cases}x&x>0\\ \alpha(e^x-1)&x\le 0\end{cases}\quad\lambda=1.0507,\ \alpha=1.6733",
        lambda x: SELU_SCALE * _elu(x, SELU_ALPHA),
        lambda x: SELU_SCALE * _elu_slope(x, SELU_ALPHA),
    ),
    "gelu": Activation(
        "GELU",
        "GELU",
        r"f(x)=\tfrac{x}{2}\left(1+\operatorname{erf}\tfrac{x}{\sqrt2}\right)",
        lambda x: x * _normal(x),
        lambda x: _normal(x) + x * _gauss(x),
    ),
    "silu": Activation(
        "SiLU",
        "SiLU",
        r"f(x)=\frac{x}{1+e^{-x}}",
        lambda x: x * expit(x),
        lambda x: expit(x) * (1 + x * expit(-x)),
    ),
}


def get(name: str) -> Activation:
    """The activation called `name`."""
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise ExplorerError(f"the activation {name!r:.40} is unknown: choose one of {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


def settings(name: str, given: dict[str, float] | None = None) -> dict[str, float]:
    """The parameters of an activation, the given ones checked, the others at their defaults."""
    kind, given = get(name), dict(given or {})
    values = {}
    for parameter in kind.parameters:
        value = given.pop(parameter.name, parameter.default)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not parameter.low <= value <= parameter.high:
            raise ExplorerError(
                f"{parameter.name} of {kind.label} is {value!r:.40}: "
                f"give a number from {parameter.low:g} to {parameter.high:g}"
            )
        values[parameter.name] = value
    if given:
        raise ExplorerError(f"{kind.label} has no parameter {next(iter(given))!r:.40}: leave it out")
    if name == "rrelu" and values["lower"] > values["upper"]:
        raise ExplorerError(f"lower of RReLU is {values['lower']:g}: give at most its upper, {values['upper']:g}")
    return values


def apply(name: str, maps: np.ndarray, **parameters: float) -> tuple[np.ndarray, np.ndarray]:
    """f and f' at every value of maps (C, H, W); softmax is taken over the channels, as in 001."""
    values, maps = settings(name, parameters), np.asarray(maps, dtype=float)
    if name == "softmax":
        powers = np.exp(maps - maps.max(axis=-3, keepdims=True))
        shares = powers / powers.sum(axis=-3, keepdims=True)
        return shares, shares * (1 - shares)
    return ACTIVATIONS[name].f(maps, **values), ACTIVATIONS[name].slope(maps, **values)
