"""What the tests of the store and its dispatcher share."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from explorer.networks import weights
from explorer.training.dispatch import processes
from explorer.training.recipe.recipe import Recipe, preset
from explorer.training.store.publish import PARTS
from explorer.training.store.runs import ENDED, Store

STANDIN = Path(__file__).with_name("standin.py")


def until(condition, seconds=60.0):
    """Waits for a condition; the limit is generous, since it only decides how long a failure takes."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.03)
    raise AssertionError(f"not within {seconds} s: {condition}")


def ended(store, run):
    """A condition: the run, once it has ended."""
    return lambda: (now := store.get(run.id)).state in ENDED and now


def bury(store, *programs):
    """Ends every process of these programs that works for the store, its dispatcher, and what times a recipe."""
    folders = [str(run.folder) for run in store.all()] + [str(store.root)]
    for folder in folders:
        for pid in processes.find(*programs, folder):
            processes.end(pid, processes.born(pid), processes.KILL)
    file = store.root / "dispatcher.pid"
    if file.exists() and file.read_text() != str(os.getpid()):  # of a dispatcher inside a test
        processes.end(pid := int(file.read_text()), processes.born(pid), processes.KILL)
    if (busy := store.root / "trials" / "busy").exists():
        pid, birth = busy.read_text().split(maxsplit=1)
        processes.end(int(pid), birth, processes.KILL)


def recipe(kind=0, epochs=3, **changes):
    return preset("digits", seed=kind, epochs=epochs, device=changes.pop("device", "cpu"), **changes)


def trained(store, network="optdigits-digits-cnn", **about):
    """A run that has the weights of a shipped network."""
    card = json.loads((weights.PRETRAINED / f"{network}.json").read_text(encoding="utf-8"))
    run = store.create(Recipe.from_dict(card["recipe"]), **about)
    for part, ending in PARTS.items():
        if (file := weights.PRETRAINED / f"{network}{ending}").exists():
            shutil.copyfile(file, run.folder / part)
    store.claim(run.id, "cpu")
    store.settle(run.id, "finished")
    return store.get(run.id)


def unserved(folder, monkeypatch):
    """The command line's store, in which nothing is trained: nobody starts its dispatcher."""
    monkeypatch.setenv("EXPLORER_RUNS", str(folder / "runs"))
    for module in ("__main__", "sweep_command", "dispatch.submit"):
        monkeypatch.setattr(f"explorer.training.{module}.ensure", lambda store: None)
    return Store()


def dispatcher(store, gpus=0, host="", lease=600, silence=600):
    """A dispatcher of stand-ins; on the machine of this name, which is only said to be another one."""
    command = [sys.executable, str(STANDIN), "--dispatch", str(store.root), str(gpus), str(lease), str(silence)]
    environment = {**os.environ, **({"EXPLORER_HOST": host} if host else {})}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def starts(run):
    """The pids under which a stand-in run was started."""
    file = run.folder / "starts.txt"
    return [int(line) for line in file.read_text().split()] if file.exists() else []
