"""Packed networks in the browser's engine against torch: every network, every layer; and what cannot be packed."""

import json
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from explorer import subjects
from explorer.errors import ExplorerError
from explorer.live import MOST_BYTES, pack
from explorer.live.graph import graph
from explorer.networks import activations, stack, weights, zoo
from explorer.networks.cable_layer import CabEqConv2d
from explorer.networks.efficientnet import UnevenConv2d
from tests.live.engine import apart, rounding

CLOSE = 1e-5  # of a layer's largest value
SHIPPED = sorted(weights.cards())


def worst(engine, model: nn.Module, batch: torch.Tensor, plain: bool = False) -> float:
    channels, height, width = batch.shape[1:]
    described, numbers = pack(model, (channels, height, width))
    json.dumps(described, allow_nan=False)
    return max(apart(model, batch, engine.layers(described, numbers, batch.numpy(), plain)).values())


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(1, *shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_network(engine, name):
    subject = subjects.pretrained(name)
    batch = noise(subject.channels, subject.size, subject.size)
    found = worst(engine, subject.model, batch)
    assert found < CLOSE or found < 2 * rounding(subject.model, batch)


@pytest.mark.parametrize("name", [name for name in SHIPPED if "w64" not in name and "alexnet" not in name])
def test_shipped_weights_travel_as_float16(name):
    subject = subjects.pretrained(name)
    _, numbers = pack(subject.model, (subject.channels, subject.size, subject.size))
    assert len(numbers) < 2.2 * subject.parameters + 4096


@pytest.mark.parametrize("name", zoo.names())
def test_every_untrained_network(engine, name):
    known = zoo.entry(name)
    width = known.width_step * math.ceil(16 / known.width_step)
    subject = subjects.untrained(name, width, seed=3)
    if name == "alexnet-227" and width > 16:
        pytest.skip("its smallest width is the papers', too large for a browser")
    batch = noise(known.channels, known.size, known.size)
    found = worst(engine, subject.model, batch)
    assert found < CLOSE or found < 2 * rounding(subject.model, batch)


@pytest.mark.parametrize("name", ["cifar10-w16-cabeq-rn-2", "mnist-lenet", "cifar10-cnn"])
def test_plain_javascript_says_the_same(engine, name):
    subject = subjects.pretrained(name)
    assert worst(engine, subject.model, noise(subject.channels, subject.size, subject.size), plain=True) < CLOSE


@st.composite
def rows(draw) -> tuple[tuple[int, int, int], list[dict]]:
    """A student's stack: any input, any rows in any order that fits."""

    def whole(low: int, high: int) -> int:
        return draw(st.integers(low, high))

    shape = (whole(1, 4), whole(1, 20), whole(1, 20))
    made = []
    for _ in range(whole(1, 6)):
        kind = draw(st.sampled_from(["conv", "conv", "maxpool", "avgpool", "batchnorm", "dropout", "activation"]))
        if kind == "conv":
            made.append(
                {
                    "kind": kind,
                    "channels": whole(1, 9),
                    "kernel": whole(1, 5),
                    "stride": whole(1, 4),
                    "padding": whole(0, 4),
                    "dilation": whole(1, 3),
                    "bias": draw(st.booleans()),
                }
            )
        elif kind in ("maxpool", "avgpool"):
            kernel = whole(1, 4)
            made.append({"kind": kind, "kernel": kernel, "stride": whole(1, 4), "padding": whole(0, kernel // 2)})
        elif kind == "activation":
            made.append({"kind": kind, "function": draw(st.sampled_from(list(activations.ACTIVATIONS)))})
        else:
            made.append({"kind": kind})
    if draw(st.booleans()):
        made += [
            {"kind": "flatten"},
            {"kind": "dense", "units": whole(1, 11), "bias": draw(st.booleans())},
            {"kind": "batchnorm"},
            {"kind": "activation", "function": "softmax"},
        ]
    return shape, made


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(rows(), st.integers(0, 2**31), st.booleans())
def test_random_stacks(engine, stacked, seed, plain):
    shape, made = stacked
    try:
        model = stack.parse({"rows": made, "input": shape}).build(seed=seed)
    except ExplorerError:
        assume(False)
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():  # statistics of a network that has been trained
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.running_mean.uniform_(-0.5, 0.5, generator=generator)
            module.running_var.uniform_(0.3, 3, generator=generator)
    batch = torch.randn(1, *shape, generator=generator)
    assert worst(engine, model, batch, plain) < CLOSE


@pytest.mark.parametrize("name", activations.ACTIVATIONS)
def test_activations_far_from_zero(engine, name):
    row = {"kind": "activation", "function": name}
    model = stack.parse({"rows": [row], "input": (1, 20, 20)}).build()
    batch = torch.linspace(-30, 30, 400).reshape(1, 1, 20, 20)
    assert worst(engine, model, batch) < CLOSE


def test_the_normal_distribution_is_double_precision(engine):
    """GELU of values far below zero is what is left of 1 after a cancellation: held against a float64 network."""
    model, batch = nn.Sequential(nn.GELU()), torch.linspace(-6, -2, 64).reshape(1, 1, 8, 8)
    described, numbers = pack(model, (1, 8, 8))
    found = engine.layers(described, numbers, batch.numpy())["0"]
    x = batch.double().ravel()
    true = x * torch.special.ndtr(x)
    np.testing.assert_allclose(found, true.numpy(), rtol=3e-7)


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_groups(engine, groups):
    model = nn.Sequential(nn.Conv2d(6, 12, 3, stride=2, padding=1, groups=groups)).eval()
    assert worst(engine, model, noise(6, 17, 13)) < CLOSE


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(("window", "padding", "side"), [(3, 0, 14), (5, 1, 14), (5, 1, 10)])
def test_one_window_a_channel_that_lies_more_beyond_the_end(engine, window, padding, side, plain):
    model = nn.Sequential(UnevenConv2d(6, 6, window, 2, padding, groups=6), nn.ReLU6()).eval()
    assert worst(engine, model, 9 * noise(6, side, side), plain) < CLOSE


def test_relus_far_from_zero_whatever_their_number(engine):
    for bend in (nn.ReLU(), nn.ReLU6()):
        for count in (7, 8, 401):
            batch = torch.linspace(-30, 30, count).reshape(1, 1, 1, count)
            for plain in (False, True):
                assert worst(engine, nn.Sequential(bend), batch, plain) == 0


def test_windows_that_are_not_square(engine):
    prelu = nn.PReLU(5)
    model = nn.Sequential(
        nn.Conv2d(2, 5, (3, 1), (1, 3), (2, 0), (2, 1)),
        nn.MaxPool2d((2, 3), (1, 2), (1, 1)),
        nn.AvgPool2d((1, 2)),
        prelu,
    ).eval()
    with torch.no_grad():
        prelu.weight.copy_(torch.linspace(-1, 1, 5))
    assert worst(engine, model, noise(2, 11, 19)) < CLOSE


class OwnKernel(nn.Module):
    """A layer that this house does not know, a convolution inside."""

    def __init__(self, honest: bool):
        super().__init__()
        self.in_channels, self.honest = 3, honest

    def kernel(self) -> torch.Tensor:
        return torch.linspace(-1, 1, 27).reshape(3, 1, 3, 3)

    def forward(self, u: torch.Tensor) -> torch.Tensor:
        found = torch.nn.functional.conv2d(u, self.kernel(), padding=1, groups=3)
        return found if self.honest else found.abs()


def test_a_layer_with_a_kernel_of_its_own(engine):
    assert worst(engine, nn.Sequential(OwnKernel(True)), noise(3, 9, 9)) < CLOSE
    with pytest.raises(ExplorerError, match="layer 0 does more than its kernel says"):
        pack(nn.Sequential(OwnKernel(False)), (3, 9, 9))


class Branches(nn.Module):
    """Computes outside its layers, in one of several ways."""

    def __init__(self, way: str):
        super().__init__()
        self.first, self.second, self.way = nn.ReLU(), nn.Tanh(), way

    def forward(self, x):
        if self.way == "between":
            return self.second(self.first(x) * 2)
        if self.way == "after":
            return self.second(self.first(x)) * 2
        return self.first(self.second(self.first(x)))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Branches("between"), "what goes into layer second"),
        (Branches("after"), "what the network puts out"),
        (Branches("twice"), "layer first runs twice"),
        (nn.Sequential(nn.Conv2d(3, 3, 3), nn.Hardswish()), "layer 1 is a Hardswish"),
        (nn.Sequential(nn.Conv2d(3, 3, 3, padding=1, padding_mode="reflect")), "layer 0 pads in the mode 'reflect'"),
        (nn.Sequential(nn.AdaptiveAvgPool2d(2)), "layer 0 averages to 2"),
        (nn.Sequential(nn.Softmax(dim=2)), "layer 0 sums over dimension 2"),
    ],
)
def test_what_cannot_be_packed_is_named(model, said):
    with pytest.raises(ExplorerError, match=said):
        pack(model, (3, 8, 8))


def test_numbers_that_are_not_finite():
    model: Any = nn.Sequential(nn.Conv2d(1, 1, 3))
    model[0].weight.data[0, 0, 1, 1] = math.nan
    with pytest.raises(ExplorerError, match="the weight of layer 0 is not all finite"):
        pack(model, (1, 8, 8))
    model = nn.Sequential(nn.BatchNorm2d(1)).eval()
    model[0].running_var.fill_(-1)
    with pytest.raises(ExplorerError, match="a variance of layer 0 is below 0"):
        pack(model, (1, 8, 8))


def test_networks_too_large():
    with pytest.raises(ExplorerError, match="119 MB of numbers"):
        pack(subjects.untrained("alexnet-227", 64, 0).model, (3, 227, 227))
    with pytest.raises(ExplorerError, match="more than 20,971,520 values"):
        pack(nn.Sequential(nn.Conv2d(1, 21, 1)), (1, 1024, 1024))
    assert MOST_BYTES > 22.5e6  # the papers' width is shown


def test_a_model_is_left_as_it_was():
    model = zoo.build("cabeq-sd-1", width=16, seed=0)
    assert model.training
    before = {key: value.clone() for key, value in model.state_dict().items()}
    pack(model, (3, 32, 32))
    assert model.training and not any(module._forward_hooks for module in model.modules())
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


def test_cable_layers_and_wiring():
    model = zoo.build("cabeq-rn-1", width=16, seed=0)
    layers = {layer.name: layer for layer in graph(model, (3, 32, 32))}
    block = model.get_submodule("cable.0")
    assert isinstance(block.conv1, CabEqConv2d)
    np.testing.assert_array_equal(layers["cable.0.conv1"].numbers["weight"], block.conv1.kernel().detach().numpy())
    assert layers["cable.0.add"].inputs == ("cable.0.bn2", "input")
    assert layers["stages.1.0.add"].inputs == ("stages.1.0.bn2", "stages.1.0.shortcut.bn")
