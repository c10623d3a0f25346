"""The residual networks: the paper's ResNet with and without cable layers before it, and the small one of He et al.

The cable paper gives parameter counts but not where they sit: 17,280 of its 11,181,642 are neither convolution
weights nor classifier. One natural block has exactly that many, and it is the one used here: convolutions with a
bias, each followed by BatchNorm; BatchNorm on the 1x1 shortcut (which has no bias); one more BatchNorm after the
addition; a stem convolution without bias, with BatchNorm.
"""

from collections import OrderedDict

import torch.nn.functional as F
from torch import Tensor, nn

from explorer.networks.cable_layer import CabEqBlock, CabEqResidualBlock, ResidualSum


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and a skip: relu(bn3(bn2(conv2(relu1(bn1(conv1(x))))) + shortcut(x)))."""

    def __init__(self, channels: int, out_channels: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out_channels, 3, stride, padding=1)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Sequential()  # the identity
        if stride != 1 or channels != out_channels:
            projection = nn.Conv2d(channels, out_channels, 1, stride, bias=False)
            self.shortcut = nn.Sequential(OrderedDict(conv=projection, bn=nn.BatchNorm2d(out_channels)))
        self.add = ResidualSum()
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        path = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        return self.relu2(self.bn3(self.add(path, self.shortcut(x))))


class Thin(nn.Module):
    """The parameter-free shortcut of the first ResNet: every second pixel, new channels filled with zeros."""

    def __init__(self, new_channels: int, stride: int):
        super().__init__()
        self.new_channels, self.stride = new_channels, stride

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.new_channels))


class PlainBlock(nn.Module):
    """The block of the first ResNet: no biases, no parameters on the shortcut."""

    def __init__(self, channels: int, out_channels: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Sequential()  # the identity
        if stride != 1 or channels != out_channels:
            self.shortcut = Thin(out_channels - channels, stride)
        self.add = ResidualSum()
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        path = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        return self.relu2(self.add(path, self.shortcut(x)))


def _residual(
    before: dict[str, nn.Module], block, first: int, stages: int, depth: int, channels: int, classes: int
) -> nn.Sequential:
    """what comes before, stem, stages of `depth` blocks (each stage twice as wide, half as large), average, linear."""
    stem: OrderedDict[str, nn.Module] = OrderedDict(conv=nn.Conv2d(channels, first, 3, padding=1, bias=False))
    stem.update(bn=nn.BatchNorm2d(first), relu=nn.ReLU())
    model = nn.Sequential()
    for name, module in before.items():
        model.add_module(name, module)
    model.add_module("stem", nn.Sequential(stem))
    built, width = nn.Sequential(), first
    for stage in range(stages):
        blocks = nn.Sequential()
        for position in range(depth):
            out_width = first * 2**stage
            blocks.append(block(width, out_width, stride=2 if stage and not position else 1))
            width = out_width
        built.append(blocks)
    model.add_module("stages", built)
    model.add_module("pool", nn.AdaptiveAvgPool2d(1))  # 4x4 at 32 pixels, 12x12 at 96
    model.add_module("flatten", nn.Flatten())
    model.add_module("head", nn.Linear(width, classes))
    return model


def cable_resnet(blocks: int, residual: bool, width: int, channels: int, classes: int) -> nn.Sequential:
    """The paper's ResNet-18 behind `blocks` cable blocks (none: the original), ending in log-softmax."""
    kind = CabEqResidualBlock if residual else CabEqBlock
    before: dict[str, nn.Module] = {"cable": nn.Sequential(*(kind(channels) for _ in range(blocks)))} if blocks else {}
    return paper_resnet(before, width, channels, classes)


def paper_resnet(before: dict[str, nn.Module], width: int, channels: int, classes: int) -> nn.Sequential:
    """The paper's ResNet-18 behind these modules, ending in log-softmax."""
    model = _residual(before, BasicBlock, width, 4, 2, channels, classes)
    model.add_module("log_softmax", nn.LogSoftmax(dim=1))
    return model


def resnet20(width: int, channels: int, classes: int) -> nn.Sequential:
    """Three stages of three blocks, 16, 32 and 64 channels at full width: 0.27 million parameters."""
    return _residual({}, PlainBlock, width, 3, 3, channels, classes)
