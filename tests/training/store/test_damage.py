"""What one damaged run does to the others: nothing. Its files are read as far as they are what a run writes."""

import json
import os
import shutil
import time

import pytest

from explorer.training.dispatch import ending
from explorer.training.dispatch.dispatcher import Dispatcher
from explorer.training.dispatch.launcher import Local
from explorer.training.store.runs import Store
from explorer.training.store.status import sentence, status, statuses
from explorer.training.work import metrics
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


class Clumsy(Local):
    """Raises what nobody foresaw for one of the runs."""

    def __init__(self, victim, where):
        super().__init__()
        self.victim, self.where, self.begun, self.seen = victim, where, [], []

    def start(self, run, places):
        if (run.id, self.where) == (self.victim, "start"):
            raise KeyError("processes")
        self.begun.append(run.id)
        return 0, "never born"

    def alive(self, run):
        if (run.id, self.where) == (self.victim, "watch"):
            raise ValueError("an odd file")
        self.seen.append(run.id)
        return True


def test_what_one_run_raises_while_it_is_watched_is_printed_once_and_the_others_go_on(store, capsys):
    bad, good, waiting = (store.create(recipe()) for _ in range(3))
    for run in (bad, good):
        store.claim(run.id, "cpu")
        store.attach(run.id, 1, "a birth")
    desk = Dispatcher(store, Clumsy(bad.id, "watch"))
    for run in (bad, good):
        store._write("UPDATE runs SET host = ? WHERE id = ?", (desk.host, run.id))
    assert desk.tick() and desk.tick()
    assert desk.launcher.seen == [good.id, good.id]
    assert capsys.readouterr().out.count(f"{bad.id}: ValueError: an odd file") == 1
    for run in (bad, good):
        store.settle(run.id, "finished")
    desk.tick()
    assert desk.launcher.begun == [waiting.id]


def test_a_run_that_cannot_be_started_fails_and_the_next_begins(store):
    bad, good = store.create(recipe()), store.create(recipe())
    desk = Dispatcher(store, Clumsy(bad.id, "start"))
    desk.tick()
    desk.tick()
    assert (store.get(bad.id).state, store.get(bad.id).reason) == ("failed", "it could not be started: 'processes'")
    assert desk.launcher.begun == [good.id]


@pytest.mark.parametrize("damage", [{"device": "cuda:" + "9" * 5000}, {"device": 7}, {"processes": "x"}], ids=str)
def test_a_stored_recipe_that_nobody_can_read_fails_and_the_next_begins(store, damage):
    bad, good = store.create(recipe()), store.create(recipe())
    values = json.dumps({**bad.recipe, "device": "cuda", **damage})
    store._write("UPDATE runs SET recipe = ? WHERE id = ?", (values, bad.id))
    desk = Dispatcher(store, Clumsy("", ""))
    desk.tick()
    assert store.get(bad.id).state == "failed" and "start it anew" in store.get(bad.id).reason
    assert desk.launcher.begun == [good.id]


def test_a_run_without_its_folder_is_ended_all_the_same(store):
    run = store.create(recipe())
    desk = Dispatcher(store, Clumsy("", ""))
    store.claim(run.id, "cpu", desk.host)
    store.attach(run.id, 1, "a birth")
    store.stop(run.id)
    shutil.rmtree(run.folder)
    desk.tick()
    assert run.id in desk.asked


def test_the_number_of_the_dispatcher_is_never_seen_half_written(store):
    file = store.root / "dispatcher.pid"
    file.write_text("1")
    with open(file) as reader:
        assert Dispatcher(store, Local(), pause=0, idle=0.01).run()
        assert reader.read() == "1", "a new file, and not the old one written over"
    assert file.read_text() == str(os.getpid())
