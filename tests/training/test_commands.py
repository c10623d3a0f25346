"""What the command line refuses before anything is queued, what it says of its options, and how it ends."""

import os
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest
from PIL import Image

from explorer.training.__main__ import BROKEN_PIPE, main, parser
from explorer.training.dispatch import launcher
from explorer.training.dispatch.launcher import HERE
from explorer.training.recipe.recipe import Recipe
from tests.training.helpers import recipe, unserved


@pytest.fixture
def store(tmp_path, monkeypatch):
    return unserved(tmp_path, monkeypatch)


def said(capsys, *arguments):
    assert main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith("error: ") and captured.err.count("\n") == 1
    return captured.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--device", "cuda"], "asks for cuda, and this machine has cpu: start it with device auto"),
        (["--device", "cuda:2"], "asks for cuda:2, and this machine has cpu"),
        (["--processes", "64", "--device", "cpu"], "processes is 64: this machine has 4 cores"),
        (["--dataset", "folder:/nonexistent"], "folder '/nonexistent' is no folder here"),
        (["--dataset", "folder:empty"], "has 0 class folders with files"),
    ],
)
@pytest.mark.parametrize(
    "command", [["start"], ["sweep", "--models", "mlp", "--preset", "digits"]], ids=["start", "sweep"]
)
def test_what_would_fail_here_is_not_even_queued(store, capsys, monkeypatch, tmp_path, command, arguments, sentence):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(launcher, "count_gpus", lambda: 0)
    monkeypatch.setattr(launcher, "cores", lambda: 4)
    assert sentence in said(capsys, *command, *arguments)
    assert store.all() == []


def test_a_cluster_has_devices_that_are_not_here(store, monkeypatch):
    monkeypatch.setattr(launcher, "count_gpus", lambda: 0)
    monkeypatch.setenv("EXPLORER_RAY", "http://head:8265")
    assert main(["start", "--device", "cuda"]) == 0
    assert store.all()[0].recipe["device"] == "cuda"


def test_a_folder_is_kept_by_its_whole_path(store, monkeypatch, tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "photos" / name / "0.png")
    monkeypatch.chdir(tmp_path)
    assert main(["start", "--dataset", "folder:photos", "--device", "cpu"]) == 0
    assert store.all()[0].recipe["dataset"] == f"folder:{tmp_path / 'photos'}"


def test_what_is_for_one_run_is_refused_for_a_sweep(store, capsys):
    run = store.create(recipe(), sweep="good-optdigits-123abc")
    for arguments in (["stop", "--wait"], ["resume", "--wait"], ["resume", "--epochs", "+5"]):
        text = said(capsys, arguments[0], run.sweep, *arguments[1:])
        assert f"{arguments[1]} is for one run" in text and f"`show {run.sweep}`" in text
        assert store.get(run.id).state == "queued"
    assert main(["stop", run.sweep]) == 0
    assert main(["resume", run.sweep]) == 0
    assert store.get(run.id).state == "queued"


def test_epochs_of_many_digits_are_one_sentence(store, capsys):
    assert "give +N, for instance +5" in said(capsys, "resume", "x", "--epochs", "+" + "9" * 5000)


@pytest.mark.parametrize(("command", "without"), [("start", {"stack"}), ("sweep", {"model", "width", "seed", "stack"})])
def test_every_option_of_a_recipe_is_explained_with_its_default(capsys, command, without):
    with pytest.raises(SystemExit):
        parser().parse_args([command, "--help"])
    words = " ".join(capsys.readouterr().out.partition("options:")[2].split())
    explained = {part.split()[0].rstrip(",") for part in words.split(" --") if "(default: " in part}
    wanted = {field.name.replace("_", "-") for field in fields(Recipe) if field.name not in {*without, "restarts"}}
    assert wanted - explained <= {"flip", "nesterov"} and {"no-flip", "no-nesterov"} <= explained
    assert "--schedule {one-cycle,steps,constant} how" in words and "--precision {auto,float32,bfloat16} auto" in words


def test_where_an_export_goes_is_said(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["export", "--help"])
    assert "current folder" in capsys.readouterr().out


@pytest.mark.slow
def test_a_reader_that_leaves_early_is_no_traceback(store):
    store.stop(store.create(recipe()).id)
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "explorer.training", "list"]
    with os.fdopen(write) as nobody:
        answer = subprocess.run(command, stdout=nobody, stderr=subprocess.PIPE, text=True, cwd=HERE)
    assert (answer.returncode, answer.stderr) == (BROKEN_PIPE, "")
