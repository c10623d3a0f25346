"""What can be seen of a run on another machine, where its process number means nothing.

Its files on the shared folder and its row in the store change while it lives, beside the lock that it holds there.
Clocks of two machines differ, so silence is timed by whoever listens.
"""

import os
import time
from dataclasses import dataclass

from explorer.training.store.runs import Run


@dataclass
class Still:
    """How long something has not changed, by our own clock."""

    seen: object = None
    since: float = 0.0

    def seconds(self, now: object) -> float:
        if now != self.seen:
            self.seen, self.since = now, time.monotonic()
        return time.monotonic() - self.since


def signs(run: Run) -> tuple:
    """Whatever a living run or its dispatcher changes sooner or later."""
    try:
        with os.scandir(run.folder) as files:
            return run.heartbeat, *sorted((file.name, file.stat().st_mtime_ns) for file in files if file.is_file())
    except OSError:
        return (run.heartbeat,)
