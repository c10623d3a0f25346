"""One run: the same run whether interrupted or not, and an honest end whatever happens."""

import contextlib
import errno
import json
import math
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer import data
from explorer.errors import ExplorerError
from explorer.networks import evaluation, weights, zoo
from explorer.networks.cable_layer import CabEqConv2d
from explorer.training.recipe.recipe import Recipe, preset
from explorer.training.work import checkpoint, control, export, metrics, optimiser, precision
from explorer.training.work.loop import train

SMALL = preset("digits", epochs=2, crop_padding=1, flip=True, device="cpu")  # 59 batches an epoch
CABLE = preset("quick", width=2, epochs=1, batch_size=512, precision="float32", device="cpu")


def after(steps):
    """A request to stop that comes when it was asked for the steps-th time."""
    left = iter(range(steps))
    return lambda: next(left, None) is None


def numbers(folder):
    """All that a run is: weights, momentum and metrics, less what the clock says."""
    state = torch.load(folder / "last.pt", weights_only=True)
    parts = state["optimiser"] if isinstance(state["optimiser"], list) else [state["optimiser"]]
    momentum = [each.get("momentum_buffer") for part in parts for each in part["state"].values()]
    lines = [
        {key: value for key, value in line.items() if key not in ("images_per_second", "seconds")}
        for line in metrics.read(folder)
    ]
    return state["model"], momentum, lines


def same(ours, theirs):
    assert ours[0].keys() == theirs[0].keys() and ours[2] == theirs[2]
    pairs = [*zip(ours[0].values(), theirs[0].values(), strict=True), *zip(ours[1], theirs[1], strict=True)]
    return all(a is b if a is None or b is None else torch.equal(a, b) for a, b in pairs)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    outcome = train(SMALL, folder)
    assert outcome.state == "finished", outcome
    return folder, outcome


@pytest.mark.slow
@pytest.mark.parametrize("cut", [0, 1, 31, 60, 61, 62, 63, 100, 120])
def test_a_run_that_was_cut_is_bit_for_bit_the_run_that_was_not(tmp_path, whole, cut):
    stopped = train(SMALL, tmp_path, should_stop=after(cut))
    assert stopped.state == "stopped" and (tmp_path / "last.pt").exists() == (cut > 0)
    again = train(SMALL, tmp_path)
    assert again == whole[1]
    assert same(numbers(tmp_path), numbers(whole[0]))
    assert (tmp_path / "weights.safetensors").read_bytes() == (whole[0] / "weights.safetensors").read_bytes()


def test_many_cuts_with_momentum_batchnorm_and_dropout(tmp_path, monkeypatch):
    rows = [
        {"kind": "conv", "channels": 4},
        {"kind": "batchnorm"},
        {"kind": "activation"},
        {"kind": "dropout"},
        {"kind": "flatten"},
        {"kind": "dense"},
    ]
    recipe = preset(
        "good",
        dataset="optdigits",
        stack=json.dumps(rows),
        epochs=2,
        batch_size=256,
        device="cpu",
        precision="float32",
        rotation=10.0,
        cutout=2,
    )
    assert train(recipe, tmp_path / "whole").state == "finished"
    for _ in range(30):
        outcome = train(recipe, tmp_path / "cut", should_stop=after(7))
        if outcome.state == "finished":
            break
    assert outcome.state == "finished"
    assert same(numbers(tmp_path / "cut"), numbers(tmp_path / "whole"))


def test_what_a_finished_run_leaves_behind(whole):
    folder, outcome = whole
    lines, test = metrics.read(folder), data.dataset("optdigits", "test")
    assert [line["epoch"] for line in lines] == [1, 2]
    assert {
        "train_loss",
        "train_accuracy",
        "test_loss",
        "test_accuracy",
        "learning_rate",
        "images_per_second",
        "gradient_norm",
        "cable",
    } <= lines[0].keys()
    model, card = weights.load("weights", folder)
    mean, std = torch.tensor(card.mean).view(1, -1, 1, 1), torch.tensor(card.std).view(1, -1, 1, 1)
    with torch.inference_mode():
        logits = model((test.images / 255 - mean) / std)
    result = evaluation.read(folder / "eval.npz")
    accuracy = 100 * float((logits.argmax(1) == test.labels).double().mean())
    assert accuracy == pytest.approx(card.accuracy, abs=1e-3) == pytest.approx(outcome.accuracy, abs=1e-3)
    assert result.accuracy == outcome.accuracy
    assert np.array_equal(result.predictions, logits.argmax(1).numpy())
    assert np.array_equal(result.confusion.sum(1), np.bincount(test.labels, minlength=10))
    assert result.confusion.diagonal().sum() == (result.predictions == result.labels).sum()
    np.testing.assert_allclose(result.per_class, 100 * result.confusion.diagonal() / result.confusion.sum(1))
    np.testing.assert_allclose(result.probabilities.astype(float).sum(1), 1, atol=5e-3)
    assert result.curves["test_accuracy"].tolist() == pytest.approx([line["test_accuracy"] for line in lines])
    assert Recipe.from_dict(card.recipe) == SMALL
    assert json.loads((folder / "outcome.json").read_text())["state"] == "finished"
    progress = metrics.read_progress(folder)
    assert (progress["phase"], progress["epoch"], progress["pid"]) == ("finished", 2, os.getpid())


def test_the_loss_and_gradient_of_a_step_are_those_of_plain_torch(tmp_path):
    """One epoch of one batch: everything in the metrics can be computed by hand."""
    recipe = preset(
        "digits",
        epochs=1,
        batch_size=3823,
        momentum=0.9,
        nesterov=True,
        weight_decay=0.01,
        label_smoothing=0.1,
        device="cpu",
    )
    assert train(recipe, tmp_path).state == "finished"
    split, line = data.dataset("optdigits", "train"), metrics.read(tmp_path)[0]
    model = zoo.build("digits-cnn", seed=recipe.seed)
    images = (split.images / 255 - split.mean[0]) / split.std[0]
    loss = F.cross_entropy(model(images), split.labels, label_smoothing=0.1)
    loss.backward()
    squares = sum(float((p.grad.double() ** 2).sum()) for p in model.parameters())
    assert line["train_loss"] == pytest.approx(loss.item(), rel=1e-4)
    assert line["gradient_norm"] == pytest.approx(math.sqrt(squares), rel=1e-4)
    found = torch.load(tmp_path / "last.pt", weights_only=True)["model"]
    for name, p in model.named_parameters():
        decay = 0.01 if p.ndim > 1 else 0.0
        gradient = p.grad + decay * p.detach()
        expected = p.detach() - 0.2 * (gradient + 0.9 * gradient)  # Nesterov's first step
        torch.testing.assert_close(found[name], expected, rtol=1e-4, atol=1e-6)


def test_weight_decay_is_for_convolution_and_linear_weights_only():
    model = zoo.build("cabeq-rn-2", width=4)
    groups = optimiser.groups(model, 5e-4)
    names = [name for group in groups for name in group["names"]]
    assert sorted(names) == sorted(name for name, _ in model.named_parameters())
    kinds = {
        f"{path}.{name}": module
        for path, module in model.named_modules()
        for name, _ in module.named_parameters(recurse=False)
    }
    for group in groups:
        for name in group["names"]:
            plain = isinstance(kinds[name], (nn.Conv2d, nn.Linear)) and name.endswith("weight")
            assert group["weight_decay"] == (5e-4 if plain else 0.0), name
            assert group["learning_rate_factor"] == (
                CabEqConv2d.learning_rate_factor if isinstance(kinds[name], CabEqConv2d) else 1.0
            )


@pytest.mark.slow
def test_cable_layers_are_followed_over_the_epochs_and_into_the_card(tmp_path):
    assert train(CABLE.changed(epochs=2, batch_size=128), tmp_path).state == "finished"
    model, card = weights.load("weights", tmp_path)
    result = evaluation.read(tmp_path / "eval.npz")
    layers = {name: module for name, module in model.named_modules() if isinstance(module, CabEqConv2d)}
    assert len(layers) == 4 and result.cable.keys() == layers.keys() == card.cable["layers"].keys()
    for name, module in layers.items():
        courses = result.cable[name]  # of four digits: one of the three may stand still from one epoch to the next
        assert not all(np.array_equal(*courses[quantity]) for quantity in ("phi", "psi", "tau"))
        for quantity in ("phi", "psi", "tau"):
            course = courses[quantity]
            assert course.shape == (2, *getattr(module, quantity).shape)
            np.testing.assert_allclose(course[-1], getattr(module, quantity).numpy(), rtol=5e-3, atol=2e-3)
    assert card.cable["start"]["1/phi^2"]["mean"] != card.cable["trained"]["1/phi^2"]["mean"]


def test_a_single_channel_spreads_by_nothing():
    spread = export.spread({"one": {"phi": [[2.0]], "psi": [[2.0]], "tau": [[0.5]]}})
    assert {name: values["std"] for name, values in spread.items()} == {"1/phi^2": 0.0, "1/psi^2": 0.0, "tau": 0.0}
    two = export.spread({"one": {"phi": [[2.0, 1.0]], "psi": [[2.0, 1.0]], "tau": [[0.5, 0.1]]}})
    assert two["tau"]["std"] == pytest.approx(np.std([0.5, 0.1], ddof=1))


@pytest.mark.parametrize("rate", [100.0])
def test_a_loss_that_is_no_number_stops_the_run_and_spares_the_checkpoint(tmp_path, rate):
    recipe = preset("digits", epochs=3, learning_rate=rate, momentum=0.99, device="cpu")
    outcome = train(recipe, tmp_path)
    assert outcome.state == "failed" and "lower the learning rate" in outcome.reason
    assert json.loads((tmp_path / "outcome.json").read_text())["reason"] == outcome.reason
    state, _ = checkpoint.load(tmp_path, recipe.fingerprint)
    assert state is None or all(tensor.isfinite().all() for tensor in state["model"].values())


def test_a_corrupt_checkpoint_gives_way_to_the_one_before(tmp_path, whole, capsys):
    train(SMALL, tmp_path, should_stop=after(100))
    train(SMALL, tmp_path, should_stop=after(5))
    (tmp_path / "last.pt").write_bytes(b"not a checkpoint")
    assert train(SMALL, tmp_path) == whole[1]
    assert "last.pt cannot be read" in capsys.readouterr().out
    assert same(numbers(tmp_path), numbers(whole[0]))


def test_a_full_disk_fails_the_run_and_keeps_the_checkpoint_before(tmp_path, whole, monkeypatch):
    train(SMALL, tmp_path, should_stop=after(70))
    before = (tmp_path / "last.pt").read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(torch, "save", full)
        outcome = train(SMALL, tmp_path)
    assert outcome.state == "failed" and outcome.reason.startswith("the disk is full: ")
    assert (tmp_path / "last.pt").read_bytes() == before
    assert train(SMALL, tmp_path) == whole[1] and same(numbers(tmp_path), numbers(whole[0]))


def test_a_folder_that_cannot_be_written_is_a_reason_not_a_traceback(tmp_path):
    (tmp_path / "file").write_text("")
    outcome = train(SMALL, tmp_path / "file" / "run")
    assert outcome.state == "failed" and "could not be written" in outcome.reason


def test_two_processes_never_train_in_one_folder(tmp_path):
    outcomes = []

    def second(_):
        if not outcomes:
            outcomes.append(train(SMALL, tmp_path))
            assert "another process" in outcomes[0].reason

    assert train(SMALL.changed(epochs=1), tmp_path, on_progress=second).state == "finished"
    assert outcomes[0].state == "failed"


def test_more_epochs_continue_the_same_curves(tmp_path, whole):
    train(SMALL, tmp_path)
    assert train(SMALL.extended(1), tmp_path).epoch == 3
    assert numbers(tmp_path)[2][:2] == numbers(whole[0])[2] and metrics.read(tmp_path)[2]["epoch"] == 3
    assert "another recipe" in train(SMALL.changed(seed=1), tmp_path).reason


def test_a_network_that_does_not_fit_its_images_is_said_so(tmp_path):
    outcome = train(preset("digits", early_crop=5, epochs=1, device="cpu"), tmp_path)
    assert outcome.state == "failed" and "early_crop is 5" in outcome.reason
    assert train(CABLE.changed(early_crop=8, batch_size=1024), tmp_path / "fits").state == "finished"


@pytest.mark.slow
def test_auto_precision_is_decided_once_and_said(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(precision, "step_seconds", lambda *given: {"float32": 2, "bfloat16": 1}[given[-1]])
    recipe = CABLE.changed(precision="auto")
    train(recipe, tmp_path, should_stop=after(4))
    assert "precision bfloat16: 1e+03 ms a step of 512 images against 2e+03 ms" in capsys.readouterr().out
    assert torch.load(tmp_path / "last.pt", weights_only=True)["precision"] == "bfloat16"
    assert train(recipe, tmp_path).state == "finished" and "against" not in capsys.readouterr().out
    assert "bfloat16" in weights.load("weights", tmp_path)[1].notes


@pytest.mark.slow
@pytest.mark.parametrize("ask", ["file", signal.SIGTERM])
def test_a_process_leaves_when_asked(tmp_path, ask):
    recipe = preset("digits", epochs=1000, device="cpu")
    (tmp_path / "recipe.json").write_text(recipe.to_json())
    process = subprocess.Popen(
        [sys.executable, "-m", "explorer.training.work.loop", str(tmp_path)], stdout=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + 90
        while not (tmp_path / "metrics.jsonl").exists() or not metrics.read(tmp_path):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        (tmp_path / control.STOP).touch() if ask == "file" else process.send_signal(ask)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0 and b"stopped" in output
    outcome = json.loads((tmp_path / "outcome.json").read_text())
    state, note = checkpoint.load(tmp_path, recipe.fingerprint)
    assert outcome["state"] == "stopped" and state["epoch"] == outcome["epoch"] and not note


def test_an_evaluation_that_is_none_is_refused(tmp_path):
    (tmp_path / "eval.npz").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ExplorerError):
        evaluation.read(tmp_path / "eval.npz")
    with pytest.raises(ExplorerError):
        evaluation.read(tmp_path / "missing.npz")


def test_a_damaged_evaluation_is_itself_or_refused(tmp_path):
    logits, labels = torch.randn(20, 3, generator=torch.Generator().manual_seed(0)), torch.arange(20) % 3
    evaluation.write(tmp_path / "whole.npz", evaluation.evaluation(logits, labels, []))
    whole = (tmp_path / "whole.npz").read_bytes()
    random = np.random.default_rng(0)
    for _ in range(300):
        content = bytearray(whole)
        content[random.integers(len(content))] ^= 1 << random.integers(8)
        (tmp_path / "eval.npz").write_bytes(content)
        with contextlib.suppress(ExplorerError):
            evaluation.read(tmp_path / "eval.npz")
    with np.load(tmp_path / "whole.npz") as file:
        arrays = dict(file)
    wrong = {
        "shorter": {"labels": arrays["labels"][:5]}, "empty": {"probabilities": np.zeros((0, 3))},
        "another class": {"predictions": arrays["predictions"] + 3}, "words": {"per_class": np.array(list("abc"))},
        "large": {"curve/epoch": np.zeros(10**7)}, "uneven": {"curve/a": np.zeros(2), "curve/b": np.zeros(3)},
    }  # fmt: skip
    for name, changed in wrong.items():
        np.savez_compressed(tmp_path / "eval.npz", **{**arrays, **changed})
        with pytest.raises(ExplorerError, match="is no evaluation"):
            raise AssertionError(name, evaluation.read(tmp_path / "eval.npz"))


def test_what_ends_the_process_is_not_hidden_behind_an_error_of_ours(tmp_path):
    """A second Ctrl-C, or sys.exit in someone's callback: it goes through as it came, and the folder is free again."""

    def leave(*_):
        raise KeyboardInterrupt("now")

    with pytest.raises(KeyboardInterrupt, match="now"):
        train(SMALL, tmp_path, on_progress=leave)
    assert train(SMALL.changed(epochs=1), tmp_path).state == "finished"
