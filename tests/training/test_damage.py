"""What one damaged run does to the others: nothing. Its files are read as far as they are what a run writes."""

import json
import time

import pytest

from explorer.training import ending, metrics
from explorer.training.runs import Store
from explorer.training.status import sentence, status, statuses
from tests.training.helpers import recipe


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs")


@pytest.mark.parametrize(
    "field",
    [
        {"test_accuracy": "x"},
        {"test_accuracy": None},
        {"test_accuracy": [1.0]},
        {"test_accuracy": 10**400},
        {"images_per_second": "x"},
        {"epoch": True},
        {"epoch": 10**400},
        {"epoch": -3},
    ],
    ids=lambda field: str(field)[:30],
)
def test_a_line_with_a_wrong_type_is_left_out(store, field):
    good, bad = store.create(recipe()), store.create(recipe())
    for run in (good, bad):
        metrics.append(run.folder, {"epoch": 1, "test_accuracy": 50.0})
    metrics.append(bad.folder, {"epoch": 2, "test_accuracy": 60.0, **field})
    assert {now.last for now in statuses(store, store.all()).values()} == {50.0}
    assert [line["epoch"] for line in metrics.read(bad.folder)] == [1]


@pytest.mark.parametrize(
    "field",
    ['"time": "x"', '"time": null', '"batches": "x"', '"batches": [1]', '"batch": {}', '"epoch": null', '"eta": "x"',
     '"eta": 1e999', '"eta": NaN', '"eta": 1' + "0" * 400, '"batches": 1' + "0" * 400, '"images_per_second": "fast"',
     '"loss": "low"', '"phase": 5'],
    ids=lambda field: field[:20],
)  # fmt: skip
def test_a_field_of_progress_with_a_wrong_type_is_left_out(store, field):
    run = store.create(recipe(epochs=10))
    store.claim(run.id, "cpu")
    whole = {"epoch": 3, "batch": 1, "batches": 4, "eta": 60.0, "loss": 0.5, "images_per_second": 7.0}
    text = json.dumps({**whole, "phase": "training", "time": time.time() + 60})
    (run.folder / metrics.PROGRESS).write_text(f"{text[:-1]}, {field}}}")
    now = status(store, store.get(run.id))
    assert 0 <= now.share <= 0.325 and sentence(now) in ("starting", "running", "running, 60 s left")
    assert all(value is None or 0 < value < 1e6 for value in (now.left, now.rate, now.loss))


def test_a_folder_where_a_file_should_be_is_a_file_that_is_not_there(store):
    run = store.create(recipe())
    store.claim(run.id, "cpu")
    for name in (metrics.FILE, metrics.PROGRESS):
        (run.folder / name).mkdir()
    assert status(store, store.get(run.id)).epoch == 0


def test_a_deeply_nested_outcome_is_none(tmp_path):
    (tmp_path / "outcome.json").write_text("[" * 100_000)
    assert ending.outcome(tmp_path) == {}
