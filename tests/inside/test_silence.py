"""Maps switched off: against weights that are 0, against plain calls, against lists that come back."""

import copy
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from torch import nn

from explorer.errors import ExplorerError
from explorer.inside import silence
from explorer.networks import zoo


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    model = zoo.build("cabeq-rn-1", width=4, seed=0)
    for _ in range(2):
        model(torch.randn(8, 3, 32, 32))
    return model.eval()


@pytest.fixture(scope="module")
def image():
    return torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))


@settings(max_examples=16, deadline=None)
@given(off=some.sets(some.integers(0, 3)))
def test_a_map_that_is_off_is_a_column_of_weights_that_is_zero(net, image, off):
    """stages.0.0.relu1 feeds conv2 alone."""
    twin = copy.deepcopy(net)
    weights: Any = twin.get_submodule("stages.0.0.conv2").weight
    with torch.no_grad():
        weights[:, sorted(off)] = 0
        expected = twin(image)
    torch.testing.assert_close(silence.answer(net, image, "stages.0.0.relu1", off), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("layer", ["input", "stem.conv", "pool", "flatten", "head"])
def test_nothing_off_changes_nothing_and_the_model_stays_as_it_was(net, image, layer):
    with torch.inference_mode():
        plain = net(image)
    assert torch.equal(silence.answer(net, image, layer, []), plain)
    assert not torch.equal(silence.answer(net, image, layer, range(3)), plain)
    with torch.inference_mode():
        assert torch.equal(net(image), plain)
    assert not any(module._forward_hooks for module in net.modules())


def test_with_all_maps_off_every_image_gets_one_answer(net, image):
    answers = [silence.answer(net, one, "stem.relu", range(4)) for one in (image, -2 * image)]
    assert torch.equal(*answers)


def test_what_a_layer_does_to_other_images_of_the_batch_is_the_same(image):
    model = nn.Sequential(nn.Conv2d(3, 2, 3), nn.Flatten())
    both = silence.answer(model, torch.cat([image, -image]), "0", [1])
    torch.testing.assert_close(both[:1], silence.answer(model, image, "0", [1]), rtol=1e-4, atol=1e-5)
    assert both[:, : both.shape[1] // 2].all() and not both[:, both.shape[1] // 2 :].any()


@given(off=some.sets(some.integers(0, 63)))
def test_a_list_comes_back(off):
    if off:
        assert silence.read(silence.write(off), 64) == off


@pytest.mark.parametrize("text", ["", ",", "64", "3-2", "-1", "0-64", "1,,2", "1e1", "٣", "0-5-7", "9" * 9000, "<b>"])
def test_a_list_that_is_none_is_a_sentence(text):
    with pytest.raises(ExplorerError, match="a layer of 64: all are on"):
        silence.read(text, 64)


def test_a_map_that_is_not_there_is_a_sentence(net, image):
    with pytest.raises(ExplorerError, match="map is 4: this layer has 0 to 3"):
        silence.answer(net, image, "stem.conv", [4])
