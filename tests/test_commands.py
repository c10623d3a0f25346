"""The benchmarks' commands look at their arguments before they do anything, and say in a sentence what is wrong."""

import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from benchmarks import common, crash, normalisation
from explorer.data.catalogue import KNOWN
from explorer.errors import ExplorerError
from explorer.training.store.runs import Store

ROOT = Path(__file__).parents[1]
BROWSER = ("coldstart", "live", "player", "screenshots")
COMMANDS = [
    "tables",
    "classify", "classroom.__main__", "classroom.answers", "classroom.server", "coldstart", "crash", "diffusion",
    "diffusion_page", "digits", "everyday", "fooled", "hostile.__main__", "inside", "live", "missed", "normalisation",
    "player", "reproduce", "robustness", "scale", "screenshots", "store", "study", "training",
]  # fmt: skip
WRONG = [
    ("classroom.__main__", "--students", "0"), ("classroom.__main__", "--students", "-2"),
    ("classroom.__main__", "--cores", "0"), ("classroom.__main__", "--minutes", "0"),
    ("classroom.__main__", "--think", "-1", "4"), ("classroom.server",),
    ("classroom.answers", "--students", "0"), ("classroom.answers", "--cores", "-1"), ("coldstart", "--pairs", "0"),
    ("crash", "--kills", "0"), ("crash", "--kills", "-1"), ("crash", "--epochs", "0"), ("hostile.__main__", "nosuch"),
    ("hostile.__main__", "--knock"), ("hostile.__main__", "--knock", "nosuch"), ("scale", "--students", "0"),
    ("scale", "--classes", "-5"), ("scale", "--classes", "0"), ("scale", "--core-hour", "-1"),
    ("robustness", "--images", "0"), ("scale", "--gigabyte-hour", "nan"),
    ("training", "--rounds", "0"), ("training", "--seconds", "0"),
    ("training", "--seconds", "inf"), ("training", "--widths", "0"), ("training", "--threads", "-1"),
]  # fmt: skip


@pytest.fixture
def call(monkeypatch, tmp_path):
    """Runs a command here, in an empty folder where it must leave nothing."""
    monkeypatch.chdir(tmp_path)

    def call(name, *arguments):
        if name in BROWSER:
            pytest.importorskip("playwright.sync_api")
        if name == "diffusion":
            pytest.importorskip("pde")
        module = importlib.import_module(f"benchmarks.{name}")
        monkeypatch.setattr("sys.argv", [name, *arguments])
        return module.main()

    yield call
    assert not list(tmp_path.iterdir())


def refused(capsys) -> str:
    """The one sentence that argparse ends with, without the usage above it."""
    text = capsys.readouterr().err
    assert "Traceback" not in text
    usage, sentence, rest = text.partition("error: ")
    assert usage.startswith("usage: ") and sentence and rest.count("\n") == 1
    return rest


def test_every_command_is_looked_at():
    files = [file for file in (ROOT / "benchmarks").rglob("*.py") if "__main__" in file.read_text(encoding="utf-8")]
    found = {".".join(file.relative_to(ROOT / "benchmarks").with_suffix("").parts) for file in files}
    assert found == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_explains_and_ends(name, call, capsys):
    with pytest.raises(SystemExit) as end:
        call(name, "--help")
    assert end.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert importlib.import_module(f"benchmarks.{name}").__doc__.splitlines()[0] in shown


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "classroom.server"])  # it passes them on
def test_an_unknown_option_is_refused(name, call, capsys):
    with pytest.raises(SystemExit) as end:
        call(name, "--nosuch")
    assert end.value.code == 2 and "--nosuch" in refused(capsys)


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_a_wrong_value_is_refused_in_one_sentence(arguments, call, capsys):
    with pytest.raises(SystemExit) as end:
        call(*arguments)
    assert end.value.code == 2 and len(refused(capsys)) < 300


def test_what_a_user_can_mend_is_one_sentence_and_2(call, capsys, monkeypatch):
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # pytest's own stay
    assert common.exit_code(lambda: call("normalisation", "nowhere")) == 2
    assert "ROOT is 'nowhere', which is no folder" in capsys.readouterr().err


def test_without_the_dataset_nothing_is_measured(call, monkeypatch):
    from benchmarks import training

    def missing(name, split):
        raise ExplorerError(f"dataset {name!r} is not here")

    monkeypatch.setattr(training, "dataset", missing)
    with pytest.raises(ExplorerError, match="'cifar10' is not here"):
        call("training", "--rounds", "1")


@pytest.mark.parametrize("there", [set(KNOWN), {"optdigits"}])
def test_only_all_datasets_together_are_recorded(there, monkeypatch, capsys, tmp_path):
    def one(name, split, root):
        if name not in there:
            raise ExplorerError(f"dataset {name!r} is not in {root}")
        return SimpleNamespace(images=torch.zeros(2, KNOWN[name].channels, 3, 3, dtype=torch.uint8))

    kept = []
    monkeypatch.setattr(normalisation, "dataset", one)
    monkeypatch.setattr(normalisation, "report", lambda *_, record, whole: kept.append((record, whole)))
    monkeypatch.setattr("sys.argv", ["normalisation", str(tmp_path), "--record"])
    normalisation.main()
    assert kept == [(True, there == set(KNOWN))]
    assert capsys.readouterr().out.count("left out: ") == len(KNOWN) - len(there)


@pytest.mark.parametrize(("asked", "whole"), [(False, True), (True, False), (True, True)])
def test_only_a_whole_measurement_that_is_asked_for_is_kept(asked, whole, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(common, "RESULTS", tmp_path)
    assert common.report("one", [{"a": 1}], "1 s", record=asked, whole=whole) == 0
    assert common.report("two", [{"a": 1}], "1 s", False, record=asked, whole=whole) == 1
    assert {file.name for file in tmp_path.iterdir()} == ({"one.json", "two.json"} if asked and whole else set())
    assert ("not the whole" in capsys.readouterr().out) == (asked and not whole)


def test_a_measurement_is_not_kept_unless_that_is_asked(call, monkeypatch, tmp_path_factory):
    """By default no command touches what is tracked."""
    kept = tmp_path_factory.mktemp("results")
    monkeypatch.setattr(common, "RESULTS", kept)
    monkeypatch.setattr(normalisation, "KNOWN", {"optdigits": KNOWN["optdigits"]})
    monkeypatch.setattr(normalisation, "OF_THE_PAPER", ())
    data = str(tmp_path_factory.mktemp("data"))
    assert call("normalisation", data) == 0 and not list(kept.iterdir())
    assert call("normalisation", data, "--record") == 0
    assert [file.name for file in kept.iterdir()] == ["normalisation.json"]


def test_every_report_is_told_whether_to_record():
    for name in COMMANDS:
        source = (ROOT / "benchmarks" / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8")
        assert ("report(" in source) == ("measurement(" in source), name


def test_without_a_surface_all_are_visited(call, monkeypatch):
    hostile = importlib.import_module("benchmarks.hostile.__main__")
    monkeypatch.setattr(hostile, "visit", lambda wanted, record: wanted)
    assert call("hostile.__main__") == [] and call("hostile.__main__", "urls", "runs") == ["urls", "runs"]


def test_a_price_of_memory_alone_counts(call, capsys):
    assert call("scale", "--classes", "2", "--gigabyte-hour", "1") == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head.endswith("a student and hour") and float(line.split()[-1]) > 0


def test_the_figures_of_player_and_inside_say_their_bound():
    pytest.importorskip("playwright.sync_api")
    from benchmarks import inside, player

    rows = [
        {"field": "256 x 256 x 3", "steps a frame": steps, "frames/s": rate}
        for steps, rate in ((1, 60.0), (5, 55.5), (20, 9.0))
    ]
    assert player.figure(rows) == "55.5 frames/s at 256 x 256 x 3 (bound: 50)"
    rows = [{"whole page, ms": time, "facets / maps alone": ratio} for time, ratio in ((33, 10), (47.6, 12), (40, 80))]
    assert inside.figure(rows) == (
        "48 ms for the slowest layer, whole page (bound: 300); plotly facets take 12.0 times as long as our maps"
    )


def test_the_dispatchers_number_is_awaited_while_its_file_is_empty(tmp_path, monkeypatch):
    store, file = Store(tmp_path), tmp_path / "dispatcher.pid"
    assert crash.dispatcher(store) == 0
    file.write_text("")
    monkeypatch.setattr(crash.time, "sleep", lambda _: file.write_text("123"))
    assert crash.dispatcher(store) == 123


CLASS = """
import asyncio
from benchmarks.common import exit_code

async def lesson():
    try:
        print("begun", flush=True)
        await asyncio.sleep(60)
    finally:
        print("cleaned up", flush=True)

raise SystemExit(exit_code(lambda: asyncio.run(lesson())))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
def test_sigterm_cleans_up():
    with subprocess.Popen(
        [sys.executable, "-c", CLASS], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout.readline() == "begun\n"
        child.terminate()
        out, err = child.communicate(timeout=30)
    assert (out, err, child.returncode) == ("cleaned up\n", "", 128 + signal.SIGTERM)


def test_all_seven_networks_are_timed_together():
    from benchmarks import classify
    from explorer.data import samples

    every = classify.asked(classify.seven())
    said = classify.source.answers(every, samples("cifar10")[0].image, "crop")
    assert [one.subject for one in said] == [one.subject for one in every] and len(said) == 7
