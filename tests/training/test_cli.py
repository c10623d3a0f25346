"""The command line with real runs on the embedded digits."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.errors import ExplorerError
from explorer.networks import weights
from explorer.training.__main__ import main
from explorer.training.dispatch.launcher import LOOP
from explorer.training.store.runs import Store
from tests.training.helpers import bury, trained, until

DIGITS = ["--preset", "digits", "--device", "cpu"]


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    store = Store()
    yield store
    bury(store, *LOOP)


@pytest.mark.slow
def test_start_list_show_extend_and_export(store, capsys, tmp_path):
    assert main(["start", *DIGITS, "--epochs", "2", "--name", "two epochs", "--wait"]) == 0
    run = store.all()[0]
    assert run.state == "finished" and capsys.readouterr().out.startswith(run.id)
    assert main(["list"]) == 0
    listed = capsys.readouterr().out
    assert run.id in listed and "2/2" in listed and "two epochs" in listed
    assert main(["resume", run.id[-4:], "--epochs", "+1"]) == 0
    assert main(["stop", run.id[-4:], "--wait"]) == 3
    assert main(["resume", run.id[-4:], "--wait"]) == 0
    assert main(["show", run.id]) == 0
    shown = capsys.readouterr().out
    assert "epoch 3 of 3" in shown and '"learning_rate": 0.2' in shown
    assert main(["export", run.id, "--to", str(tmp_path / "out"), "--name", "mine"]) == 0
    files = [Path(line) for line in capsys.readouterr().out.split()]
    assert [file.name for file in files] == ["mine.safetensors", "mine.json", "mine.eval.npz"]
    _model, card = weights.load("mine", tmp_path / "out")
    assert card.dataset == run.recipe["dataset"] and card.accuracy > 50
    assert main(["export", run.id, "--to", str(tmp_path / "out"), "--name", "mine"]) == 2, "never overwritten"


@pytest.mark.slow
def test_ctrl_c_is_a_clean_stop(store):
    command = [sys.executable, "-m", "explorer.training", "start", *DIGITS, "--epochs", "9000", "--wait"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as terminal:
        until(lambda: any((run.folder / "metrics.jsonl").exists() for run in store.all()))
        terminal.send_signal(signal.SIGINT)
        out, err = terminal.communicate(timeout=120)
    run = store.all()[0]
    assert terminal.returncode == 3, err
    assert run.state == "stopped" and (run.folder / "last.pt").exists()
    assert "asking the run to stop" in out + err and "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "nothing"], "ID is 'nothing': no run has that in its id"),
        (["stop", "../.."], "no run has that"),
        (["start", "--epochs", "0"], "epochs is 0: give a whole number from 1"),
        (["start", "--dataset", "digitz"], "dataset"),
        (["start", "--stack", "/nowhere.json"], "stack is /nowhere.json: it cannot be read"),
        (["resume", "x", "--epochs", "-3"], "epochs is '-3': give +N"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(store, capsys, arguments, sentence):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("error: ") and sentence in captured.err and captured.err.count("\n") == 1
    assert store.all() == []


def test_weights_that_are_not_there_or_changed_are_not_exported(store, tmp_path):
    from explorer.training.store.publish import export, suggested
    from tests.training.helpers import recipe

    run = store.create(recipe())
    assert suggested(run).endswith(run.id[-4:])
    with pytest.raises(ExplorerError, match="let it finish first"):
        export(run, tmp_path / "out")
    (run.folder / "weights.safetensors").write_bytes(b"no weights")
    (run.folder / "weights.json").write_text("{}")
    with pytest.raises(ExplorerError, match=r"name '../x' cannot be used"):
        export(run, tmp_path / "out", "../x")
    for name in ("run-1", "untrained-lenet", "stack"):
        with pytest.raises(ExplorerError, match="means something else"):
            export(run, tmp_path / "out", name)
    with pytest.raises(ExplorerError):
        export(run, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_publish_shows_under_its_name_until_it_is_unpublished(store, capsys):
    run = trained(store)
    assert main(["publish", run.id, "--name", "mine"]) == 0 and capsys.readouterr().out == "mine\n"
    assert main(["published"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.split()[0] == "mine" and "96.44 %" in line and "digits-cnn, optdigits, seed 0" in line
    assert main(["show", run.id]) == 0 and "published as mine\n" in capsys.readouterr().out
    assert main(["unpublish", "mine"]) == 0 and capsys.readouterr().out == "mine: unpublished\n"
    assert main(["published"]) == 0 and capsys.readouterr().out == ""
    assert main(["unpublish", "mine"]) == 2 and "nothing is published as that" in capsys.readouterr().err
