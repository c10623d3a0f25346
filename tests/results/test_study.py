"""The study's runs: in order, resumable, kept with the hash of the protocol, none left out that left the numbers."""

import hashlib
import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from filelock import FileLock

from benchmarks import study as command
from explorer import paths
from explorer.errors import ExplorerError
from explorer.networks import evaluation, weights, zoo
from explorer.results import keeping, study
from explorer.training.recipe.recipe import preset
from explorer.training.work import metrics
from explorer.training.work.loop import train

TINY = preset("quick", width=2, epochs=2, batch_size=512, holdout=400, precision="float32", device="cpu")
DIGITS = study.Experiment("tiny", "Digits", ("original", "front-free", "cabeq-smooth-1"), (0, 1), TINY)
WILD = study.Experiment("wild", "Digits", ("original",), (0,), TINY.changed(learning_rate=100.0, holdout=0))


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The study of two small experiments with a protocol, runs and results of its own."""
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(study, "EXPERIMENTS", (DIGITS, WILD))
    monkeypatch.setattr(keeping, "PROTOCOL", tmp_path / "STUDY.md")
    monkeypatch.setattr(keeping, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "RESULT", tmp_path / "study.json")
    (tmp_path / "STUDY.md").write_text("What will be done.\n")
    return tmp_path


def run_command(monkeypatch, capsys, *arguments):
    monkeypatch.setattr("sys.argv", ["study", *arguments])
    code = command.main()
    return code, capsys.readouterr().out


def test_the_protocol_is_the_study_of_eight_arms_and_ten_seeds():
    runs = study.runs()
    main = [run for run in runs if run.experiment.key == "main"]
    assert len(main) == 80 and len({run.name for run in runs}) == len(runs) == 130
    assert [run.arm for run in runs[:8]] == list(study.ARMS) and {run.seed for run in runs[:8]} == {0}
    assert [run.seed for run in runs[:80]] == sorted(run.seed for run in runs[:80])
    for experiment in study.EXPERIMENTS:
        recipes = [run.recipe.to_dict() for run in runs if run.experiment is experiment]
        varied = {key for key in recipes[0] if len({str(recipe[key]) for recipe in recipes}) > 1}
        assert varied == ({"model", "seed", "fold"} if experiment.folds else {"model", "seed"})
        assert recipes[0]["precision"] == "bfloat16" and bool(recipes[0]["holdout"]) != experiment.folds
    paper = next(one.recipe for one in study.EXPERIMENTS if one.key == "paper")
    assert (paper.learning_rate, paper.weight_decay, paper.epochs) == (0.5, 0.0, runs[0].recipe.epochs)


def test_every_arm_of_a_seed_starts_with_the_same_resnet_but_where_the_front_drew_its_own_numbers():
    """Of one seed order and augmentation are the same for all arms; so are the first weights, for fronts that start
    without chance."""
    builds = {arm: zoo.build(arm, width=2, seed=3).state_dict() for arm in study.ARMS}
    for arm in study.ARMS:
        if arm != study.CABLE:
            assert all(torch.equal(value, builds[arm][key]) for key, value in builds["original"].items())


@pytest.mark.slow
def test_what_was_interrupted_goes_on_and_everything_is_kept_with_the_hash_of_its_beginning(here, monkeypatch, capsys):
    first = study.runs()[0]
    folder = command.folder_of(first)
    keeping.clear(folder, first)
    left = iter(range(5))
    assert train(first.recipe, folder, should_stop=lambda: next(left, None) is None).state == "stopped"
    begun = keeping.protocol()
    (here / "STUDY.md").write_text("What will be done.\nWhat was added.\n")
    (command.folder_of(study.runs()[1]) / "outcome.json").parent.mkdir(parents=True)  # a folder without anything
    code, out = run_command(monkeypatch, capsys, "tiny")
    assert code == 0 and "Digits: 6 of 6 runs" in out
    cards = {path.stem: json.loads(path.read_text()) for path in (here / "kept").glob("*.json")}
    assert {card["protocol"] for name, card in cards.items() if name != first.name} == {keeping.protocol()}
    assert cards[first.name]["protocol"] == begun == hashlib.sha256(b"What will be done.\n").hexdigest()
    for run in study.runs()[:6]:
        _model, card = weights.load(run.name, here / "kept")
        assert card.accuracy == cards[run.name]["accuracy"] and card.recipe["seed"] == run.seed
        with np.load(here / "kept" / f"{run.name}.npz") as record:
            result = evaluation.read(command.folder_of(run) / "eval.npz")
            assert np.array_equal(record["predictions"], result.predictions)
            named = {name for name in record.files if name.startswith(("cable/", "kernels/"))}
            assert bool(named) == (run.arm != "original")
            assert all(len(record[name]) == run.recipe.epochs for name in named)
    before = {path: path.stat().st_mtime_ns for path in here.rglob("*") if path.is_file() and path.name != "lock"}
    assert run_command(monkeypatch, capsys, "tiny")[0] == 0  # nothing is trained twice
    assert before == {path: path.stat().st_mtime_ns for path in before}


@pytest.mark.slow
def test_a_study_under_way_can_be_measured_and_says_how_many_runs_it_rests_on(here, monkeypatch, capsys):
    pair = replace(DIGITS, key="main", arms=("original", "cabeq-sd-1"), seeds=(0,))
    monkeypatch.setattr(study, "EXPERIMENTS", (pair,))
    out = run_command(monkeypatch, capsys, "--analyse")[1]
    assert "Digits: not enough runs yet (0 of 1 pairs of seeds)" in out and "Digits: 0 of 2 runs" in out
    run_command(monkeypatch, capsys)
    before = {run.name: weights.read_card(run.name, here / "kept").accuracy for run in study.runs()}
    assert run_command(monkeypatch, capsys, "--disturb")[1].count("main-") == 4  # two measured, two listed
    last = keeping.robust(study.runs()[-1])
    assert last.images == last.of == 1797
    assert 100 * last.clean / last.images == pytest.approx(before["main-cabeq-sd-1-0"], abs=0.12)  # float16, batches
    assert "under every" not in run_command(monkeypatch, capsys, "--disturb")[1]
    out = run_command(monkeypatch, capsys, "--analyse")[1]
    record = json.loads((here / "study.json").read_text())
    assert "Digits: not enough runs yet (1 of 1 pairs of seeds)" in out and "Digits: 2 of 2 runs" in out
    arms = record["experiments"][0]["arms"]
    assert arms["original"]["0"]["clean"] == before["main-original-0"]
    assert arms["cabeq-sd-1"]["0"]["jpeg"] == pytest.approx(100 * np.mean(last.under["jpeg"]) / 1797)


def test_a_loss_that_leaves_the_numbers_is_kept_and_not_tried_again(here, monkeypatch, capsys):
    code, _out = run_command(monkeypatch, capsys, "wild")
    kept = json.loads((here / "kept" / "wild-original-0.json").read_text())
    assert code == 0 and re.search(r"is (nan|inf) in epoch|are not all finite", kept["failed"])
    assert kept["protocol"] == keeping.protocol() and kept["recipe"]["learning_rate"] == 100.0
    log = metrics.read(command.folder_of(study.runs()[-1]))
    (here / "kept" / "wild-original-0.json").unlink()
    assert run_command(monkeypatch, capsys, "wild", "--collect")[1].startswith("1 new in")
    assert metrics.read(command.folder_of(study.runs()[-1])) == log


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("the loss is nan in epoch 3, batch 9: lower the learning rate", True),
        ("the weights of stem.bn.running_var are not all finite: this network cannot be kept", True),
        ("the disk is full", False),
    ],
)
def test_only_numbers_end_a_run_without_weights(tmp_path, reason, left):
    (tmp_path / "outcome.json").write_text(json.dumps({"state": "failed", "reason": reason}))
    assert keeping.ended(tmp_path) == left


@pytest.mark.slow
def test_two_commands_share_the_work(here, monkeypatch, capsys):
    folder = command.folder_of(study.runs()[0])
    folder.mkdir(parents=True)
    with FileLock(folder / "lock"):  # as the other command holds it
        run_command(monkeypatch, capsys, "tiny")
    assert not keeping.has(study.runs()[0]) and all(keeping.has(run) for run in study.runs()[1:6])
    _, out = run_command(monkeypatch, capsys, "--list")
    assert "tiny-original-0              missing" in out and "Digits: 5 of 6 runs" in out


def test_a_stop_ends_the_command_and_another_recipe_begins_anew(here, monkeypatch, capsys):
    run = study.runs()[0]
    folder = command.folder_of(run)
    other = replace(run, experiment=replace(DIGITS, recipe=TINY.changed(epochs=1)))
    keeping.clear(folder, other)
    assert train(other.recipe, folder).state == "finished"
    with pytest.raises(ExplorerError, match="another recipe"):
        keeping.collect(run, folder)
    keeping.clear(folder, run)
    assert not keeping.ended(folder) and (folder / keeping.HASH).read_text() == keeping.protocol()
    monkeypatch.setattr(command, "train", lambda recipe, folder: train(recipe, folder, should_stop=lambda: True))
    assert run_command(monkeypatch, capsys, "tiny")[0] == 130


def test_what_the_study_keeps_is_on_no_page():
    shown = weights.cards()
    assert not set(shown) & {run.name for run in study.runs()}
    assert keeping.KEPT.parent == paths.PRETRAINED


def test_every_kept_card_began_under_a_protocol_that_was_only_appended_to():
    lines = keeping.PROTOCOL.read_bytes().splitlines(keepends=True)
    hashes, running = set(), hashlib.sha256()
    for line in lines:
        running.update(line)
        hashes.add(running.hexdigest())
    for path in (path for path in keeping.KEPT.glob("*.json") if ".robust" not in path.name):
        assert json.loads(path.read_text())["protocol"] in hashes, path.name
