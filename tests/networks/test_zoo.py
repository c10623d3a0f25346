"""The zoo against the papers' tables."""

import threading
from typing import Any

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.networks.zoo import build, entry, names, parameters, titled

TABLES = {  # seed 000, tables 2 and 4; seed 003, table 1; seed 001, its summary; seed 002, II.B
    "original": 11_181_642, "cabeq-sd-1": 11_181_675, "cabeq-sd-2": 11_181_708, "cabeq-sd-3": 11_181_741,
    "cabeq-rn-1": 11_181_708, "cabeq-rn-2": 11_181_774, "cabeq-rn-3": 11_181_840,
    "alexnet-227": 62_378_344, "notebook-cnn": 57_170, "digits-cnn": 4 * 9 + 4 + 64 * 32 + 32 + 32 * 10 + 10,
    "mlp": 784 * 300 + 300 + 300 * 10 + 10, "lenet": 61_706,
    "survey-cnn": 160 + 4640 + 1568 * 44 + 44 + 44 * 10 + 10,
}  # fmt: skip
ALEXNET_ROWS = {
    "conv1": 34_944, "conv2": 614_656, "conv3": 885_120, "conv4": 1_327_488, "conv5": 884_992,
    "fc6": 37_752_832, "fc7": 16_781_312, "fc8": 4_097_000,
}  # fmt: skip
NOTEBOOK_ROWS = [80, 584, 1168, 2320, 2320, 32_896, 16_512, 1290]


def shapes(model, example):
    """Output shape of every module of a chain, by plain calls."""
    found = {}
    with torch.inference_mode():
        for name, module in model.eval().named_children():
            example = module(example)
            found[name] = tuple(example.shape[1:])
    return found


@pytest.mark.parametrize(("name", "count"), TABLES.items())
def test_parameters_are_those_of_the_papers(name, count):
    assert parameters(build(name)) == count


def test_alexnets_table_row_by_row():
    model = build("alexnet-227")
    assert {name: parameters(getattr(model, name)) for name in ALEXNET_ROWS} == ALEXNET_ROWS
    found = shapes(model, torch.zeros(1, 3, 227, 227))
    wanted = {"conv1": (96, 55, 55), "maxpool1": (96, 27, 27), "conv2": (256, 27, 27), "maxpool2": (256, 13, 13),
              "conv3": (384, 13, 13), "conv5": (256, 13, 13), "maxpool5": (256, 6, 6), "flatten": (9216,),
              "fc7": (4096,), "fc8": (1000,)}  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted


def test_the_notebooks_summary_row_by_row():
    model = build("notebook-cnn")
    assert [parameters(module) for module in model if parameters(module)] == NOTEBOOK_ROWS
    found = shapes(model, torch.zeros(1, 1, 28, 28))
    assert found["conv_2"] == (8, 28, 28) and found["maxpool_1"] == (8, 14, 14) and found["conv_5"] == (16, 8, 8)
    assert found["maxpool_2"] == (16, 4, 4) and found["flatten_1"] == (256,)


def test_the_surveys_cnn_for_28_pixels_has_two_dense_layers_and_about_300_kilobytes():
    model = build("survey-cnn")
    assert [name for name, module in model.named_children() if isinstance(module, torch.nn.Linear)] == ["dense", "head"]
    assert 290_000 < 4 * parameters(model) < 310_000
    found = shapes(model, torch.zeros(1, 1, 28, 28))
    assert found["conv1"] == (16, 28, 28) and found["conv2"] == (32, 14, 14) and found["flatten"] == (1568,)


def test_networks_for_32_pixels_are_those_of_the_figures():
    assert parameters(build("mlp", size=32, channels=3)) == 3072 * 256 + 256 + 256 * 32 + 32 + 32 * 10 + 10
    assert 265_000 < parameters(build("resnet-20")) < 275_000
    assert [name for name, _ in build("cnn", size=32, channels=3).named_children()][:4] == [
        "conv1",
        "bn1",
        "relu1",
        "pool1",
    ]


@pytest.mark.parametrize(("size", "last"), [(32, 4), (96, 12)])
def test_the_average_covers_the_papers_window(size, last):
    model = build("cabeq-rn-1", size=size, width=2)
    found = shapes(model, torch.zeros(1, 3, size, size))
    assert found["stages"] == (16, last, last) and found["pool"] == (16, 1, 1)


@pytest.mark.parametrize("name", [name for name in names() if name != "alexnet-227"])
def test_small_relatives_learn_and_only_the_cable_papers_end_in_probabilities(name):
    known, batch = entry(name), torch.randn(4, entry(name).channels, entry(name).size, entry(name).size)
    model = build(name, width=known.width_step * max(1, 16 // known.width_step), classes=7, seed=1)
    output = model(batch)
    assert output.shape == (4, 7) and output.isfinite().all()
    assert torch.allclose(output.exp().sum(1), torch.ones(4), atol=1e-5) == (known.seed == "000")
    torch.nn.functional.cross_entropy(output, torch.arange(4)).backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())


def test_a_seed_gives_the_same_network_in_every_thread_and_leaves_the_generator_alone():
    torch.manual_seed(5)
    found: list[Any] = []
    before = torch.get_rng_state()
    threads = [threading.Thread(target=lambda: found.append(build("digits-cnn", seed=3))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(model.head.weight, found[0].head.weight) for model in found) and len(found) == 8
    other: Any = build("digits-cnn", seed=4)
    assert not torch.equal(other.head.weight, found[0].head.weight)


@pytest.mark.parametrize(("arguments", "said"), [
    ({"name": "cabeq-r2"}, "'cabeq-rn-2'"),
    ({"name": "LeNet5"}, "'lenet'"),
    ({"name": ["lenet"]}, "nearest"),
    ({"name": "alexnet-227", "size": 32}, "exactly 227"),
    ({"name": "notebook-cnn", "size": 8}, "16 to 256"),
    ({"name": "original", "size": 100_000}, "from 1 to 4096"),
    ({"name": "lenet", "width": 16}, "multiple of 32"),
    ({"name": "original", "width": 0}, "from 1 to 128"),
    ({"name": "original", "width": 16.0}, "whole number"),
    ({"name": "original", "classes": 1}, "from 2 to 1000"),
    ({"name": "original", "channels": True}, "whole number"),
    ({"name": "original", "seed": -1}, "seed is -1"),
])  # fmt: skip
def test_what_cannot_be_built_says_what_can(arguments, said):
    with pytest.raises(ExplorerError, match=said):
        build(**arguments)


def test_every_network_is_called_by_words_of_its_own_with_its_name_beside():
    titles = [entry(name).title for name in names()]
    assert len(set(titles)) == len(titles) and all(title not in names() for title in titles)
    assert titled("cabeq-sd-2", "cabeq-sd-2, width 16") == "ResNet with two cable blocks · cabeq-sd-2, width 16"
    assert titled("stack", "mine") == "mine"
