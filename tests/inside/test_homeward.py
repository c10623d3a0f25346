"""A value's way home: the terms against torch, the field against what torch depends on."""

import copy
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from torch import nn

from explorer.errors import ExplorerError
from explorer.inside.homeward import Homeward, Opened, Spot, walk
from explorer.networks import zoo
from tests.inside.test_listing import CHAIN

SMALL = {"alexnet-227", "efficientnet-lite0"}  # the others are opened at their own size
NAMES = [name for name in zoo.names() if name != "alexnet-227"]


def learned(name: str) -> nn.Sequential:
    """A narrow network of the zoo whose BatchNorms have statistics worth explaining."""
    known = zoo.entry(name)
    size = 64 if name in SMALL else known.size
    width = max(known.width_step, 4)
    torch.manual_seed(0)
    model: Any = zoo.build(name, width=width, size=size, classes=10, seed=0)
    for _ in range(2):
        model(torch.randn(8, known.channels, size, size))
    model.image = torch.randn(1, known.channels, size, size, generator=torch.Generator().manual_seed(1))
    return model.eval()


@pytest.fixture(scope="module")
def ways():
    """Made once a network, whichever the examples ask for."""
    made: dict[str, Homeward] = {}

    def get(name: str) -> Homeward:
        if name not in made:
            model: Any = learned(name)
            made[name] = Homeward(model, model.image)
        return made[name]

    return get


def check(way: Homeward, opened: Opened) -> None:
    """The value is torch's own, the terms add up to it, and each term's value is the one that stands there."""
    where = opened.spot
    output = way.output(where.layer)
    value = float(output[(where.channel, where.y, where.x)[: output.ndim]])
    assert opened.value == pytest.approx(value, rel=1e-6, abs=1e-6)
    assert opened.total == pytest.approx(opened.told.value, rel=1e-4, abs=1e-4), where
    reads = opened.reads
    for index in opened.dearest(8):
        spot = opened.source(index)
        before = way.output(spot.layer)
        there = float(before[(spot.channel, spot.y, spot.x)[: before.ndim]])
        assert reads.values[index] == pytest.approx(there, rel=1e-6, abs=1e-6)
        assert reads.products[index] == pytest.approx(there * reads.weights[index], rel=1e-6, abs=1e-6)
    assert not reads.products[~reads.inside].any()


def redone(way: Homeward, opened: Opened) -> float:
    """What torch makes of the value that was summed, when each layer it passed gets that one value everywhere."""
    value = torch.tensor(opened.told.value)
    for told in reversed(opened.passed):
        part, one = way.wired[told.layer].module, way.wired[told.layer].heard
        if isinstance(part, nn.Softmax | nn.LogSoftmax):
            return opened.value  # looks at the others too; held against torch by `check`
        if isinstance(part, nn.Flatten) or one.output.shape != one.inputs[0].shape:
            continue
        with torch.inference_mode():
            filled = torch.full_like(one.inputs[0], float(value))
            value = part(filled)[0][(told.channel, told.y, told.x)[: one.output.ndim - 1]]
    return float(value)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=12, deadline=None)
@given(data=some.data())
def test_any_value_of_any_network_adds_up_and_leads_home(ways, name, data):
    way = ways(name)
    layer = data.draw(some.sampled_from(["input", *way.wired]))
    shape = way.output(layer).shape
    spot = Spot(layer, *(data.draw(some.integers(0, size - 1)) for size in shape))
    steps = 0
    opened = way.open(spot)
    while True:
        check(way, opened)
        assert redone(way, opened) == pytest.approx(opened.value, rel=1e-4, abs=1e-4)
        top, left, height, width = way.field(opened.spot)
        assert top >= 0 and left >= 0 and min(height, width) >= 1
        assert top + height <= way.image.shape[2] and left + width <= way.image.shape[3]
        if not opened.dearest(1):
            break
        if steps == 0:
            opened = way.open(opened.source(data.draw(some.sampled_from(opened.order.tolist()))))
        else:
            opened = way.open(opened.source(opened.dearest(1)[0]))
        steps += 1
        assert steps <= len(way.wired)
    assert opened.told.layer == "input" or opened.told.kind == "shortcut"


def test_every_kind_of_layer_adds_up():
    with torch.no_grad():
        CHAIN[3].running_mean.normal_()
        CHAIN[3].running_var.uniform_(0.5, 2)
    way = Homeward(CHAIN, torch.randn(1, 4, 13, 11))
    for layer in ["input", *way.wired]:
        for place in np.ndindex(*way.output(layer).shape):
            check(way, way.open(Spot(layer, *place)))


@pytest.mark.parametrize("name", ["cabeq-rn-1", "resnet-20", "lenet", "cnn", "efficientnet-lite0"])
def test_the_field_is_what_torch_depends_on(ways, name):
    """Without thresholds, where everything that is read counts, the gradient differs from 0 on just the field."""
    way = ways(name)
    model = copy.deepcopy(way.model).double()
    for path, part in list(model.named_modules()):
        parent = model.get_submodule(path.rpartition(".")[0]) if path else model
        if isinstance(part, nn.ReLU | nn.ReLU6):
            setattr(parent, path.rpartition(".")[2], nn.Identity())
        elif isinstance(part, nn.MaxPool2d):
            setattr(parent, path.rpartition(".")[2], nn.AvgPool2d(part.kernel_size, part.stride, part.padding))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.abs_()  # nothing cancels
    plain = Homeward(model, way.image.double())
    image = way.image.double().requires_grad_()
    outputs: dict[str, torch.Tensor] = {}
    hooks = [
        model.get_submodule(layer).register_forward_hook(
            lambda _part, _in, out, layer=layer: outputs.update({layer: out})
        )
        for layer in plain.wired
    ]
    model(image)
    for hook in hooks:
        hook.remove()
    for layer in list(plain.wired)[::7]:
        if outputs[layer].ndim != 4:
            continue
        height, width = outputs[layer].shape[2:]
        for y, x in {(0, 0), (height // 2, width // 2), (height - 1, width // 3)}:
            (slope,) = torch.autograd.grad(outputs[layer][0, 0, y, x], image, retain_graph=True)
            rows, columns = np.nonzero(slope[0].abs().sum(0).numpy())
            top, left, tall, wide = plain.field(Spot(layer, 0, y, x))
            assert (rows.min(), columns.min()) == (top, left), (layer, y, x)
            assert (rows.max() + 1, columns.max() + 1) == (top + tall, left + wide), (layer, y, x)


def test_an_answer_is_followed_to_a_pixel_by_its_strongest_terms(ways):
    way = ways("cabeq-rn-1")
    start = way.answer()
    assert start.layer == "log_softmax" and way.output("log_softmax").argmax() == start.channel
    taken: list[int] = []
    while dearest := walk(way, start, taken)[-1].dearest(1):
        taken += dearest
    found = walk(way, start, taken)
    layers = [opened.told.layer for opened in found]
    assert layers[:2] == ["head", "pool"] and layers[-1] == "input"
    for before, after in pairwise(found):
        largest = np.abs(before.reads.products).max()
        index = before.dearest(1)[0]
        assert after.spot == before.source(index) and abs(before.reads.products[index]) == largest


def test_layers_of_one_value_are_passed_and_the_dearest_come_first(ways):
    way = ways("cabeq-rn-1")
    opened = way.open(Spot("stem.relu", 1, 5, 7))
    assert [told.layer for told in opened.passed] == ["stem.relu", "stem.bn"] and opened.told.layer == "stem.conv"
    sizes = np.abs(opened.reads.products[opened.dearest(27)])
    assert len(sizes) == 27 and (np.diff(sizes) <= 0).all()
    corner = way.open(Spot("stem.relu", 1, 0, 0))
    assert len(corner.order) == 12  # of 27, those that are not in the padding


def test_a_pool_leads_to_its_winner_also_where_all_are_zero():
    image = torch.zeros(1, 1, 4, 4)
    image[0, 0, 1, 2] = 3
    way = Homeward(nn.Sequential(nn.MaxPool2d(2)), image)
    opened = way.open(Spot("0", 0, 0, 1))
    assert opened.source(opened.dearest(1)[0]) == Spot("input", 0, 1, 2) and opened.total == 3
    empty = way.open(Spot("0", 0, 1, 1))
    assert empty.source(empty.dearest(1)[0]) == Spot("input", 0, 2, 2)


@pytest.mark.parametrize("index", [-1, 27, 10**9, 0])
def test_a_term_that_is_not_there_is_a_sentence(ways, index):
    corner = ways("cabeq-rn-1").open(Spot("stem.relu", 1, 0, 0))
    with pytest.raises(ExplorerError, match=f"term is {index}: stem.conv reads no such value here"):
        corner.source(index)


def test_numbers_that_are_not_finite_do_not_stop_the_way():
    model: Any = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2))
    model[0].weight.data[0] = torch.nan
    model[0].weight.data[1] = torch.inf
    way = Homeward(model, torch.rand(1, 1, 8, 8))
    for channel in (0, 1):
        opened = way.open(Spot("2", channel, 1, 1))
        assert way.open(opened.source(opened.dearest(1)[0])).dearest(8)


class Between(nn.Module):
    """Computes outside its layers."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.ReLU(), nn.Tanh()

    def forward(self, x):
        return self.second(self.first(x) * 2)


def test_a_network_that_cannot_be_followed_says_why():
    with pytest.raises(ExplorerError, match="what goes into layer second comes out of no layer"):
        Homeward(Between(), torch.zeros(1, 1, 4, 4))
