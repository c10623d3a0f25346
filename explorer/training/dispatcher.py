"""Starts queued runs, watches living ones and notes how each ended: one process a machine, started on demand.

    python -m explorer.training.dispatcher        # pages and the command line do this for you: ensure(store)

It holds a lock that the system releases when it dies, and keeps nothing in memory that matters: whoever comes next
reads the store, adopts the runs whose processes live and says of the others why they do not. One run a GPU, one on
the CPU at a time; the rest wait. A run that is asked to stop has 10 s to save and leave, then SIGTERM, then SIGKILL.
It leaves by itself when there is nothing to do.
"""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from explorer.training import processes
from explorer.training.ending import outcome, verdict
from explorer.training.launcher import HERE, Local, count_gpus
from explorer.training.runs import Run, Store

_spawned: dict[Path, tuple[float, subprocess.Popen]] = {}  # when, and the child, to be buried when it has left


@dataclass
class Dispatcher:
    store: Store
    launcher: Local
    pause: float = 0.2  # between two looks, seconds
    idle: float = 10.0  # without anything to do, before it leaves
    patience: float = 10.0  # for a run to stop when asked, and again after SIGTERM
    asked: dict[str, tuple[float, str]] = field(default_factory=dict)  # run to stop -> (since when, last means)
    beaten: float = 0.0

    def run(self) -> bool:
        """Works until there is nothing left to do; False when another dispatcher holds the lock."""
        lock = FileLock(self.store.root / "dispatcher.lock")
        while True:
            try:
                lock.acquire(timeout=2)  # longer than `running` holds it for a look
            except Timeout:
                return False
            try:
                (self.store.root / "dispatcher.pid").write_text(str(os.getpid()))
                self.work()
            finally:
                lock.release()
            # A run queued after our last look, by someone who still saw the lock held, would be left alone.
            if not self.store.active():
                return True

    def work(self) -> None:
        busy = time.monotonic()
        while time.monotonic() - busy < self.idle:
            try:
                if self.tick():
                    busy = time.monotonic()
            except (sqlite3.OperationalError, OSError) as error:  # a full disk, a locked store: neither ends a run
                print(f"the store does not answer ({error}): trying again", flush=True)
                time.sleep(2)
                busy = time.monotonic()
            time.sleep(self.pause)

    def tick(self) -> bool:
        """One look at every active run; whether there were any."""
        active = self.store.active()
        for run in active:
            if run.alive:
                self.watch(run)
        self.dispatch()
        if time.monotonic() - self.beaten > 2:
            self.store.beat([run.id for run in active if run.alive])
            self.beaten = time.monotonic()
        return bool(active)

    def watch(self, run: Run) -> None:
        if run.pid is None and not self.adopt(run):
            return
        if not self.launcher.alive(run):
            self.settle(run)
        elif run.state == "stopping":
            self.press(run)

    def adopt(self, run: Run) -> bool:
        """A run without a number was claimed by a dispatcher that died; it has begun, or never will."""
        found = self.launcher.find(run)
        if found:
            self.store.attach(run.id, *found)
        else:
            self.store.requeue(run.id)
        return False  # the next look sees it as it now is

    def press(self, run: Run) -> None:
        """Asks, then insists, then ends."""
        since, means = self.asked.setdefault(run.id, (time.monotonic(), "asked"))
        (run.folder / "stop").touch()
        if time.monotonic() - since < self.patience:
            return
        if means == "asked":
            self.launcher.end(run, signal.SIGTERM)
            self.asked[run.id] = (time.monotonic(), "SIGTERM")
        else:
            self.launcher.end(run, processes.KILL)
            self.asked[run.id] = (time.monotonic(), "SIGKILL")

    def settle(self, run: Run) -> None:
        code, memory = self.launcher.bury(run)
        _, means = self.asked.pop(run.id, (0, ""))
        self.store.settle(run.id, *verdict(run, outcome(run.folder), code, means, memory))

    def dispatch(self) -> None:
        """Gives free places to waiting runs in order; one that must wait keeps its places from those behind it."""
        free = set(self.launcher.places())
        for run in self.store.active():
            if run.alive:
                free -= set(run.device.split(","))
        for run in self.store.active():
            if run.state != "queued":
                continue
            places = wanted(run.recipe, self.launcher.places(), free)
            if not places:
                self.refuse(
                    run,
                    f"it asks for {run.recipe.get('device')}, and this machine has "
                    f"{', '.join(self.launcher.places())}: start it with device auto",
                )
            elif free >= set(places) and self.store.claim(run.id, ",".join(places)):
                self.launch(run, places)
            free -= set(places)

    def launch(self, run: Run, places: list[str]) -> None:
        try:
            self.store.attach(run.id, *self.launcher.start(run, places))
        except OSError as error:
            self.store.settle(run.id, "failed", f"it could not be started: {error}")

    def refuse(self, run: Run, reason: str) -> None:
        if self.store.claim(run.id, ""):
            self.store.settle(run.id, "failed", reason)


def wanted(recipe: dict, places: list[str], free: set[str]) -> list[str]:
    """The places a run takes: free ones where it may choose; [] when this machine has none such."""
    device, count = recipe.get("device", "auto"), recipe.get("processes", 1)
    gpus = [place for place in places if place != "cpu"]
    if device == "cpu" or (device == "auto" and len(gpus) < count):
        return ["cpu"]
    if device in ("auto", "cuda"):
        return sorted(gpus, key=lambda place: place not in free)[:count] if len(gpus) >= count else []
    first = int(device.removeprefix("cuda:"))
    asked = [f"cuda:{first + rank}" for rank in range(count)]
    return asked if set(asked) <= set(gpus) else []


def running(store: Store) -> bool:
    """Whether a dispatcher holds the lock."""
    lock = FileLock(store.root / "dispatcher.lock")
    try:
        with lock.acquire(blocking=False):
            return False
    except Timeout:
        return True


def ensure(store: Store) -> None:
    """Starts a dispatcher, detached, if there is something to do and nobody does it."""
    when, child = _spawned.get(store.root, (-60.0, None))
    if child:
        child.poll()
    if not store.active() or time.monotonic() - when < 3 or running(store):
        return
    env = {**os.environ, "EXPLORER_RUNS": str(store.root)}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [HERE, env.get("PYTHONPATH", "")]))
    command = [sys.executable, "-m", "explorer.training.dispatcher"]
    _spawned[store.root] = time.monotonic(), processes.detached(command, store.root / "dispatcher.log", env)


def main() -> int:
    store = Store()
    with contextlib.suppress(KeyboardInterrupt):
        Dispatcher(store, Local(gpus=count_gpus())).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
