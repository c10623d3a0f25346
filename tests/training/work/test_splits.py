"""Images set aside: disjoint, stratified, always the same, and the test images seen once, at the end."""

import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import data
from explorer.errors import ExplorerError
from explorer.networks import evaluation, weights
from explorer.training.recipe.recipe import preset
from explorer.training.work import metrics, splits
from explorer.training.work.loop import train

HELD = preset("digits", epochs=2, device="cpu", holdout=800)
labelled = st.lists(st.integers(0, 6), min_size=20, max_size=200).map(torch.tensor)


@settings(max_examples=200, deadline=None)
@given(labelled, st.data())
def test_a_holdout_is_disjoint_complete_and_stratified(labels, draw):
    count = draw.draw(st.integers(1, len(labels) // 2))
    stays, aside = splits.holdout(labels, count)
    assert len(aside) == count and sorted([*stays.tolist(), *aside.tolist()]) == list(range(len(labels)))
    for label in labels.unique():
        share = count * int((labels == label).sum()) / len(labels)
        assert abs(int((labels[aside] == label).sum()) - share) < 1
    assert all(map(torch.equal, splits.holdout(labels, count), (stays, aside)))


@settings(max_examples=100, deadline=None)
@given(labelled)
def test_the_folds_share_all_images_out_and_are_stratified(labels):
    sides = [splits.fold(labels, number) for number in range(1, splits.FOLDS + 1)]
    assert sorted(torch.cat([aside for _, aside in sides]).tolist()) == list(range(len(labels)))
    for stays, aside in sides:
        assert sorted([*stays.tolist(), *aside.tolist()]) == list(range(len(labels)))
        for label in labels.unique():
            assert abs(int((labels[aside] == label).sum()) - int((labels == label).sum()) / splits.FOLDS) < 1


def test_what_is_set_aside_is_the_same_for_every_seed_and_state_of_chance():
    first = splits.splits(HELD).watched
    torch.manual_seed(99)
    second = splits.splits(HELD.changed(seed=5, model="cnn", epochs=9)).watched
    assert torch.equal(first.images, second.images) and torch.equal(first.labels, second.labels)


@pytest.fixture
def loads(monkeypatch):
    """Every split that is loaded, in order, with the metrics lines that there were."""
    asked = []

    def counting(name, split, root="data"):
        asked.append(split)
        return data.dataset(name, split, root)

    monkeypatch.setattr(splits, "dataset", counting)
    return asked


def test_the_test_images_are_not_even_loaded_before_the_last_epoch_is_over(tmp_path, loads):
    seen = []
    outcome = train(HELD, tmp_path, on_progress=lambda now: seen.append((now["phase"], tuple(loads))))
    assert outcome.state == "finished" and loads == ["train", "test"]
    early = {split for phase, before in seen if phase not in ("writing weights", "finished") for split in before}
    assert early == {"train"}


def test_curves_are_the_holdouts_and_the_card_is_the_test_images(tmp_path):
    outcome = train(HELD, tmp_path)
    model, card = weights.load("weights", tmp_path)
    sides = splits.splits(HELD)

    def accuracy(split):
        mean, std = torch.tensor(card.mean).view(1, -1, 1, 1), torch.tensor(card.std).view(1, -1, 1, 1)
        with torch.inference_mode():
            return 100 * float((model((split.images / 255 - mean) / std).argmax(1) == split.labels).double().mean())

    assert card.accuracy == pytest.approx(accuracy(data.dataset("optdigits", "test")), abs=1e-3)
    assert outcome.accuracy == pytest.approx(card.accuracy, abs=1e-3)
    # the weights are written as float16, the curve's last point is of the float32 ones
    assert metrics.read(tmp_path)[-1]["test_accuracy"] == pytest.approx(accuracy(sides.watched), abs=0.3)
    result = evaluation.read(tmp_path / "eval.npz")
    assert np.array_equal(result.labels, data.dataset("optdigits", "test").labels)
    assert card.split["training images"] == 3823 - 800 and "800 of " in card.notes


@pytest.mark.slow
def test_a_run_with_a_holdout_that_was_cut_is_the_run_that_was_not(tmp_path):
    assert train(HELD, tmp_path / "whole").state == "finished"
    for cut in (30, 40):
        left = iter(range(cut))
        assert train(HELD, tmp_path / "cut", should_stop=lambda left=left: next(left, None) is None).state == "stopped"
    assert train(HELD, tmp_path / "cut").state == "finished"
    for name in ("weights.safetensors", "metrics.jsonl"):
        one, other = ((tmp_path / folder / name).read_bytes() for folder in ("whole", "cut"))
        if name.endswith("jsonl"):
            one, other = (
                [{**json.loads(line), "seconds": 0, "images_per_second": 0} for line in text.splitlines()]
                for text in (one, other)
            )
        assert one == other


def test_a_fold_takes_the_place_of_the_test_images(tmp_path, loads):
    recipe = preset("digits", epochs=1, device="cpu", fold=2)
    assert train(recipe, tmp_path).state == "finished" and loads == ["train"]
    card = weights.read_card("weights", tmp_path)
    labels = data.dataset("optdigits", "train").labels
    assert card.split["images"] == len(splits.fold(labels, 2)[1]) and card.split["name"] == "fold"
    assert np.array_equal(evaluation.read(tmp_path / "eval.npz").labels, labels[splits.fold(labels, 2)[1]])
    assert card.split["images"] + card.split["training images"] == 3823


def test_more_than_half_is_one_sentence(tmp_path):
    outcome = train(HELD.changed(holdout=2000), tmp_path)
    assert outcome.state == "failed" and outcome.reason == (
        "holdout is 2,000: optdigits has 3,823 training images, so give 1,911 or fewer, half of them"
    )
    with pytest.raises(ExplorerError, match="holdout is -1: give a whole number from 0 to 100,000"):
        HELD.changed(holdout=-1)
    with pytest.raises(ExplorerError, match="fold is 6: give a whole number from 0 to 5"):
        HELD.changed(fold=6)
