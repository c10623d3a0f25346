"""Two processes on the CPU (gloo): the sum of their work is one process's, and none is ever left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.training.recipe.recipe import preset
from explorer.training.work import checkpoint, metrics
from explorer.training.work.control import STOP
from explorer.training.work.loop import train
from explorer.training.work.parallel import Ranks, pick_device
from tests.training.helpers import until

TWO = preset("digits", epochs=1, momentum=0.9, device="cpu", processes=2)
torchrun = pytest.mark.skipif(not torch.distributed.is_available(), reason="torch was built without distributed")


def start(folder, recipe):
    folder.mkdir(exist_ok=True)
    (folder / "recipe.json").write_text(recipe.to_json())
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "torch.distributed.run",
            "--standalone",
            "--nproc-per-node",
            "2",
            "-m",
            "explorer.training.work.loop",
            str(folder),
        ],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def pids(folder):
    return [json.loads(path.read_text())["pid"] for path in sorted(folder.glob("rank-*.json"))]


def gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.slow
@torchrun
def test_two_processes_make_the_steps_of_one(tmp_path):
    agent = start(tmp_path / "two", TWO)
    output = agent.communicate(timeout=120)[0].decode()
    assert agent.returncode == 0, output
    assert train(TWO.changed(processes=1), tmp_path / "one").state == "finished"
    one, two = (torch.load(tmp_path / name / "last.pt", weights_only=True)["model"] for name in ("one", "two"))
    for name in one:
        torch.testing.assert_close(two[name], one[name], rtol=1e-3, atol=1e-4)
    ours, theirs = metrics.read(tmp_path / "two"), metrics.read(tmp_path / "one")
    assert len(ours) == 1
    for key in ("train_loss", "train_accuracy", "test_loss", "test_accuracy", "gradient_norm"):
        assert ours[0][key] == pytest.approx(theirs[0][key], rel=5e-3), key
    assert json.loads((tmp_path / "two" / "outcome.json").read_text())["state"] == "finished"
    assert len(set(pids(tmp_path / "two"))) == 2


@pytest.mark.slow
@torchrun
@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for processes in /proc")
def test_a_stop_and_a_killed_agent_leave_no_process_behind(tmp_path):
    recipe = TWO.changed(epochs=5000)
    agent = start(tmp_path, recipe)
    try:
        until(lambda: metrics.read(tmp_path), 120)
        (tmp_path / STOP).touch()
        output = agent.communicate(timeout=60)[0].decode()
        assert agent.returncode == 0, output
        outcome = json.loads((tmp_path / "outcome.json").read_text())
        assert outcome["state"] == "stopped" and all(gone(pid) for pid in pids(tmp_path))
        state, note = checkpoint.load(tmp_path, recipe.fingerprint)
        assert state["epoch"] == outcome["epoch"] and not note

        (tmp_path / STOP).unlink()
        before = pids(tmp_path)
        agent = start(tmp_path, recipe)
        until(lambda: len(metrics.read(tmp_path)) > outcome["epoch"] + 1, 120)
        ranks = pids(tmp_path)
        assert len(ranks) == 2 and not set(ranks) & set(before)
        agent.send_signal(signal.SIGKILL)
        agent.communicate(timeout=60)
        until(lambda: all(gone(pid) for pid in ranks), 30)
        time.sleep(0.1)
        assert checkpoint.load(tmp_path, recipe.fingerprint)[0]["epoch"] > outcome["epoch"]
    finally:
        agent.kill()


def test_a_run_for_two_refuses_to_be_one(tmp_path):
    outcome = train(TWO, tmp_path)
    assert outcome.state == "failed" and "--nproc-per-node 2" in outcome.reason


def test_devices():
    assert pick_device("cpu") == torch.device("cpu")
    if not torch.cuda.is_available():
        assert pick_device("auto") == torch.device("cpu")
    with pytest.raises(ExplorerError, match="this machine has"):
        pick_device("cuda:99")
    assert Ranks(preset("digits", device="cpu")).highest(7) == 7
