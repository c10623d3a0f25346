"""What a test run leaves behind is found: a process, and files at home, in the temporary folder and in the checkout."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests import conftest, leftovers
from tests.training.helpers import until

pytestmark = pytest.mark.slow  # real processes

LEAVES = """
import os, pathlib, subprocess, sys
assert os.listdir(os.environ["HOME"]) == os.listdir(os.environ["TMPDIR"]) == []
where, what = sys.argv[1:]
if what == "process":
    print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid, file=open(where, "w"))
elif what:
    pathlib.Path(os.path.expandvars(what)).write_text("")
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run(what is left) -> the exit code."""
    (tmp_path / "checkout" / "__pycache__").mkdir(parents=True)
    (tmp_path / "checkout" / "here before").write_text("")
    monkeypatch.setattr(leftovers, "ROOT", tmp_path / "checkout")
    monkeypatch.setattr(leftovers, "GRACE", 0.1)
    monkeypatch.setenv("CHECKOUT", str(tmp_path / "checkout"))
    command = [sys.executable, "-c", LEAVES, str(tmp_path / "pid")]
    return lambda what: leftovers.run(tmp_path / "own", [*command, what])


def test_who_leaves_nothing_keeps_the_exit_code(run, tmp_path, capfd):
    assert run("") == 0 and capfd.readouterr() == ("", "")
    assert leftovers.run(tmp_path / "other", [sys.executable, "-c", "raise SystemExit(3)"]) == 3


@pytest.mark.parametrize("path", ["$HOME/.cached", "$TMPDIR/profile", "$CHECKOUT/metrics"])
def test_a_file_is_named(run, path, capfd):
    assert run(path) == 1
    assert capfd.readouterr().err.splitlines()[0].endswith(path.rpartition("/")[2])


def test_caches_are_no_leftovers(run):
    assert run("$CHECKOUT/__pycache__/module.pyc") == 0


def test_a_process_is_named_and_ended(run, tmp_path, capfd):
    assert run("process") == 1
    pid = int((tmp_path / "pid").read_text())
    assert f"a process: {pid} {sys.executable} -c import time" in capfd.readouterr().err
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no zombies")
def test_a_process_that_has_ended_is_none_though_nobody_took_note(tmp_path, monkeypatch):
    monkeypatch.setattr(leftovers, "_command", lambda process, folder: "ours" if process.pid == ended.pid else "")
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        until(lambda: psutil.Process(ended.pid).status() == psutil.STATUS_ZOMBIE)
        assert leftovers.processes(tmp_path) == []


def test_what_tests_write_without_a_folder_goes_with_the_run(pytestconfig):
    """At home, in the temporary folder and among the runs; of the processes that a test starts as well."""
    code = "import tempfile; from explorer import paths; print(paths.runs(), tempfile.gettempdir(), paths.Path.home())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    own = pytestconfig.stash[conftest.OWN]
    assert [Path(one).parent for one in said] == 3 * [own] and own not in (Path.cwd(), *Path.cwd().parents)


def test_no_library_writes_at_home_what_it_was_used_for(tmp_path):
    code = "import onnxruntime"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "HOME": str(tmp_path)}, check=True)
    assert not list(tmp_path.iterdir())
