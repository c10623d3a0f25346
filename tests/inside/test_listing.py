"""What is inside: outputs against plain calls, sums against the values they explain, threads against each other."""

import threading
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer.errors import ExplorerError
from explorer.inside import listing
from explorer.inside.explanation import explain
from explorer.networks import zoo
from explorer.networks.cable_layer import CabEqConv2d
from explorer.networks.controls import FRONTS
from explorer.networks.efficientnet import UnevenConv2d


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    model = zoo.build("cabeq-rn-1", width=4, seed=0)
    for _ in range(3):
        model(torch.randn(16, 3, 32, 32))  # BatchNorm gets statistics worth explaining
    return model.eval()


@pytest.fixture(scope="module")
def image():
    return torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def test_layers_come_in_order_with_shapes_and_all_parameters(net, image):
    found = listing.layers(net, image)
    names = [layer.name for layer in found]
    assert names[:3] == ["input", "cable.0.conv1", "cable.0.bn1"] and names[-2:] == ["head", "log_softmax"]
    assert names.index("stages.1.0.shortcut.conv") < names.index("stages.1.0.add")
    by_name = {layer.name: layer for layer in found}
    assert by_name["stages.1.0.conv1"].shape == (8, 16, 16) and by_name["head"].shape == (10,)
    assert by_name["stages.1.0.shortcut.conv"].block == "stages.1.0" and by_name["head"].block == "head"
    assert sum(layer.parameters for layer in found) == zoo.parameters(net)


def test_outputs_are_those_of_plain_calls(net, image):
    got = listing.run(net, image, ["input", "stem.conv", "stem.relu", "log_softmax"])
    u = net.cable(image)
    torch.testing.assert_close(got["stem.conv"], F.conv2d(u, net.stem.conv.weight, padding=1))
    torch.testing.assert_close(got["stem.relu"], net.stem(u))
    torch.testing.assert_close(got["log_softmax"], net(image))
    assert got["input"] is image


def test_a_batch_keeps_its_order(net):
    batch = torch.randn(3, 3, 32, 32)
    whole = listing.run(net, batch, ["stages.3.1.relu2"])["stages.3.1.relu2"]
    for i in range(3):
        alone = listing.run(net, batch[i : i + 1], ["stages.3.1.relu2"])["stages.3.1.relu2"]
        torch.testing.assert_close(whole[i : i + 1], alone, rtol=1e-4, atol=1e-5)


def test_the_model_is_left_as_it_was(net, image):
    model = zoo.build("cnn", width=4, size=32, seed=0)  # in training mode, with BatchNorm statistics to be spoilt
    state = {key: value.clone() for key, value in model.state_dict().items()}
    images = torch.randn(1, 1, 32, 32)
    listing.layers(model, images)
    listing.run(model, images, ["conv1"])
    for name in ("conv1", "bn1", "dense"):
        explain(model, name, 0, 0, 0, images)
    assert all(module.training for module in model.modules())
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())
    assert all(torch.equal(value, state[key]) for key, value in model.state_dict().items())


def test_an_inplace_activation_does_not_overwrite_what_came_before():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(inplace=True))
    u = torch.randn(1, 1, 6, 6)
    assert listing.run(model, u, ["0"])["0"].min() < 0 and model[1].inplace


def test_twenty_threads_get_their_own_maps_from_one_model(net):
    names = [layer.name for layer in listing.layers(net, torch.zeros(1, 3, 32, 32))][1:21]
    images = [torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(i)) for i in range(20)]
    alone = [listing.run(net, images[i], [names[i]])[names[i]] for i in range(20)]
    start, wrong = threading.Barrier(20), []

    def ask(i):
        start.wait()
        for _ in range(5):
            got = listing.run(net, images[i], [names[i]])
            if list(got) != [names[i]] or not torch.equal(got[names[i]], alone[i]):
                wrong.append(names[i])

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_filters_are_the_weights(net):
    torch.testing.assert_close(listing.filters(net, "stem.conv"), net.stem.conv.weight)
    cable = net.cable[0].conv1
    step = listing.filters(net, "cable.0.conv1")
    torch.testing.assert_close(step[1, 2, 1, 0], (1 / cable.phi[1, 2] ** 2))
    torch.testing.assert_close(step[1, 2, 0, 1], (1 / cable.psi[1, 2] ** 2))
    with pytest.raises(ExplorerError, match="residual sum"):
        listing.filters(net, "stages.0.0.add")


CHAIN: Any = nn.Sequential(
    nn.Conv2d(4, 6, (3, 5), stride=(2, 1), padding=(2, 1), dilation=(2, 1), groups=2),
    nn.PReLU(),
    CabEqConv2d(6, 3),
    nn.BatchNorm2d(3, affine=False),
    nn.MaxPool2d(3, 2, 1),
    nn.GELU(),
    nn.AvgPool2d(2, 1, 1),
    nn.Dropout(),
    nn.AdaptiveAvgPool2d((3, 2)),
    nn.Softmax(dim=1),
    nn.Flatten(),
    nn.Linear(18, 5, bias=False),
    nn.BatchNorm1d(5),
    nn.Tanh(),
    nn.LogSoftmax(dim=1),
).eval()


def places(shape):
    """The corners, where the padding is, and the middle."""
    ends = [sorted({0, size // 2, size - 1}) for size in (*shape, 1, 1)[:3]]
    return [(c, y, x) for c in ends[0] for y in ends[1] for x in ends[2]]


def check(model, image, names):
    """Every explained value is the layer's own, and its terms add up to it."""
    outputs = listing.run(model, image, names)
    for name in names:
        output = outputs[name][0]
        for channel, y, x in places(tuple(output.shape)):
            told = explain(model, name, channel, y, x, image)
            assert told.value == pytest.approx(float(output[(channel, y, x)[: output.ndim]]), rel=1e-6, abs=1e-6)
            assert told.total == pytest.approx(told.value, rel=1e-4, abs=1e-4), (name, channel, y, x)
            if told.window is not None and told.kernel is not None:
                product = float(np.nansum(told.window * told.kernel))
                bias = sum(term.value for term in told.terms if term.name == "bias")
                assert product + bias == pytest.approx(told.value, rel=1e-4, abs=1e-4)


def test_every_kind_of_layer_adds_up():
    with torch.no_grad():
        CHAIN[3].running_mean.normal_()
        CHAIN[3].running_var.uniform_(0.5, 2)
    image = torch.randn(1, 4, 13, 11)
    check(CHAIN, image, [str(i) for i in range(len(CHAIN))] + ["input"])


@pytest.mark.parametrize(("window", "padding", "size"), [(3, 0, 8), (5, 1, 8), (5, 1, 6)])
def test_a_window_that_lies_more_beyond_the_end_adds_up(window, padding, size):
    model = nn.Sequential(UnevenConv2d(4, 8, window, 2, padding, groups=4), nn.ReLU6()).eval()
    check(model, 9 * torch.randn(1, 4, size, size), ["0", "1"])


@pytest.mark.slow
def test_every_layer_of_a_cable_resnet_adds_up(net, image):
    names = [layer.name for layer in listing.layers(net, image)]
    check(net, image, [name for name in names if name.startswith(("input", "cable", "stages.1.0", "pool", "head"))])


def test_the_parameterless_shortcut_adds_up():
    model = zoo.build("resnet-20", width=4, seed=0).eval()
    check(model, torch.randn(1, 3, 32, 32), ["stages.1.0.shortcut", "stages.1.0.add"])


def test_terms_are_the_largest_first_and_name_their_channel(net, image):
    told = explain(net, "stages.0.1.conv1", 2, 5, 7, image)
    sums = [abs(term.value) for term in told.terms[:-1]]
    assert sums == sorted(sums, reverse=True) and told.terms[-1].name == "bias"
    first = told.terms[0]
    assert first.value == pytest.approx(float((told.window * told.kernel)[first.channel].sum()), abs=1e-6)
    assert (told.top, told.left) == (4, 6)


def test_a_max_pool_names_the_winner():
    u = torch.zeros(1, 1, 4, 4)
    u[0, 0, 1, 2] = 3.0
    told = explain(nn.Sequential(nn.MaxPool2d(2)), "0", 0, 0, 1, u)
    assert told.winner == (1, 2) and told.total == 3
    negative = explain(nn.Sequential(nn.MaxPool2d(3, 2, 1)), "0", 0, 0, 0, -1 - u)
    assert negative.total == -1 and np.isnan(negative.window[0, 0, 0])  # padding never wins


def test_batch_norm_tells_its_four_numbers(net, image):
    told, norm = explain(net, "stem.bn", 3, 1, 1, image), net.stem.bn
    facts = {term.name: term.value for term in told.facts}
    assert facts["mean"] == pytest.approx(float(norm.running_mean[3]))
    assert facts["scale"] == pytest.approx((norm.weight[3] / (norm.running_var[3] + norm.eps).sqrt()).item(), rel=1e-5)


@pytest.mark.parametrize(("layer", "place", "said"), [
    ("stem.conv", (4, 0, 0), "channel is 4: this layer has 0 to 3"),
    ("stem.conv", (0, 32, 0), "y is 32"),
    ("stem.conv", (0, 0, -1), "x is -1"),
    ("head", (0, 1, 0), "y is 1: this layer has 0 to 0"),
    ("stem.conv", (0, 0, 1.5), "x is 1.5"),
    ("stem.cnv", (0, 0, 0), "nearest is 'stem.conv'"),
])  # fmt: skip
def test_a_place_that_is_not_there_says_what_is(net, image, layer, place, said):
    channel, y, x = place
    with pytest.raises(ExplorerError, match=said):
        explain(net, layer, channel, y, x, image)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cabeq-sd-1", *FRONTS])
def test_every_layer_of_a_control_and_its_neighbours_add_up(name):
    torch.manual_seed(0)
    model = zoo.build(name, width=2, seed=0)
    for _ in range(3):
        model(torch.randn(16, 3, 32, 32))
    model, image = model.eval(), torch.randn(1, 3, 32, 32)
    names = [layer.name for layer in listing.layers(model, image)]
    check(model, image, [name for name in names if name.startswith(("input", "front", "cable", "stem"))])
