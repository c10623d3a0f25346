"""EfficientNet-Lite0: inverted residual blocks, whose windows see one channel each, for a thousand everyday things.

M. Tan and Q. V. Le, EfficientNet (ICML 2019), in its form for small devices: ReLU6, no squeeze-and-excitation. It was
trained in TensorFlow, where the padding of a window that moves by two may be uneven and BatchNorm adds 0.001.
"""

from collections import OrderedDict

import torch.nn.functional as F
from torch import Tensor, nn

from explorer.networks.cable_layer import ResidualSum

# blocks, window, stride of the first, how many times more channels inside; channels are the zoo's
STAGES = ((1, 3, 1, 1), (2, 3, 2, 6), (2, 5, 2, 6), (3, 3, 2, 6), (3, 5, 1, 6), (4, 5, 2, 6), (1, 3, 1, 6))


class UnevenConv2d(nn.Conv2d):
    """A convolution with one row and one column of zeros more below and at the right than above and at the left."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(F.pad(input, (0, 1, 0, 1)))


class InvertedResidual(nn.Sequential):
    """Few channels, many, few again: 1x1 to widen, one window a channel, 1x1 to narrow, and where the shape stays a
    skip around all of it."""

    def __init__(self, channels: int, out_channels: int, window: int, stride: int, wider: int, size: int):
        wide, layers = channels * wider, OrderedDict[str, nn.Module]()
        if wider > 1:
            layers.update(expand=_conv(channels, wide), bn1=_norm(wide), relu1=nn.ReLU6())
        layers.update(depthwise=_conv(wide, wide, window, stride, size, wide), bn2=_norm(wide), relu2=nn.ReLU6())
        layers.update(project=_conv(wide, out_channels), bn3=_norm(out_channels))
        if stride == 1 and channels == out_channels:
            layers.update(add=ResidualSum())
        super().__init__(layers)

    def forward(self, input: Tensor) -> Tensor:
        path = input
        for layer in self:
            path = layer(path, input) if isinstance(layer, ResidualSum) else layer(path)
        return path


def efficientnet_lite(layers, classes, channels, size):
    """Its windows depend on the size of the images: of an odd size the zeros around them are even."""
    first, *stages, last = layers
    model = nn.Sequential(OrderedDict(stem=_simple(_conv(channels, first, 3, 2, size), first)))
    before, size, built = first, -(-size // 2), nn.Sequential()
    for after, (count, window, stride, wider) in zip(stages, STAGES, strict=True):
        blocks = nn.Sequential()
        for number in range(count):
            step = 1 if number else stride
            blocks.append(InvertedResidual(before, after, window, step, wider, size))
            before, size = after, -(-size // step)
        built.append(blocks)
    model.add_module("stages", built)
    model.add_module("top", _simple(_conv(before, last), last))
    model.add_module("pool", nn.AdaptiveAvgPool2d(1))
    model.add_module("flatten", nn.Flatten())
    model.add_module("dropout", nn.Dropout(0.2))
    model.add_module("head", nn.Linear(last, classes))
    return model


def _conv(channels: int, out_channels: int, window: int = 1, stride: int = 1, size: int = 0, groups: int = 1):
    """With as many outputs as every `stride`-th pixel, the zeros around as TensorFlow's padding "same" shares them."""
    if stride == 1 or size % 2:
        return nn.Conv2d(channels, out_channels, window, stride, window // 2, groups=groups, bias=False)
    return UnevenConv2d(channels, out_channels, window, stride, window // 2 - 1, groups=groups, bias=False)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


def _simple(conv: nn.Conv2d, channels: int) -> nn.Sequential:
    return nn.Sequential(OrderedDict(conv=conv, bn=_norm(channels), relu=nn.ReLU6()))
