"""What is said of a run, in numbers, words and tables."""

import csv
import io
import time

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.papers import reported
from explorer.training.recipe.recipe import PRESETS, preset
from explorer.training.store import limits
from explorer.training.store.limits import Visitor
from explorer.training.store.runs import Store
from explorer.training.store.status import curves, duration, sentence, status, title
from explorer.training.store.table import as_csv, differing
from explorer.training.work import metrics
from explorer.training.work.parallel import set_up_torch
from tests.training.helpers import recipe


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs")


def line(epoch, accuracy):
    return {"epoch": epoch, "test_accuracy": accuracy, "images_per_second": 100.0 * epoch}


def test_share_best_and_pace_come_from_what_the_run_wrote(store):
    run = store.create(recipe(epochs=10))
    store.claim(run.id, "cpu")
    for epoch, accuracy in enumerate((50.0, 80.0, 70.0), start=1):
        metrics.append(run.folder, line(epoch, accuracy))
    now = status(store, store.get(run.id))
    assert (now.epoch, now.share, now.last, now.best, now.best_epoch) == (3, 0.3, 70.0, 80.0, 2)
    progress = {"epoch": 3, "batch": 1, "batches": 4, "images_per_second": 7.0, "eta": 1e6, "phase": "training"}
    metrics.write_progress(run.folder, {**progress, "time": time.time()})
    now = status(store, store.get(run.id))
    assert (now.share, now.rate) == (0.325, 7.0) and now.left == pytest.approx(1e6, abs=300)
    assert sentence(now) == "running, 12 days left"


def test_progress_from_before_a_resume_is_not_believed(store):
    run = store.create(recipe())
    metrics.write_progress(run.folder, {"epoch": 2, "batches": 4, "batch": 4, "phase": "testing", "time": time.time()})
    store.claim(run.id, "cpu")
    assert status(store, store.get(run.id)).phase == "starting"


def test_a_finished_phase_is_not_a_finished_run(store):
    run = store.create(recipe())
    store.claim(run.id, "cpu")
    metrics.write_progress(run.folder, {"epoch": 3, "phase": "finished", "time": time.time() + 1})
    assert sentence(status(store, store.get(run.id))) == "leaving"
    store.settle(run.id, "finished")
    assert sentence(status(store, store.get(run.id))) == "finished"


def test_a_line_that_is_still_being_written_is_left_out_until_it_is_whole(store):
    run = store.create(recipe())
    metrics.append(run.folder, line(1, 50.0))
    assert len(curves(run.folder)) == 1
    with open(run.folder / metrics.FILE, "a") as file:
        file.write('{"epoch": 2, "test_acc')
    assert len(curves(run.folder)) == 1
    with open(run.folder / metrics.FILE, "a") as file:
        file.write('uracy": 60.0}\n')
    assert curves(run.folder)[-1]["test_accuracy"] == 60.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (89.4, "89 s"), (90, "2 min"), (3600, "60 min"), (5400, "1 h 30 min"), (200_000, "2 days")],
)
def test_durations(seconds, words):
    assert duration(seconds) == words


def test_titles(store):
    assert title(store.create(recipe())) == "digits-cnn on UCI digits"
    assert title(store.create(recipe(), name="mine")) == "mine"


def test_csv_has_every_number_of_every_epoch():
    lines = [
        {**line(1, 50.0), "cable": {"c1": {"phi": [[1, 2]], "psi": [[3, 4]], "tau": [[5, 6]]}}},
        {**line(2, 60.0), "train_loss": 0.5},
    ]
    rows = list(csv.DictReader(io.StringIO(as_csv(lines))))
    assert [row["test_accuracy"] for row in rows] == ["50.0", "60.0"]
    assert (rows[0]["cable.c1.phi.1.2"], rows[0]["cable.c1.tau.1.1"], rows[1]["cable.c1.phi.1.2"]) == ("2", "5", "")
    assert (rows[0]["train_loss"], rows[1]["train_loss"]) == ("", "0.5")
    assert as_csv([]) == "epoch\n"


def test_only_differing_fields_are_told():
    one, two = preset("digits").to_dict(), preset("digits", seed=3, flip=True).to_dict()
    assert differing([one, two]) == {"flip": [False, True], "seed": [0, 3]}
    assert differing([one, one]) == {}


def test_reported_figures_are_those_of_the_papers():
    assert reported(preset("digits").to_dict()) == (96.0, "CNN from scratch")
    assert reported(preset("paper").to_dict()) == (89.83, "cable paper")
    assert reported(preset("paper", width=16).to_dict()) == (89.83, "cable paper, width 64")
    assert reported(preset("digits", stack='[{"kind": "flatten"}, {"kind": "dense", "units": 10}]').to_dict()) is None
    assert reported({"dataset": "elsewhere"}) is None
    assert len([name for name in PRESETS if reported(preset(name).to_dict())]) >= 4


@pytest.mark.parametrize("text", ["abc", "-1", "0", "2.5", "9" * 5000, "\u0663"], ids=lambda text: text[:5])
@pytest.mark.parametrize("variable", ["EXPLORER_MAX_EPOCHS", "EXPLORER_MAX_QUEUE", "EXPLORER_THREADS"])
def test_a_limit_that_is_no_number_is_said_and_not_taken_for_none(store, monkeypatch, variable, text):
    monkeypatch.setenv(variable, text)

    def ask():
        limits.check(store, Visitor("me"), 1)
        set_up_torch(torch.device("cpu"))

    with pytest.raises(ExplorerError, match=f"{variable} is '.{{1,40}}': give a whole number of 1 or more"):
        ask()


def test_limits_of_a_server(store, monkeypatch):
    me = Visitor("me")
    limits.check(store, me, 10_000)
    monkeypatch.setenv("EXPLORER_MAX_EPOCHS", "5")
    limits.check(store, me, 5)
    with pytest.raises(ExplorerError, match="epochs is 6: this server allows at most 5"):
        limits.check(store, me, 6)
    limits.check(store, "terminal:me", 6)
    monkeypatch.setenv("EXPLORER_MAX_QUEUE", "1")
    store.create(recipe())
    with pytest.raises(ExplorerError, match="1 runs wait or run already"):
        limits.check(store, me, 1)
    monkeypatch.setenv("EXPLORER_TRAINING", "OFF")
    with pytest.raises(ExplorerError, match="switched off"):
        limits.check(store, me, 1)
