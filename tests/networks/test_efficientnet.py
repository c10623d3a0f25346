"""EfficientNet-Lite0 against a second forward pass, from TensorFlow's rule of padding and the numbers alone."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.efficientnet import MBConvConfig

from explorer.networks import zoo
from explorer.networks.efficientnet import InvertedResidual, UnevenConv2d

NAME = "efficientnet-lite0"
B0 = [  # torchvision's stages of EfficientNet-B0, and Lite0's: wider, window, stride, in, out, how many
    (1, 3, 1, 32, 16, 1),
    (6, 3, 2, 16, 24, 2),
    (6, 5, 2, 24, 40, 2),
    (6, 3, 2, 40, 80, 3),
    (6, 5, 1, 80, 112, 3),
    (6, 5, 2, 112, 192, 4),
    (6, 3, 1, 192, 320, 1),
]


def trained(width: int, size: int) -> nn.Sequential:
    """With statistics of BatchNorm such as a training leaves, in double precision."""
    model, generator = zoo.build(NAME, width=width, size=size, classes=7, seed=0), torch.Generator().manual_seed(size)
    norms: list[Any] = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.running_mean.uniform_(-0.3, 0.3, generator=generator)
        norm.running_var.uniform_(0.3, 2, generator=generator)
        norm.weight.data.uniform_(0.5, 2, generator=generator)
        norm.bias.data.uniform_(-0.5, 1, generator=generator)
    return model.double().eval()


class Again:
    """The same network as a row of functions that take its arrays in their order."""

    def __init__(self, model: nn.Module):
        self.arrays = iter([value for value in model.state_dict().values() if value.ndim])

    def filtered(self, x, stride=1, bends=True):
        """A convolution with TensorFlow's padding "same", BatchNorm, and ReLU6 where it bends."""
        kernel, weight, bias, mean, variance = (next(self.arrays) for _ in range(5))
        around = []
        for size, window in zip(reversed(x.shape[2:]), reversed(kernel.shape[2:]), strict=True):
            lacking = max((-(-size // stride) - 1) * stride + window - size, 0)
            around += [lacking // 2, lacking - lacking // 2]
        groups = x.shape[1] // kernel.shape[1]
        x = F.conv2d(F.pad(x, around), kernel, stride=stride, groups=groups)
        mean, deviation, weight, bias = (one.view(-1, 1, 1) for one in (mean, (variance + 0.001).sqrt(), weight, bias))
        x = (x - mean) / deviation * weight + bias
        return F.hardtanh(x, 0, 6) if bends else x

    def answer(self, x):
        x = self.filtered(x, 2)
        for wider, _window, stride, before, after, count in B0:
            for number in range(count):
                start, step = x, 1 if number else stride
                x = self.filtered(x) if wider > 1 else x
                x = self.filtered(self.filtered(x, step), bends=False)
                x = x + start if step == 1 and (number or before == after) else x
        return F.linear(self.filtered(x).mean((2, 3)), next(self.arrays), next(self.arrays))


@pytest.mark.parametrize(("width", "size"), [(64, 224), (16, 96), (8, 65), (8, 99)])
def test_a_second_forward_pass_says_the_same(width, size):
    model, generator = trained(width, size), torch.Generator().manual_seed(2)
    images = torch.randn(2, 3, size, size, generator=generator, dtype=torch.float64)
    with torch.inference_mode():
        here, there = model(images), Again(model).answer(images)
    assert (here - there).abs().max() < 1e-9 * here.abs().max()


def test_it_has_the_parameters_of_the_published_network():
    assert zoo.parameters(zoo.build(NAME)) == 4_652_008


def test_its_blocks_are_those_of_torchvisions_b0():
    blocks: list[Any] = [block for block in zoo.build(NAME).modules() if isinstance(block, InvertedResidual)]
    wanted = []
    for wider, window, stride, before, after, count in B0:
        for number in range(count):
            inside = MBConvConfig.adjust_channels(after if number else before, wider)
            wanted.append((inside, window, 1 if number else stride, after))
    found = [(one.depthwise, one.project) for one in blocks]
    assert [(d.groups, d.kernel_size[0], d.stride[0], p.out_channels) for d, p in found] == wanted


@pytest.mark.parametrize("size", [6, 7, 12])
def test_windows_lie_as_in_an_image_that_was_padded_by_hand(size):
    conv = UnevenConv2d(2, 3, 5, 2, 1).eval()
    images = torch.randn(1, 2, size, size)
    padded = F.pad(images, (1, 2, 1, 2))
    torch.testing.assert_close(conv(images), F.conv2d(padded, conv.weight, conv.bias, 2))
