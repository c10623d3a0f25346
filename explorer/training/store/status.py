"""How a run is doing: its row in the store and what it wrote itself, in one value for pages and the command line."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from explorer.data import catalogue
from explorer.training.store.runs import Run, Store, places
from explorer.training.work import metrics

CURVE_FILES = 256  # runs whose curves are kept in memory


@dataclass(frozen=True)
class Status:
    run: Run
    epochs: int  # of the recipe
    epoch: int = 0  # completed
    share: float = 0.0  # of the whole run, 0 to 1
    phase: str = ""  # what a living run is doing: "loading data", "training", "testing", ...
    left: float | None = None  # seconds, as the run itself estimates it
    rate: float | None = None  # training images a second
    loss: float | None = None  # training loss of the epoch so far
    last: float | None = None  # accuracy in percent, on the images that `watched` names
    best: float | None = None
    best_epoch: int | None = None
    place: int = 0  # in the queue; 0 where it does not wait
    silent: float = 0.0  # seconds since a living run last wrote anything
    remarks: tuple[str, ...] = ()  # what else there is to say of it

    @property
    def watched(self) -> str:
        """Which images the curves are of: "test", or "held-out" where the recipe sets some aside."""
        return "held-out" if self.run.recipe.get("holdout") else "test"


def status(store: Store, run: Run, place: int | None = None) -> Status:
    """`place` in the queue, where the caller has looked at all runs and knows it."""
    lines, epochs = curves(run.folder), run.recipe.get("epochs", 0)
    accuracies = [line["test_accuracy"] for line in lines if "test_accuracy" in line]
    known = {"run": run, "epochs": epochs, "epoch": lines[-1]["epoch"] if lines else 0}
    if accuracies:
        best = max(accuracies)
        known |= {"last": accuracies[-1], "best": best, "best_epoch": lines[accuracies.index(best)]["epoch"]}
        known["rate"] = lines[-1].get("images_per_second")
    if run.state == "queued":
        known["place"] = store.place(run.id) if place is None else place
    progress = metrics.read_progress(run.folder)
    if progress.get("time", 0) < (run.began or 0):
        progress = {}  # from before it was resumed
    known["remarks"] = tuple(_remarks(run, progress))
    if not run.alive:
        progress = {}
    done = known["epoch"]
    if progress.get("batches"):
        done = progress.get("epoch", done) + progress.get("batch", 0) / progress["batches"]
    if run.alive:
        now = time.time()
        known["phase"] = progress.get("phase", "starting")
        known["loss"] = progress.get("loss")
        known["rate"] = progress.get("images_per_second", known.get("rate"))
        known["silent"] = max(0.0, now - progress.get("time", run.began or now))
        if progress.get("eta") is not None:
            known["left"] = max(0.0, progress["eta"] - known["silent"])
    return Status(**known, share=min(1.0, done / epochs) if epochs else 0.0)


def _remarks(run: Run, progress: dict) -> Iterator[str]:
    if note := progress.get("note"):  # of checkpoints that could not be read
        yield f"When it began: {note}."
    if not run.folder.is_dir():
        yield "The folder of this run was deleted, with its curves, checkpoints and weights: resumed, it begins anew."


def statuses(store: Store, runs: list[Run]) -> dict[str, Status]:
    """Of all runs of the store, by id."""
    waiting = places(runs)
    return {run.id: status(store, run, waiting.get(run.id, 0)) for run in runs}


def curves(folder: Path) -> list[dict]:
    """The run's epochs so far, read again only when the file has changed; nobody may change what is returned."""
    try:
        state = (folder / metrics.FILE).stat()
        return _curves(folder, state.st_mtime_ns, state.st_size)
    except OSError:
        return []


@lru_cache(CURVE_FILES)
def _curves(folder: Path, _changed: int, _size: int) -> list[dict]:
    return metrics.read(folder)


def duration(seconds: float) -> str:
    """Seconds as people say them: 40 s, 12 min, 3 h 20 min."""
    seconds = round(seconds)
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{round(hours / 24)} days"


def sentence(status: Status) -> str:
    """The state of a run in a few words."""
    run = status.run
    if run.state == "queued":
        return "next in the queue" if status.place <= 1 else f"place {status.place} in the queue"
    if run.state == "stopping":
        return "asked to stop, saving"
    if run.state == "running":
        if status.silent > 60:
            return f"running, silent for {duration(status.silent)}"
        if status.phase not in ("training", "testing"):
            return "leaving" if status.phase == "finished" else status.phase  # finished once the process is gone
        return "running" + (f", {duration(status.left)} left" if status.left is not None else "")
    return run.state


def title(run: Run) -> str:
    """The name someone gave it, or what it trains on what."""
    model = "own stack" if run.recipe.get("stack") else run.recipe.get("model", "?")
    dataset = run.recipe.get("dataset", "?")
    cell = f", width {run.recipe.get('width')}, seed {run.recipe.get('seed')}" if run.sweep else ""
    return run.name or f"{model} on {catalogue.title(dataset)}{cell}"
