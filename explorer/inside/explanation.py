"""Where one number comes from: the terms that add up to one value of one layer, for one image.

convolution, cable layer, dense    value = bias + Σ over inputs of window · kernel
max pool, average pool             value = the largest, or the mean, of the window
batch norm                         value = (x - mean)·scale + shift,  scale = γ/√(variance + ε)
residual sum                       value = path + skip
softmax, activation                value = f(x)
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.errors import ExplorerError
from explorer.inside import tracing
from explorer.inside.kinds import kind_of
from explorer.networks.cable_layer import ResidualSum, Stencil
from explorer.networks.resnets import Thin


@dataclass(frozen=True)
class Term:
    name: str
    value: float
    channel: int | None = None  # the input channel that it comes from


@dataclass(frozen=True)
class Explanation:
    layer: str
    kind: str
    channel: int
    y: int
    x: int
    value: float  # what the layer put out
    terms: tuple[Term, ...]  # they add up to the value, largest first
    facts: tuple[Term, ...] = ()  # the numbers that the terms were made of
    window: np.ndarray | None = None  # (channels, height, width) of the input; NaN where a max pool sees no pixel
    kernel: np.ndarray | None = None  # the same shape; of a max pool 1 for the winner
    first: int = 0  # the input channel that the window begins at
    top: int = 0  # row and column of the window's first pixel in the input; negative in the padding
    left: int = 0
    step: tuple[int, int] = (1, 1)  # input pixels between the window's rows and columns (dilation)
    winner: tuple[int, int] | None = None  # row and column of the input where a max pool found its value

    @property
    def total(self) -> float:
        return math.fsum(term.value for term in self.terms)


def explain(
    model: nn.Module, layer: str, channel: int, y: int, x: int, image: Tensor, heard: tracing.Trace | None = None
) -> Explanation:
    """The terms of one output value; `image` is what the network sees, (1, C, H, W). Dense layers: y = x = 0.

    Who has the layer's trace for this image already gives it as `heard`, and the network does not run again.
    """
    part = tracing.module(model, layer)
    heard = heard or tracing.hear(model, image[:1], layer)
    inputs, output = heard.inputs, heard.output
    _inside(channel, y, x, tuple(output.shape[1:]))
    place = (channel, y, x)[: output.ndim - 1]
    about = {
        "layer": layer,
        "kind": kind_of(part),
        "channel": channel,
        "y": y,
        "x": x,
        "value": float(output[(0, *place)]),
    }
    tensors = [tensor[0].double().cpu() for tensor in inputs]
    return Explanation(**about, **_terms(part, tensors, place))


def _inside(channel: int, y: int, x: int, shape: tuple[int, ...]) -> None:
    for name, value, end in zip(("channel", "y", "x"), (channel, y, x), (*shape, 1, 1), strict=False):
        if not isinstance(value, int) or not 0 <= value < end:
            raise ExplorerError(f"{name} is {value!r}: this layer has 0 to {end - 1}")


def _terms(part: nn.Module, inputs: list[Tensor], place: tuple[int, ...]) -> dict:
    u, channel = inputs[0], place[0]
    if isinstance(part, Stencil):
        return _convolution(u, part.kernel().detach()[channel].double(), None, place, (1, 1), (1, 1), (1, 1), 0)
    if isinstance(part, nn.Conv2d):
        first = channel // (part.out_channels // part.groups) * (part.in_channels // part.groups)
        bias = None if part.bias is None else float(part.bias.detach()[channel])
        kernel = part.weight.detach()[channel].double()
        return _convolution(u, kernel, bias, place, part.stride, part.padding, part.dilation, first)
    if isinstance(part, nn.Linear):
        weights = part.weight[channel].detach().double().cpu()
        bias = () if part.bias is None else (Term("bias", float(part.bias.detach()[channel])),)
        terms = _sorted([Term(f"input {i}", v, i) for i, v in enumerate((weights * u).tolist())]) + bias
        return {"terms": terms, "window": u[:, None, None].numpy(), "kernel": weights[:, None, None].numpy()}
    if isinstance(part, nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveAvgPool2d):
        return _pool(part, u, place)
    if isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d):
        return _batch_norm(part, float(u[place]), channel)
    if isinstance(part, ResidualSum):
        path, skip = (float(one[place]) for one in inputs)
        return {"terms": (Term("path", path), Term("skip", skip))}
    if isinstance(part, nn.Softmax | nn.LogSoftmax):
        total = float(torch.logsumexp(u, 0)[place[1:]])
        facts = (Term("logit", float(u[place])), Term("log of the sum of all exponentials", total))
        if isinstance(part, nn.LogSoftmax):
            return {"terms": (facts[0], Term("minus that log-sum", -total)), "facts": facts}
        return {"terms": (Term("exp(logit − log-sum)", math.exp(float(u[place]) - total)),), "facts": facts}
    with torch.inference_mode():
        value = float(tracing.twin(part)(u[None].float())[(0, *place)])
    if isinstance(part, nn.Flatten):
        source = np.unravel_index(channel, tuple(u.shape))
        return {"terms": (Term(f"input {', '.join(map(str, source))}", value, int(source[0])),)}
    if isinstance(part, nn.Identity | nn.Dropout | Thin):
        return {"terms": (Term("copied from the input", value),)}
    return {"terms": (Term(f"{type(part).__name__} of the input", value),), "facts": (Term("input", float(u[place])),)}


def _convolution(u, kernel, bias, place, stride, padding, dilation, first) -> dict:
    """`kernel` (channels, height, width) of this output; `first` is the input channel that it begins at."""
    _, y, x = place
    u, kernel = u[first : first + len(kernel)], kernel.cpu()
    (top, left), (down, right) = (y * stride[0], x * stride[1]), dilation
    height, width = kernel.shape[1:]
    beyond, below = padding[1] + width * right, padding[0] + height * down  # more zeros than any window reaches
    padded = F.pad(u, (padding[1], beyond, padding[0], below))
    window = padded[:, top : top + (height - 1) * down + 1 : down, left : left + (width - 1) * right + 1 : right]
    sums = (window * kernel).sum((1, 2)).tolist()
    terms = _sorted([Term(f"channel {first + i}", value, first + i) for i, value in enumerate(sums)])
    if bias is not None:
        terms += (Term("bias", bias),)
    return {
        "terms": terms,
        "window": window.numpy(),
        "kernel": kernel.numpy(),
        "first": first,
        "top": top - padding[0],
        "left": left - padding[1],
        "step": (down, right),
    }


def _pool(part, u, place) -> dict:
    channel, y, x = place
    u = u[channel]
    if isinstance(part, nn.AdaptiveAvgPool2d):
        rows, columns = (
            share(at, size, into) for at, size, into in zip((y, x), u.shape, pair(part.output_size), strict=True)
        )
        window, top, left = u[rows, columns], rows.start, columns.start
    else:
        (height, width), (down, right), (above, beside) = map(pair, (part.kernel_size, part.stride, part.padding))
        outside = math.nan if isinstance(part, nn.MaxPool2d) else 0.0
        top, left = y * down, x * right
        window = F.pad(u, (beside, beside, above, above), value=outside)[top : top + height, left : left + width]
        top, left = top - above, left - beside
    about = {"window": window[None].numpy(), "top": top, "left": left, "first": channel}
    if isinstance(part, nn.MaxPool2d):
        best = int(np.argmax(np.nan_to_num(window.numpy(), nan=-np.inf)))
        row, column = divmod(best, window.shape[1])
        where = (top + row, left + column)
        terms = (Term(f"the largest, at row {where[0]}, column {where[1]}", float(window[row, column])),)
        kernel = np.zeros((1, *window.shape))
        kernel[0, row, column] = 1
        return {"terms": terms, "winner": where, "kernel": kernel, **about}
    count = window.numel()
    terms = _sorted(
        [
            Term(f"row {top + i}, column {left + j}, divided by {count}", float(window[i, j]) / count)
            for i in range(window.shape[0])
            for j in range(window.shape[1])
        ]
    )
    return {"terms": terms, "kernel": np.full((1, *window.shape), 1 / count), **about}


def _batch_norm(part, value: float, channel: int) -> dict:
    mean, variance = float(part.running_mean[channel]), float(part.running_var[channel])
    gain = 1.0 if part.weight is None else float(part.weight.detach()[channel])
    shift = 0.0 if part.bias is None else float(part.bias.detach()[channel])
    scale = gain / math.sqrt(variance + part.eps)
    facts = [("input x", value), ("mean", mean), ("variance", variance), ("γ", gain), ("β", shift), ("scale", scale)]
    terms = (Term("(x − mean) · scale", (value - mean) * scale), Term("shift β", shift))
    return {"terms": terms, "facts": tuple(Term(name, number) for name, number in facts)}


def share(at: int, size: int, into: int) -> slice:
    """The pixels that an adaptive pool gives to output `at`."""
    return slice(at * size // into, -(-(at + 1) * size // into))


def pair(value) -> tuple[int, int]:
    return value if isinstance(value, tuple) else (value, value)


def _sorted(terms: list[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda term: -abs(term.value)))
