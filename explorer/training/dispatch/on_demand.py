"""Starts the dispatcher of this machine where there is something to do and nobody does it: one process a machine."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from filelock import FileLock, Timeout

from explorer.training.dispatch import processes
from explorer.training.dispatch.launcher import HERE
from explorer.training.store.runs import Store

_spawned: dict[Path, tuple[float, subprocess.Popen]] = {}  # when, and the child, to be buried when it has left


def lock(store: Store, host: str) -> FileLock:
    """One dispatcher a machine: the lock carries the machine's name, as a file may."""
    return FileLock(store.root / f"dispatcher-{re.sub(r'[^A-Za-z0-9._-]', '_', host)}.lock")


def running(store: Store) -> bool:
    """Whether a dispatcher of this machine holds its lock."""
    try:
        with lock(store, processes.host()).acquire(blocking=False):
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
    command = [sys.executable, "-m", "explorer.training.dispatch.dispatcher"]
    _spawned[store.root] = time.monotonic(), processes.detached(command, store.root / "dispatcher.log", env)
