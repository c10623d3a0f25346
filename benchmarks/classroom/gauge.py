"""What is measured from outside while a class is at work: the server's memory and time, and the queue at the gate."""

import asyncio
import contextlib
import math
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psutil

TURN = re.compile(r"turn (\d+) came after ([\d.]+) s")
ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120


@dataclass
class Server:
    process: psutil.Process
    address: str
    gate: Path
    log: Path
    memory: list[tuple[int, float]] = field(default_factory=list)  # (interactions so far, MB)

    def cpu(self) -> float:
        times = self.process.cpu_times()
        return times.user + times.system

    def megabytes(self) -> float:
        return self.process.memory_info().rss / 1e6

    async def watch(self, count) -> None:
        """Notes the memory beside `count()` once a second, until cancelled."""
        while True:
            self.memory.append((count(), self.megabytes()))
            await asyncio.sleep(1)

    def growth(self, interactions: int) -> float:
        """MB that the last so many interactions added."""
        last, end = self.memory[-1]
        return end - next(size for count, size in self.memory if count >= last - interactions)

    def faults(self) -> list[str]:
        """What went to the log: the last line of every traceback."""
        text = self.log.read_text(errors="replace")
        return [part.strip().splitlines()[-1] for part in re.split(r"Traceback \(most recent call last\)", text)[1:]]


@contextlib.contextmanager
def started(folder: Path, cores: set[int]):
    """The app on a free port with its runs in `folder`, on these cores alone; ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gate, log = folder / "gate.log", folder / "server.log"
    command = [sys.executable, "-m", "benchmarks.classroom.server", str(gate), "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1"]
    with log.open("w") as out, pinned(cores):
        child = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)
    try:
        address, limit = f"http://127.0.0.1:{port}", time.monotonic() + START_SECONDS
        while not _answers(address):
            if child.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield Server(psutil.Process(child.pid), address, gate, log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _answers(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
        return True
    return False


@contextlib.contextmanager
def pinned(cores: set[int]):
    """What is started inside stays on these cores; where the system cannot do that, nothing happens."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def split(wanted: int) -> tuple[set[int], set[int]]:
    """(the cores of the server and its training, those of the class): all for both where there are no more."""
    every = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))
    return set(every[:wanted]), set(every[wanted:]) or set(every)


@contextlib.contextmanager
def at_work(wanted: int):
    """(the server on so many cores, those cores, the others, on which this process stays), with runs of its own."""
    cores, others = split(wanted)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        os.environ["EXPLORER_RUNS"] = str(Path(name) / "runs")
        with started(Path(name), cores) as server, pinned(others):
            yield server, cores, others


def spread(seconds: list[float]) -> dict[str, float]:
    return {
        "times": len(seconds),
        "p50, s": round(statistics.median(seconds), 3),
        "p95, s": round(quantile(seconds, 0.95), 3),
        "slowest, s": round(max(seconds), 3),
    }


def queue(gate: Path, at_once: int) -> dict[str, float]:
    """How fair the gate was: the waiting times, and who was overtaken by someone who came later.

    Those who enter together may note it in either order, so only a distance above `at_once` counts.
    """
    turns = [(int(number), float(wait)) for number, wait in TURN.findall(gate.read_text())] if gate.exists() else []
    waits = sorted(wait for _, wait in turns if wait > 0.001)
    last, overtaken = 0, 0
    for number, _ in turns:
        last = max(last, number)
        overtaken += number < last - at_once
    return {
        "inferences": len(turns),
        "that waited": len(waits),
        "overtaken": overtaken,
        "median wait, s": round(statistics.median(waits), 3) if waits else 0.0,
        "95 % waited at most, s": round(quantile(waits, 0.95), 3),
        "longest wait, s": round(max(waits, default=0), 3),
    }


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least this share does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
