"""What earlier versions wrote stays valid: fingerprints, a stopped run, cards."""

import json
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from explorer.training.recipe.recipe import Recipe
from explorer.training.work import metrics
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
    found = {Recipe.from_dict(json.loads(path.read_text())["recipe"]).fingerprint for path in PUBLISHED}
    assert found <= {known["fingerprint"] for known in KNOWN.values()}
