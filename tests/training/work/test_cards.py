"""Whatever a card will need is asked before the first epoch: no run is lost at its last step."""

import os

import pytest
import torch
from PIL import Image

from explorer.errors import ExplorerError
from explorer.networks.card import check_classes
from explorer.training.dispatch import timing
from explorer.training.recipe.recipe import Recipe
from explorer.training.work import metrics
from explorer.training.work.loop import train


def pictures(base: bytes, *classes: bytes) -> str:
    for place, name in enumerate(classes):
        folder = os.path.join(base, name)
        try:
            os.makedirs(folder)
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
        for number in range(6):
            Image.new("L", (8, 8), 40 * place + number).save(os.fsdecode(os.path.join(folder, b"%d.png" % number)))
    return f"folder:{os.fsdecode(base)}"


@pytest.mark.parametrize("name", [b"caf\xe9", b"a" * 81], ids=["no UTF-8", "too long"])
def test_a_class_that_no_card_can_hold_is_said_before_the_first_epoch(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    wish = Recipe(
        dataset=pictures(os.fsencode(tmp_path / "set"), b"good", name),
        model="digits-cnn",
        epochs=1,
        device="cpu",
        batch_size=2,
    )
    outcome = train(wish, tmp_path / "run")
    assert outcome.state == "failed" and "the name of a class" in outcome.reason and "rename it" in outcome.reason
    assert outcome.reason.isprintable() and metrics.read(tmp_path / "run") == []
    with pytest.raises(ExplorerError, match="the name of a class"):
        timing.measure(wish)


def test_names_at_the_limit_are_taken():
    check_classes(("é" * 80, "b"))
    for bad in (("a",), ("",) * 2, ("a", 3), ("a", "b" * 81), ["a", "b"], ("a", "\ud800")):
        with pytest.raises(ExplorerError, match="class"):
            check_classes(bad)


def test_what_weights_would_refuse_is_said_before_the_first_epoch(tmp_path, monkeypatch):
    wish = Recipe(epochs=1, device="cpu", precision="float32")
    monkeypatch.setattr("explorer.training.work.export.hardware", lambda device: "x" * 3000)
    outcome = train(wish, tmp_path)
    assert outcome.state == "failed" and "hardware" in outcome.reason and metrics.read(tmp_path) == []


def test_the_rehearsal_leaves_the_run_as_it_was(tmp_path, monkeypatch):
    wish = Recipe(epochs=1, device="cpu", precision="float32", batch_size=512)
    assert train(wish, tmp_path / "with").state == "finished"
    monkeypatch.setattr("explorer.training.work.export.rehearse", lambda run: None)
    assert train(wish, tmp_path / "without").state == "finished"
    one, other = (torch.load(tmp_path / name / "last.pt", weights_only=True)["model"] for name in ("with", "without"))
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_a_dataset_by_a_name_that_is_no_utf8_is_refused_as_a_recipe():
    with pytest.raises(ExplorerError, match="in UTF-8"):
        Recipe(dataset="folder:/x/caf\udce9")
