"""What to call a layer."""

from torch import nn

from explorer.networks.cable_layer import CabEqConv2d, ResidualSum
from explorer.networks.controls import Blur, Depthwise, Free, SmoothCabEqConv2d, SoftCabEqConv2d
from explorer.networks.efficientnet import UnevenConv2d
from explorer.networks.resnets import Thin

_KINDS = {
    CabEqConv2d: "cable layer",
    SoftCabEqConv2d: "cable layer",
    SmoothCabEqConv2d: "cable layer",
    Blur: "fixed blur",
    Depthwise: "convolution",
    Free: "convolution",
    nn.Conv2d: "convolution",
    UnevenConv2d: "convolution",
    nn.Linear: "dense layer",
    nn.MaxPool2d: "max pool",
    nn.AvgPool2d: "average pool",
    nn.AdaptiveAvgPool2d: "average pool",
    nn.BatchNorm1d: "batch norm",
    nn.BatchNorm2d: "batch norm",
    nn.Dropout: "dropout",
    nn.Flatten: "flatten",
    nn.Identity: "input",
    nn.Softmax: "softmax",
    nn.LogSoftmax: "log softmax",
    ResidualSum: "residual sum",
    Thin: "shortcut",
}


def kind_of(module: nn.Module) -> str:
    """ "convolution", "max pool", ...; what is not listed is an activation and goes by its own name."""
    return _KINDS.get(type(module)) or f"activation {type(module).__name__}"
