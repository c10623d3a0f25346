"""Networks to look into, from weights, runs and seeds."""

import os
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from explorer import subjects
from explorer.errors import ExplorerError
from explorer.networks import stack, weights, zoo
from tests.networks.test_weights import CARD

RECIPE = {"model": "digits-cnn", "dataset": "optdigits", "width": 64, "epochs": 30, "stack": ""}
PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8))


def test_a_network_sees_what_it_was_trained_on(tmp_path):
    weights.save(zoo.build("digits-cnn", seed=1), CARD, tmp_path, name="digits")
    subject = subjects.pretrained("digits", tmp_path)
    batch = subject.sees(PICTURE)
    assert batch.shape == (1, 1, 8, 8) and "96.00 % right on 1,797 test images" in subject.about
    shown = subject.shown(batch)
    torch.testing.assert_close((shown - 0.3) / 0.37, batch[0], atol=1e-5, rtol=0)


def test_the_same_seed_is_the_same_untrained_network():
    first, again, other = (subjects.untrained("cabeq-rn-1", 4, seed) for seed in (0, 0, 1))
    u = first.sees(PICTURE)
    assert torch.equal(first.model(u), again.model(u)) and not torch.equal(first.model(u), other.model(u))
    assert "random (seed 0)" in first.about and first.version != other.version


def test_a_stack_from_a_link_is_built():
    rows = stack.parse(
        {
            "name": "mine",
            "input": [3, 16, 16],
            "rows": [
                {"kind": "conv", "channels": 4},
                {"kind": "activation"},
                {"kind": "flatten"},
                {"kind": "dense", "units": 10},
            ],
        }
    )
    subject = subjects.of_stack(rows.link(), 0)
    assert subject.model(subject.sees(PICTURE)).shape == (1, 10) and subject.size == 16
    for given, said in (([3, 16, 20], "square"), ([2, 16, 16], "2 channels")):
        with pytest.raises(ExplorerError, match=said):
            subjects.of_stack(replace(rows, input=tuple(given)).link(), 0)
    with pytest.raises(ExplorerError, match="link"):
        subjects.of_stack("nonsense", 0)
    flat = replace(rows, input=(3, 1024, 1024), rows=rows.rows[:2])
    with pytest.raises(ExplorerError, match=r"less than|more than 10,000,000 values"):
        subjects.of_stack(replace(flat, rows=flat.rows * 2).link(), 0)


def test_a_run_is_opened_at_its_newest_checkpoint(tmp_path):
    with pytest.raises(ExplorerError, match="no checkpoint yet"):
        subjects.run("r1", tmp_path, RECIPE)
    models_by_epoch = [zoo.build("digits-cnn", seed=seed) for seed in range(3)]
    u = torch.randn(1, 1, 8, 8)
    torch.save({"model": models_by_epoch[0].state_dict(), "epoch": 4}, tmp_path / "prev.pt")
    (tmp_path / "last.pt").write_bytes(b"cut off")
    assert "after epoch 4 of 30" in subjects.run("r1", tmp_path, RECIPE).about
    torch.save({"model": models_by_epoch[1].state_dict(), "epoch": 5}, tmp_path / "last.pt")
    running = subjects.run("r1", tmp_path, RECIPE, "my run")
    assert "my run, after epoch 5" in running.about and torch.equal(running.model(u), models_by_epoch[1].eval()(u))
    before = subjects.checkpoint(tmp_path)
    weights.save(models_by_epoch[2], CARD, tmp_path, name="weights")
    assert subjects.checkpoint(tmp_path) != before
    finished = subjects.run("r1", tmp_path, RECIPE)
    torch.testing.assert_close(finished.model(u), models_by_epoch[2].eval()(u), atol=1e-2, rtol=1e-2)
    later = (tmp_path / "weights.json").stat().st_mtime + 1  # it was extended and goes on
    os.utime(tmp_path / "last.pt", (later, later))
    assert "after epoch 5" in subjects.run("r1", tmp_path, RECIPE).about


@pytest.mark.parametrize(("content", "recipe", "said"), [
    (None, RECIPE, "cannot be read"),
    ({"epoch": 3}, RECIPE, "cannot be read"),
    ({"model": {"head.bias": torch.zeros(3)}}, RECIPE, "does not fit its recipe"),
    ({"model": 7}, RECIPE, "does not fit its recipe"),
    ({"model": {}}, RECIPE | {"dataset": "folder:photos"}, "folder of its own"),
])  # fmt: skip
def test_a_checkpoint_that_does_not_fit_is_said(tmp_path, content, recipe, said):
    torch.save(content, tmp_path / "last.pt")
    if content is None:
        (tmp_path / "last.pt").write_bytes(b"\x80\x02cbuiltins\neval\n.")
    with pytest.raises(ExplorerError, match=said):
        subjects.run("r1", tmp_path, recipe)
