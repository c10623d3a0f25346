"""What earlier versions wrote stays valid: fingerprints, a stopped run, cards, a store of runs."""

import json
import shutil
from dataclasses import fields
from pathlib import Path

import pytest
import torch

from explorer import subjects
from explorer.data import dataset
from explorer.networks import evaluation, weights
from explorer.training.dispatch.launcher import prepare
from explorer.training.recipe.recipe import Recipe
from explorer.training.store.publish import has_weights
from explorer.training.store.runs import Store
from explorer.training.store.status import sentence, status
from explorer.training.work import metrics
from explorer.training.work.augment import Images
from explorer.training.work.loop import train

EARLIER, ROOT = Path(__file__).with_name("earlier"), Path(__file__).parents[2]
KNOWN = json.loads((EARLIER / "fingerprints.json").read_text())
SHIPPED = [file.with_suffix(".json") for file in ROOT.glob("pretrained/*.safetensors")]
PUBLISHED = [*SHIPPED, *ROOT.glob("benchmarks/seeds/*.json")]


@pytest.mark.parametrize("name", KNOWN)
def test_a_recipe_of_then_has_the_fingerprint_of_then(name):
    known = KNOWN[name]
    assert Recipe.from_dict(known["recipe"]).fingerprint == known["fingerprint"]


def test_a_field_that_came_later_counts_once_it_is_used():
    later = [field for field in fields(Recipe) if field.metadata["later"]]
    assert {field.name for field in later} == {field.name for field in fields(Recipe)} - set(
        KNOWN["defaults"]["recipe"]
    )
    prints = {Recipe().fingerprint, *(Recipe().changed(**{field.name: 2}).fingerprint for field in later)}
    assert len(prints) == 1 + len(later)


def test_a_run_that_was_stopped_then_goes_on_today(tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(EARLIER / "stopped", folder)
    before = metrics.read(folder)
    outcome = train(Recipe.from_json((folder / "recipe.json").read_bytes()), folder)
    assert (outcome.state, outcome.epoch) == ("finished", 2)
    after = metrics.read(folder)
    assert len(before) == 1 and after[:1] == before and len(after) == 2


def test_every_published_card_has_a_recipe_that_is_known():
    cards = [weights.read_card(path.stem, path.parent) for path in PUBLISHED]
    found = {Recipe.from_dict(card.recipe).fingerprint for card in cards if not card.source}
    assert found <= {known["fingerprint"] for known in KNOWN.values()}


@pytest.fixture
def store(tmp_path):
    """The runs folder of version 0.1 with a finished run and one that was stopped in its second epoch of thirty."""
    return Store(shutil.copytree(EARLIER / "store", tmp_path / "runs"))


def test_a_store_of_then_is_listed_today(store):
    stopped, finished = store.all()
    assert [(run.state, run.recipe["epochs"], run.sweep) for run in (stopped, finished)] == [
        ("stopped", 30, ""),
        ("finished", 2, ""),
    ]
    assert (stopped.reason, stopped.owner, stopped.host) == ("stopped in epoch 2.", "terminal:someone", "then")
    now = status(store, finished)
    assert (sentence(now), now.epoch, now.share) == ("finished", 2, 1.0) and now.last == pytest.approx(91.88, abs=0.01)


def test_a_network_of_then_opens_today(store):
    _, finished = store.all()
    assert has_weights(finished)
    model, card = weights.load("weights", finished.folder)
    subject = subjects.run(finished.id, finished.folder, finished.recipe)
    assert subject.parameters == card.parameters and f"{card.accuracy:.2f} % right" in subject.about
    result = evaluation.read(finished.folder / "eval.npz")
    digits = dataset("optdigits", "test")
    found = evaluation.logits_of(model, Images(digits, torch.device("cpu"))).argmax(1).numpy()
    assert (found != result.predictions).sum() <= 1  # a tie may fall either way on another processor
    assert result.accuracy == pytest.approx(card.accuracy, abs=1e-3)


@pytest.mark.slow
def test_a_run_that_was_stopped_then_is_queued_and_goes_on_to_its_end(store):
    stopped = store.all()[0]
    before = metrics.read(stopped.folder)
    run = store.resume(stopped.id)
    assert run.state == "queued" and store.claim(run.id, "cpu", "here")
    prepare(run, run.recipe)
    outcome = train(Recipe.from_dict(run.recipe), run.folder)
    assert (outcome.state, outcome.epoch) == ("finished", 30)
    after = metrics.read(run.folder)
    assert 0 < len(before) < 30 and after[: len(before)] == before and len(after) == 30
    assert store.settle(run.id, outcome.state) and has_weights(store.get(run.id))
