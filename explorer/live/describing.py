"""One torch layer as (op, options, numbers): everything that it does when it is not being trained.

Windows are pairs (rows, columns) throughout. A layer that is not listed, or has a setting that no network here uses,
is an error that names it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.errors import ExplorerError
from explorer.networks.cable_layer import ResidualSum
from explorer.networks.efficientnet import UnevenConv2d
from explorer.networks.resnets import Thin

Described = tuple[str, dict, dict[str, np.ndarray]]


class _Unknown(Exception):
    """A setting that is not supported, in words."""


def describe(name: str, layer: nn.Module) -> Described:
    """What the layer called `name` does."""
    kind = type(layer)
    try:
        if kind in _KINDS:
            op, options, tensors = _KINDS[kind](layer)
        elif callable(getattr(layer, "kernel", None)):
            op, options, tensors = _own_kernel(layer)
        else:
            raise _Unknown(f"is a {kind.__name__}")
    except _Unknown as error:
        raise ExplorerError(f"layer {name} {error}, which cannot be packed: the server answers for it") from error
    numbers = {key: tensor.detach().cpu().float().numpy() for key, tensor in tensors.items() if tensor is not None}
    for key, values in numbers.items():
        if not np.isfinite(values).all():
            raise ExplorerError(f"the {key} of layer {name} is not all finite: this network cannot be packed")
    if op == "norm" and (numbers["variance"] < 0).any():
        raise ExplorerError(f"a variance of layer {name} is below 0: this network cannot be packed")
    return op, options, numbers


def _conv(layer: nn.Conv2d):
    if layer.padding_mode != "zeros" or isinstance(layer.padding, str):
        raise _Unknown(f"pads in the mode {layer.padding_mode!r}, {layer.padding!r}")
    return _convolution(layer.weight, layer.bias, layer.stride, layer.padding, layer.dilation, layer.groups)


def _uneven_conv(layer: UnevenConv2d):
    """`padding` is what lies above and at the left, which the browser has to know; `behind` what lies at the ends."""
    op, options, numbers = _conv(layer)
    return op, options | {"behind": [before + 1 for before in options["padding"]]}, numbers


def _convolution(weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    options = {
        "kernel": list(weight.shape[2:]),
        "stride": list(stride),
        "padding": list(padding),
        "dilation": list(dilation),
        "groups": groups,
    }
    return "conv", options, {"weight": weight, "bias": bias}


@torch.inference_mode()
def _own_kernel(layer: Any):
    """A layer of ours that is a convolution inside, a cable layer for instance: held against what it does."""
    weight = layer.kernel()
    padding = tuple(size // 2 for size in weight.shape[2:])
    channels = getattr(layer, "in_channels", weight.shape[1])
    groups = channels // weight.shape[1]
    probe = torch.randn(1, channels, 9, 11, generator=torch.Generator().manual_seed(0))
    there, here = layer.forward(probe), F.conv2d(probe, weight.float(), padding=padding, groups=groups)
    if there.shape != here.shape or not torch.allclose(there, here, rtol=1e-4, atol=1e-5 * float(here.abs().max())):
        raise _Unknown("does more than its kernel says")
    return _convolution(weight, padding=padding, groups=groups)


def _dense(layer: nn.Linear):
    return "dense", {}, {"weight": layer.weight, "bias": layer.bias}


def _batch_norm(layer: nn.BatchNorm1d | nn.BatchNorm2d):
    if layer.running_mean is None or layer.running_var is None:
        raise _Unknown("keeps no mean and variance")
    ones = torch.ones_like(layer.running_var)
    return (
        "norm",
        {"epsilon": layer.eps},
        {
            "weight": ones if layer.weight is None else layer.weight,
            "bias": 0 * ones if layer.bias is None else layer.bias,
            "mean": layer.running_mean,
            "variance": layer.running_var,
        },
    )


def _max_pool(layer: nn.MaxPool2d):
    if layer.ceil_mode or layer.return_indices or _pair(layer.dilation) != [1, 1]:
        raise _Unknown("is a max pool with a dilation, indices or a size rounded up")
    return "max", _window(layer), {}


def _average_pool(layer: nn.AvgPool2d):
    if layer.ceil_mode or not layer.count_include_pad or layer.divisor_override:
        raise _Unknown("is an average pool with a divisor of its own or a size rounded up")
    return "average", _window(layer), {}


def _window(layer) -> dict:
    return {"kernel": _pair(layer.kernel_size), "stride": _pair(layer.stride), "padding": _pair(layer.padding)}


def _mean(layer: nn.AdaptiveAvgPool2d):
    if _pair(layer.output_size) != [1, 1]:
        raise _Unknown(f"averages to {layer.output_size} rather than to one pixel")
    return "mean", {}, {}


def _flatten(layer: nn.Flatten):
    if (layer.start_dim, layer.end_dim) != (1, -1):
        raise _Unknown("flattens only some dimensions")
    return "flatten", {}, {}


def _shares(op: str):
    def shares(layer: nn.Softmax | nn.LogSoftmax):
        if layer.dim != 1:
            raise _Unknown(f"sums over dimension {layer.dim} rather than over the channels")
        return op, {}, {}

    return shares


def _softplus(layer: nn.Softplus):
    return "softplus", {"beta": layer.beta, "threshold": layer.threshold}, {}


def _gelu(layer: nn.GELU):
    if layer.approximate != "none":
        raise _Unknown(f"approximates by {layer.approximate!r}")
    return "gelu", {}, {}


def _plain(op: str, **options: Callable[[Any], float]):
    return lambda layer: (op, {name: read(layer) for name, read in options.items()}, {})


def _pair(value: int | Sequence[int | None] | None) -> list[int | None]:
    return list(value) if isinstance(value, Sequence) else [value, value]


_SAME = _plain("same")
_KINDS: dict[type, Callable[..., tuple[str, dict, dict[str, Tensor | None]]]] = {
    nn.Conv2d: _conv, UnevenConv2d: _uneven_conv, nn.Linear: _dense,
    nn.BatchNorm1d: _batch_norm, nn.BatchNorm2d: _batch_norm,
    nn.MaxPool2d: _max_pool, nn.AvgPool2d: _average_pool, nn.AdaptiveAvgPool2d: _mean,
    nn.Flatten: _flatten, nn.Dropout: _SAME, nn.Dropout2d: _SAME, nn.Identity: _SAME,
    ResidualSum: _plain("add"),
    Thin: _plain("thin", stride=lambda layer: layer.stride, more=lambda layer: layer.new_channels),
    nn.Softmax: _shares("softmax"), nn.LogSoftmax: _shares("logsoftmax"),
    nn.ReLU: _plain("relu"), nn.ReLU6: _plain("relu6"), nn.Sigmoid: _plain("sigmoid"), nn.Tanh: _plain("tanh"),
    nn.SELU: _plain("selu"),
    nn.Softsign: _plain("softsign"), nn.SiLU: _plain("silu"), nn.GELU: _gelu, nn.Softplus: _softplus,
    nn.ELU: _plain("elu", alpha=lambda layer: layer.alpha),
    nn.LeakyReLU: _plain("leaky", slope=lambda layer: layer.negative_slope),
    nn.RReLU: _plain("leaky", slope=lambda layer: (layer.lower + layer.upper) / 2),
    nn.PReLU: lambda layer: ("prelu", {}, {"slope": layer.weight}),
}  # fmt: skip
