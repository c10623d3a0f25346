"""Weights and cards: what goes in comes out, and what a stranger may have changed is refused."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
import safetensors.torch
import torch

from explorer.errors import ExplorerError
from explorer.networks import stack, weights, zoo
from explorer.networks.weights import Card

CARD = Card(
    model="digits-cnn",
    width=64,
    dataset="optdigits",
    classes=tuple("0123456789"),
    size=8,
    channels=1,
    mean=(0.3,),
    std=(0.37,),
    recipe={"epochs": 30},
    accuracy=96.0,
    split={"name": "test", "images": 1797},
    seed=0,
    hardware="2 CPU cores",
    versions={"torch": "2.11"},
    name="Digits",
)


@pytest.fixture
def saved(tmp_path):
    weights.save(zoo.build("digits-cnn", seed=1), CARD, tmp_path, name="digits")
    return tmp_path


def change(folder, **values):
    path = folder / "digits.json"
    card = json.loads(path.read_text()) | values
    path.write_text(json.dumps({key: value for key, value in card.items() if value != "gone"}))


def tensors(folder):
    return safetensors.torch.load((folder / "digits.safetensors").read_bytes())


def rewrite(folder, changed):
    """Other weights whose card knows their hash: only the contents are wrong."""
    content = safetensors.torch.save(changed)
    (folder / "digits.safetensors").write_bytes(content)
    change(folder, sha256=hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize("name", ["cabeq-rn-2", "cnn", "resnet-20", "lenet"])
def test_a_network_comes_back_as_float16_keeps_it(tmp_path, name):
    known, width = zoo.entry(name), max(4, zoo.entry(name).width_step)
    model = zoo.build(name, width=width, seed=2)
    images = torch.randn(8, known.channels, known.size, known.size)
    model(images)  # BatchNorm's running statistics move
    card = replace(
        CARD,
        model=name,
        width=width,
        size=known.size,
        channels=known.channels,
        mean=(0.5,) * known.channels,
        std=(0.2,) * known.channels,
    )
    written = weights.save(model, card, tmp_path, name="net")
    loaded, read = weights.load("net", tmp_path)
    assert read == written == weights.cards(tmp_path)["net"] and read.parameters == zoo.parameters(model)
    assert not loaded.training and not any(parameter.requires_grad for parameter in loaded.parameters())
    for key, value in loaded.state_dict().items():
        if not key.endswith("num_batches_tracked"):
            assert torch.equal(value, model.state_dict()[key].half().float())
    torch.testing.assert_close(loaded(images), model.eval()(images), rtol=0.05, atol=0.05)


def test_a_stack_is_rebuilt_from_its_rows(tmp_path):
    rows = stack.parse(
        [
            {"kind": "conv", "channels": 3},
            {"kind": "batchnorm"},
            {"kind": "activation"},
            {"kind": "flatten"},
            {"kind": "dense", "units": 10},
        ]
    )
    model = rows.build((1, 8, 8), seed=3)
    weights.save(model, replace(CARD, model="stack", stack=json.loads(rows.json())), tmp_path, name="mine")
    loaded, _ = weights.load("mine", tmp_path)
    images = torch.randn(2, 1, 8, 8)
    torch.testing.assert_close(loaded(images), model(images), rtol=1e-2, atol=1e-2)


def test_a_variance_too_large_for_float16_is_kept(tmp_path):
    model: Any = zoo.build("cabeq-sd-1", width=2)
    model.stem.bn.running_var.fill_(1e6)
    card = replace(CARD, model="cabeq-sd-1", width=2, size=32, channels=3, mean=(0.5,) * 3, std=(0.2,) * 3)
    weights.save(model, card, tmp_path, name="wide")
    loaded: Any = weights.load("wide", tmp_path)[0]
    assert loaded.stem.bn.running_var.eq(1e6).all()


def test_what_is_not_finite_or_not_the_cards_network_is_not_written(tmp_path):
    model: Any = zoo.build("digits-cnn")
    with torch.no_grad():
        model.head.bias[0] = float("nan")
    with pytest.raises(ExplorerError, match="not all finite"):
        weights.save(model, CARD, tmp_path, name="bad")
    with pytest.raises(ExplorerError, match="do not fit"):
        weights.save(zoo.build("digits-cnn", classes=4), CARD, tmp_path, name="bad")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["../digits", "a/b", "/etc/passwd", "", ".hidden", "a" * 81, "digits\0", None])
def test_names_cannot_leave_the_folder(saved, name):
    with pytest.raises(ExplorerError, match="cannot be used"):
        weights.load(name, saved)


@pytest.mark.parametrize(("values", "said"), [
    ({"width": 16}, "parameters"),
    ({"classes": list("abc")}, "parameters"),
    ({"parameters": 3}, "parameters"),
    ({"size": 16}, "parameters"),
    ({"sha256": "0" * 64}, "not those that its card was written for"),
    ({"model": "digit-cnn"}, "nearest name is 'digits-cnn'"),
    ({"model": "alexnet-227", "size": 227}, "parameters"),
    ({"model": "stack"}, "stack is None"),
    ({"model": "stack", "stack": {"rows": [{"kind": "exec"}]}}, "exec"),
    ({"mean": [0.1, 0.2]}, "one number for each of the 1 channels"),
    ({"std": [0.0]}, "std above 0"),
    ({"mean": [float("nan")]}, "one number"),
    ({"accuracy": 960}, "percent"),
    ({"width": "64"}, "whole number"),
    ({"width": True}, "whole number"),
    ({"classes": "0123456789"}, "names of 2 to 1000"),
    ({"recipe": None}, "give an object"),
    ({"notes": "x" * 3000}, "2000 characters"),
    ({"recipe": {"epochs": "many"}}, "epochs of the recipe"),
    ({"recipe": {"epochs": 10**400}}, "epochs of the recipe"),
    ({"recipe": {"epochs": 3, "model": {}}}, "model of the recipe"),
    ({"source": "elsewhere", "licence": "MIT"}, "the recipe and the accuracy"),
    ({"licence": "MIT"}, "a source has one"),
    ({"source": "elsewhere", "accuracy": None, "recipe": {}}, "a source has one"),
    ({"__class__": "os.system"}, "not a key"),
    ({"size": "gone"}, "no 'size'"),
    ({"sha256": "gone"}, "no 'sha256'"),
])  # fmt: skip
def test_a_card_that_lies_is_refused(saved, values, said):
    change(saved, **values)
    with pytest.raises(ExplorerError, match=said):
        weights.load("digits", saved)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b" " * 2_000_000])
def test_a_card_that_is_no_card_is_refused_and_left_out_of_the_list(saved, content, caplog):
    (saved / "digits.json").write_bytes(content)
    with pytest.raises(ExplorerError):
        weights.load("digits", saved)
    assert weights.cards(saved) == {} and "digits.json" in caplog.text


def test_a_truncated_or_foreign_file_is_refused(saved):
    path = saved / "digits.safetensors"
    whole = path.read_bytes()
    for content in (b"", whole[:-1], whole[:100], b"PK\x03\x04" + whole, whole + bytes(2**21)):
        path.write_bytes(content)
        with pytest.raises(ExplorerError):
            weights.load("digits", saved)
    path.unlink()
    with pytest.raises(ExplorerError, match="cannot be read"):
        weights.load("digits", saved)
    assert weights.cards(saved) == {}


def test_contents_are_checked_even_where_the_hash_agrees(saved):
    good = tensors(saved)
    bent = {"shape": good | {"head.bias": good["head.bias"][:9].clone()},
            "is missing": {key: value for key, value in good.items() if key != "head.bias"},
            "no place": good | {"extra": torch.zeros(1)},
            "not all finite float16": good | {"head.bias": torch.full((10,), float("inf"))},
            "float16 or float32": good | {"head.bias": torch.zeros(10, dtype=torch.int32)}}  # fmt: skip
    for said, changed in bent.items():
        rewrite(saved, changed)
        with pytest.raises(ExplorerError, match="not \\(10,\\)" if said == "shape" else said):
            weights.load("digits", saved)


def test_a_pickle_is_never_run(saved, tmp_path):
    class Bomb:
        def __reduce__(self):
            return (open, (str(tmp_path / "ran"), "w"))

    path = saved / "digits.safetensors"
    torch.save({"head.bias": Bomb()}, path)
    change(saved, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(ExplorerError, match="not a safetensors file"):
        weights.load("digits", saved)
    assert not (tmp_path / "ran").exists()
