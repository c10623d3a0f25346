"""Channels lie last, where a network is trained faster, unless that is not safe; gradients are right in either case."""

import copy
from typing import Any

import pytest
import torch
from torch import nn

from explorer.networks import zoo
from explorer.training.work.layout import laid, layout

CPU, GPU = torch.device("cpu"), torch.device("cuda")


def strided(channels, kernel=1, stride=2, groups=1):
    return nn.Sequential(nn.Conv2d(channels, 8, kernel, stride, groups=groups))


def test_channels_lie_last_but_for_a_moving_1x1_window_over_few_of_them():
    assert layout(strided(4), CPU) == layout(strided(16, groups=4), CPU) == torch.contiguous_format
    for safe in (strided(8), strided(4, kernel=3), strided(4, stride=1), nn.Linear(4, 4)):
        assert layout(safe, CPU) == torch.channels_last
    assert layout(strided(4), GPU) == torch.channels_last


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("width", [1, 2, 3, 5, 8])
def test_gradients_of_narrow_networks_are_those_of_double_precision(width, channels):
    model: Any = zoo.build("original", width=width, channels=channels, seed=0).train()
    twice = copy.deepcopy(model).double()
    how = layout(model, CPU)
    model.to(memory_format=how)
    drawn = torch.randn(64, channels, 16, 16, generator=torch.Generator().manual_seed(0))
    images = drawn.to(memory_format=torch.channels_last)
    model(laid(images, how)).square().sum().backward()
    twice(images.double()).square().sum().backward()
    mine, exact = (torch.cat([p.grad.double().ravel() for p in one.parameters()]) for one in (model, twice))
    assert (mine - exact).norm() < 1e-2 * exact.norm()
