"""Sweeps: the grid, what of it is queued, the command line, and the statistics against numpy."""

import multiprocessing
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import ExplorerError
from explorer.training.__main__ import main
from explorer.training.recipe.recipe import preset
from explorer.training.store import spread, sweeps
from explorer.training.store.runs import Store
from explorer.training.store.status import status
from explorer.training.work import metrics
from tests.training.helpers import unserved

MODELS, WIDTHS, SEEDS = ["original", "cabeq-rn-2"], [8, 16], [0, 1, 2]
DIGITS = {"dataset": "optdigits", "epochs": 1, "device": "cpu"}


@pytest.fixture
def store(tmp_path, monkeypatch):
    return unserved(tmp_path, monkeypatch)


def grid(models=MODELS, widths=WIDTHS, seeds=SEEDS, **changes):
    return sweeps.grid("good", {**DIGITS, **changes}, models, widths, seeds)


def finish(store, run, accuracy, state="finished"):
    store.claim(run.id, "cpu")
    metrics.append(run.folder, {"epoch": 1, "test_accuracy": accuracy})
    store.settle(run.id, state)


def now(store, sweep="one"):
    return [status(store, run) for run in sweeps.of(store, sweep)]


def test_the_grid_holds_every_combination_once_and_the_first_seed_of_all_comes_first():
    recipes = grid(seeds=[2, 0, 2])
    found = [(one.seed, one.width, one.model) for one in recipes]
    assert found == list(product([2, 0], WIDTHS, MODELS))
    assert {one.changed(seed=0, width=8, model="original") for one in recipes} == {grid(["original"], [8], [0])[0]}
    assert [one.width for one in grid(["original"], [], [0])] == [preset("good").width]


@given(counts=st.lists(st.integers(0, 10_000), min_size=3, max_size=30))
def test_mean_and_deviation_are_numpys_with_one_degree_of_freedom_less(counts):
    values = [count / 97 for count in counts]
    mean, deviation = (float(part) for part in spread.mean_and_deviation(values).split(" ± "))
    assert mean == pytest.approx(np.mean(values), abs=0.005 + 1e-9)
    assert deviation == pytest.approx(np.std(values, ddof=1), abs=0.005 + 1e-9)


def test_one_or_two_values_have_no_deviation_and_none_has_no_mean():
    assert spread.mean_and_deviation([12.345678]) == "12.35"
    assert spread.mean_and_deviation([90.58, 90.58]) == "90.58"
    assert spread.mean_and_deviation([]) == ""


def test_the_same_grid_again_queues_what_is_missing_only(store):
    new, there = sweeps.queue(store, "one", grid())
    assert (len(new), there) == (12, []) and {run.sweep for run in new} == {"one"}
    assert sweeps.queue(store, "one", grid())[0] == []
    finish(store, new[0], 90.0)
    store.stop(new[1].id)
    store.delete(new[2].id)
    again, there = sweeps.queue(store, "one", grid())
    assert [run.recipe for run in again] == [new[2].recipe], "the finished and the stopped one are there"
    assert len(there) == 11
    larger, _ = sweeps.queue(store, "one", grid(seeds=[0, 1, 2, 3]))
    assert {run.recipe["seed"] for run in larger} == {3} and len(larger) == 4
    assert len(sweeps.queue(store, "two", grid())[0]) == 12, "another sweep is another matter"


def test_a_name_stands_for_what_all_runs_have_in_common():
    names = {sweeps.name_of("good", one) for one in grid()}
    assert len(names) == 1 and names.pop().startswith("good-optdigits-")
    assert len({sweeps.name_of("good", grid(epochs=epochs)[0]) for epochs in (1, 2)}) == 2
    assert "/" not in sweeps.name_of("good", preset("good", dataset="folder:/a/../B c"))
    auto, cpu = (sweeps.name_of("good", grid(device=device)[0]) for device in ("auto", "cpu"))
    assert auto == cpu, "where it runs is no part of it"


def _queue(root, answers):
    answers.put(len(sweeps.queue(Store(root), "one", grid())[0]))


def test_five_who_ask_for_the_same_grid_at_once_get_it_once(store):
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    workers = [context.Process(target=_queue, args=(store.root, answers)) for _ in range(5)]
    for worker in workers:
        worker.start()
    counts = sorted(answers.get(timeout=120) for _ in workers)
    for worker in workers:
        worker.join()
    assert counts == [0, 0, 0, 0, 12] and len(store.all()) == 12


def test_a_cell_counts_finished_runs_only_and_says_what_the_others_do(store):
    runs, _ = sweeps.queue(store, "one", grid(["original"], [8, 16]))
    narrow, wide = ([run for run in runs if run.recipe["width"] == width] for width in (8, 16))
    for run, accuracy in zip(narrow, (90.0, 92.0, 97.0), strict=True):
        finish(store, run, accuracy)
    finish(store, wide[0], 55.0)
    finish(store, wide[1], 99.0, "interrupted")
    (row,) = spread.rows(now(store))
    assert row.cells[8].text == f"{np.mean([90, 92, 97]):.2f} ± {np.std([90, 92, 97], ddof=1):.2f}"
    assert row.cells[8].note == "3 seeds"
    assert row.cells[16].text == "55.00" and row.cells[16].note == "1 of 3 seeds, 1 queued, 1 interrupted"
    assert row.paper is None, "no paper trained this on the digits"


def test_rows_are_told_apart_by_what_differs_and_the_paper_stands_beside_its_network(store):
    base = {"device": "cpu"}
    for sweep_of in (sweeps.grid("good", base, MODELS, [16, 64], [0]), grid(["original"], [16], [0])):
        sweeps.queue(store, "one", sweep_of)
    sweeps.queue(store, "one", sweeps.grid("good", {**base, "epochs": 7}, ["original"], [16], [0]))
    table = {row.label: row for row in spread.rows(now(store))}
    assert set(table) == {
        "original on CIFAR-10, epochs 30",
        "original on CIFAR-10, epochs 7",
        "cabeq-rn-2 on CIFAR-10",
        "original on UCI digits",
    }
    assert table["cabeq-rn-2 on CIFAR-10"].paper == (89.83, "cable paper, width 64")
    assert list(table["cabeq-rn-2 on CIFAR-10"].cells) == [16, 64]


def test_stop_and_resume_reach_all_runs_of_the_sweep_and_no_other(store):
    other = store.create(preset("digits"))
    runs, _ = sweeps.queue(store, "one", grid(["original"], [8]))
    finish(store, runs[0], 90.0)
    store.claim(runs[1].id, "cpu")
    assert sweeps.stop(store, "one") == 2
    assert [store.get(run.id).state for run in (*runs, other)] == ["finished", "stopping", "stopped", "queued"]
    store.settle(runs[1].id, "stopped")
    assert sweeps.resume(store, "one") == 2
    assert [store.get(run.id).state for run in runs] == ["finished", "queued", "queued"]
    assert [store.place(run.id) for run in runs] == [0, 2, 3]


def test_a_row_of_another_version_hides_no_sweep(store):
    import sqlite3

    runs, _ = sweeps.queue(store, "one", grid(["original"], [8], [0, 1]))
    with sqlite3.connect(store.file) as db:
        db.execute('UPDATE runs SET recipe = \'{"of": "the future"}\' WHERE id = ?', (runs[0].id,))
    db.close()
    assert len(sweeps.queue(store, "one", grid(["original"], [8], [0, 1]))[0]) == 1
    assert len(spread.as_text(now(store)).splitlines()) == 3


COMMAND = ["sweep", "--dataset", "optdigits", "--epochs", "1", "--models", "original,cabeq-rn-2", "--widths", "8,16"]


def test_the_command_queues_shows_stops_and_resumes(store, capsys):
    assert main([*COMMAND, "--seeds", "0,1"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("8 queued\n") and "0 of 8 finished, 8 queued" in out and "width 8" in out
    (name,) = sweeps.names(store.all())
    assert {(r.recipe["model"], r.recipe["width"], r.recipe["seed"]) for r in store.all()} == set(
        product(MODELS, WIDTHS, [0, 1])
    )
    assert main([*COMMAND, "--seeds", "0,1,2"]) == 0
    assert capsys.readouterr().out.startswith("4 queued, 8 there already\n")
    for run in sweeps.of(store, name):
        if run.recipe["model"] == "original" and run.recipe["width"] == 8:
            finish(store, run, 90.0 + run.recipe["seed"])
    assert main(["show", name[:6]]) == 0
    shown = capsys.readouterr().out
    assert "91.00 ± 1.00 (3 seeds)" in shown and "3 of 12 finished" in shown
    assert main([*COMMAND, "--status"]) == 0 and capsys.readouterr().out == shown
    assert main(["list"]) == 0 and capsys.readouterr().out.count(f"[{name}]") == 12
    assert main(["stop", name]) == 0 and "asked 9 runs to stop" in capsys.readouterr().out
    assert not store.active()
    assert main(["resume", name]) == 0 and "queued 9 runs again" in capsys.readouterr().out
    assert len(store.active()) == 9


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--models", "original,cabeq-rn-9"], "model is 'cabeq-rn-9': the nearest name is"),
        (["--models", " , "], "models is empty"),
        (["--models", "original", "--seeds", ","], "seeds is empty"),
        (["--models", "original", "--seeds", "0;1"], "seeds is '0;1': give whole numbers with commas"),
        (["--models", "original", "--seeds", "-1"], "seeds is '-1'"),
        (["--models", "original", "--widths", "16,0"], "width is 0"),
        (["--models", "original", "--widths", "16,2.5"], "widths is '16,2.5'"),
        (["--models", "original", "--epochs", "0"], "epochs is 0"),
        (["--models", "lenet", "--dataset", "optdigits"], "lenet"),
        (["--models", "original", "--seeds", ",".join(map(str, range(201)))], "EXPLORER_MAX_QUEUE allows 200"),
        (["--models", "original", "--status"], "has no runs yet"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence_and_nothing_is_queued(store, capsys, arguments, sentence):
    assert main(["sweep", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ") and sentence in error and error.count("\n") == 1
    assert store.all() == []


def test_the_queue_has_an_end(store, monkeypatch):
    monkeypatch.setenv("EXPLORER_MAX_QUEUE", "4")
    store.create(preset("digits"))
    with pytest.raises(ExplorerError, match="these are 12 runs beside the 1 that wait or run: EXPLORER_MAX_QUEUE"):
        sweeps.queue(store, "one", grid())
    assert len(sweeps.queue(store, "one", grid(["original"], [8]))[0]) == 3
