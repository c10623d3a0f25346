"""How a run hears that it should stop, and how it says where it is.

A stop is asked by a file named `stop` in the run's folder, by SIGTERM or SIGINT, or by the caller's own function.
It is looked for at every step, so a run leaves within one step and one checkpoint.
"""

import contextlib
import os
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from explorer import files
from explorer.training.work import metrics

STOP = "stop"
LOCK = "lock"  # in the run's folder, of its process from its first second to its last
PROGRESS_SECONDS, CHECKPOINT_SECONDS = 0.5, 30.0
GO, SAVE, LEAVE = 0, 1, 2
FULL = f"{files.FULL}: delete runs that nobody needs, then resume; the checkpoint before it is whole"
FULL_CODE = 74  # of a process that could not even write down why it ended
DELETED = "its folder was deleted while it ran: what it had learned is gone"


@dataclass(frozen=True)
class Outcome:
    state: str  # finished, stopped or failed
    reason: str = ""
    epoch: int = 0  # epochs completed
    accuracy: float | None = None  # percent on the test images, of the weights as written; only when finished


class Stopped(Exception):
    """The run was asked to stop; carries who asked."""


def held(folder: Path) -> bool:
    """Whether a process trains in the run's folder."""
    try:
        with FileLock(folder / LOCK).acquire(blocking=False):
            return False
    except Timeout:
        return True
    except OSError:  # no folder, no process in it
        return False


def ask_to_stop(folder: Path) -> None:
    """Leaves the wish in the run's folder; where nothing can be written (a full disk), who asks asks again."""
    with contextlib.suppress(OSError):
        (folder / STOP).touch()


class Control:
    def __init__(self, folder, should_stop=None):
        self.file, self.should_stop, self.signal = Path(folder) / STOP, should_stop, ""
        self.saved = time.monotonic()

    @contextlib.contextmanager
    def listening(self):
        """Signals become a request to stop while the run lasts; only a main thread may do that."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        before = {number: signal.signal(number, self._hear) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _hear(self, number, frame):
        self.signal = signal.Signals(number).name

    def asked(self) -> str:
        """Who asked to stop, or nothing."""
        if self.signal:
            return self.signal
        if self.file.exists():
            return "asked to stop"
        return "asked to stop" if self.should_stop and self.should_stop() else ""

    def verdict(self) -> int:
        if self.asked():
            return LEAVE
        return SAVE if time.monotonic() - self.saved > CHECKPOINT_SECONDS else GO

    def check(self) -> None:
        if reason := self.asked():
            raise Stopped(reason)


class Progress:
    """progress.json: where the run is, at most twice a second."""

    def __init__(self, folder, recipe, on_progress=None):
        self.folder, self.on_progress, self.written = folder, on_progress, 0.0
        self.values = {
            "epochs": recipe.epochs,
            "pid": os.getpid(),
            "phase": "starting",
            "epoch": 0,
            "batch": 0,
            "batches": 0,
        }

    def due(self) -> bool:
        return time.monotonic() - self.written >= PROGRESS_SECONDS

    def tell(self, **values) -> None:
        """Write at once. A disk that is full is the checkpoint's business, not the bar's."""
        self.written = time.monotonic()
        self.values |= values | {"time": time.time()}
        with contextlib.suppress(OSError):
            metrics.write_progress(self.folder, self.values)
        if self.on_progress:
            self.on_progress(dict(self.values))
