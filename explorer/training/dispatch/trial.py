"""How long a recipe will take here, from three batches of it, timed in a process of its own.

    time = start + epochs · (training images · t + test images · t / 3),    t = seconds a batch / images in it

A forward pass is a third of a training step. Whoever fills in the form starts a trial, so one is made at a time, it is
bounded (timing.py), and answers that are too old are swept away.
Pages `ask` again and again: the answer comes when it is there, and is kept for every recipe that costs the same.
"""

import contextlib
import hashlib
import json
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from explorer import files
from explorer.training.dispatch import processes
from explorer.training.dispatch.launcher import HERE, environment, threads
from explorer.training.recipe.recipe import Recipe

START_SECONDS, PATIENCE = 5.0, 120.0
FRESH = 900.0  # seconds; then the machine may be busier, or idle again
CHEAP = (
    "epochs",
    "learning_rate",
    "schedule",
    "milestones",
    "factor",
    "momentum",
    "nesterov",
    "weight_decay",
    "label_smoothing",
    "seed",
    "restarts",
)  # these cost no time


@dataclass(frozen=True)
class Trial:
    image: float = 0.0  # seconds of training a image
    images: tuple[int, int] = (0, 0)  # training and test
    how: str = ""  # what was timed, in words
    problem: str = ""  # instead of all that: why the recipe cannot run

    def seconds(self, epochs: int) -> float:
        train, test = self.images
        return START_SECONDS + epochs * self.image * (train + test / 3)


def ask(root: Path, recipe: Recipe) -> Trial | None:
    """The trial of a recipe that costs the same, or None while it is being made; at most one is made at a time."""
    folder = Path(root) / "trials" / key(recipe)
    try:
        return _read(folder)
    except (OSError, ValueError, TypeError, KeyError):
        pass
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / "trials.lock").acquire(blocking=False):
            _sweep(folder.parent, keep=folder)
            started = folder / "started"
            if _busy(folder.parent) or (started.exists() and time.time() - started.stat().st_mtime < 1):
                return None
            if started.exists() and time.time() - started.stat().st_mtime < PATIENCE:
                return Trial(problem="the trial run ended without an answer: the log of the run will say why")
            (folder / "trial.json").unlink(missing_ok=True)
            started.touch()
            files.write(folder / "recipe.json", recipe.to_json().encode(), durable=False)
            env = environment(["cpu"] if recipe.device == "cpu" else ["cuda:0"], 1, {"device": "cuda:0"})
            env |= {"PYTHONPATH": HERE, "OMP_NUM_THREADS": threads(1)}  # of the run, where there is no GPU
            command = [sys.executable, "-m", "explorer.training.dispatch.timing", str(folder)]
            child = processes.detached(command, folder / "log.txt", env)
            (folder.parent / "busy").write_text(f"{child.pid} {processes.born(child.pid)}")
            _children.append(child)
    except Timeout:
        pass
    except OSError as error:
        return Trial(problem=f"no trial could be started ({files.trouble(error)})")
    return None


_children: list = []  # kept so that they are buried when they have ended


def _busy(folder: Path) -> bool:
    """Whether one is being made; one that did not end itself in time is ended here."""
    for child in list(_children):
        if child.poll() is not None:
            _children.remove(child)
    try:
        file = folder / "busy"
        pid, birth = file.read_text().split(maxsplit=1)
        if time.time() - file.stat().st_mtime > PATIENCE:
            processes.end(int(pid), birth, processes.KILL)
        return processes.alive(int(pid), birth)
    except (OSError, ValueError):
        return False


def _sweep(trials: Path, keep: Path) -> None:
    """Takes away what was measured too long ago to be believed."""
    for folder in trials.iterdir():
        with contextlib.suppress(OSError):
            if folder.is_dir() and folder != keep and time.time() - folder.stat().st_mtime > FRESH:
                shutil.rmtree(folder)


def key(recipe: Recipe) -> str:
    """The same for two recipes whose steps cost the same."""
    values = {name: value for name, value in recipe.to_dict().items() if name not in CHEAP}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def _read(folder: Path) -> Trial:
    file = folder / "trial.json"
    if time.time() - file.stat().st_mtime > FRESH:
        raise ValueError("too old")
    values = json.loads(file.read_text())
    return Trial(**{**values, "images": tuple(values["images"])})
