"""What the dispatcher needs of a place where runs run: whom to start, start one, see whether it lives, end it, say how
it ended.

This is the one for processes on this machine; ray_launcher.py is the one for Ray. A run is `python -m
explorer.training.work.loop FOLDER`; with more than one process torch.distributed.run starts as many. It leads its own
process group and outlives the dispatcher.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from explorer import files
from explorer.errors import ExplorerError
from explorer.machine import cores
from explorer.paths import CODE
from explorer.training.dispatch import processes
from explorer.training.dispatch.ending import outcome, verdict
from explorer.training.store.runs import Run
from explorer.training.work.control import STOP

HERE = str(CODE)
LOOP = ("-m", "explorer.training.work.loop")
FORMERLY = ("-m", "explorer.training.loop")  # of version 0.1, whose runs may be alive yet
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node")


@dataclass
class Local:
    here = True  # its runs are processes of this machine
    gpus: int = 0
    program: tuple[str, ...] = LOOP  # what python runs; the tests put a stand-in here
    children: dict[str, subprocess.Popen] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)  # the kernel's counter when the run began

    def places(self) -> list[str]:
        return [*(f"cuda:{index}" for index in range(self.gpus)), "cpu"]

    def look(self) -> str:
        """Before each round: why nothing can be said of any run now, or nothing."""
        return ""

    def plan(self, active: list[Run]) -> Iterator[tuple[Run, str, list[str] | str]]:
        """(run, "start", places), (run, "wait", why) or (run, "refuse", why) for waiting runs, in order: free places
        go to those who come first; one that must wait keeps its places from those behind it."""
        places = self.places()
        free = set(places)
        for run in active:
            if run.alive:
                free -= set(run.device.split(","))
        for run in active:
            if run.state != "queued":
                continue
            try:
                chosen = wanted(run.recipe, places, free)
            except ExplorerError as error:
                yield run, "refuse", str(error)
                continue
            except (AttributeError, TypeError, ValueError):
                yield run, "refuse", "its recipe is of another version or damaged: start it anew"
                continue
            if free >= set(chosen):
                yield run, "start", chosen
            free -= set(chosen)

    def start(self, run: Run, places: list[str]) -> tuple[int, str]:
        """Starts the claimed run and returns its process and birth."""
        prepare(run, run.recipe)
        count = run.recipe.get("processes", 1)
        self.kills[run.id] = processes.memory_kills()
        child = processes.detached(
            command(run.folder, count, self.program), run.folder / "log.txt", environment(places, count, run.recipe)
        )
        self.children[run.id] = child
        return child.pid, processes.born(child.pid)

    def find(self, run: Run) -> tuple[int, str] | None:
        """The first process of a run that was claimed by a dispatcher which died before it could note the number."""
        found = self.processes(run)
        for pid in found:  # under torch.distributed.run the agent and its workers have the same arguments
            if processes.parent(pid) not in found:
                return pid, processes.born(pid)
        return None

    def processes(self, run: Run) -> list[int]:
        """All living ones of a run, by their command lines."""
        return [pid for program in (self.program, FORMERLY) for pid in processes.find(*program, str(run.folder))]

    def alive(self, run: Run) -> bool:
        if run.id in self.children and self.children[run.id].poll() is not None:
            return False
        return processes.alive(run.pid, run.born)

    def end(self, run: Run, sign: int) -> None:
        processes.end(run.pid, run.born, sign)

    def verdict(self, run: Run, means: str) -> tuple[str, str]:
        """Ends what is left of a run's processes; state and reason from its exit code, where we are the parent, and
        from what was done to it."""
        for pid in self.processes(run):
            processes.end(pid, processes.born(pid), processes.KILL)
        child, before = self.children.pop(run.id, None), self.kills.pop(run.id, None)
        memory = before is not None and processes.memory_kills() > before
        return verdict(run, outcome(run.folder), child.wait() if child else None, means, memory)


def prepare(run: Run, recipe: dict) -> None:
    """The folder of a run that is about to begin."""
    run.folder.mkdir(exist_ok=True)
    for stale in (STOP, "outcome.json"):
        (run.folder / stale).unlink(missing_ok=True)
    files.write(run.folder / "recipe.json", json.dumps(recipe, indent=1).encode())


def command(folder: Path, count: int, program: tuple[str, ...] = LOOP) -> list[str]:
    """What makes a folder's run go, with torch.distributed.run where it takes several processes."""
    return [sys.executable, *((*TORCHRUN, str(count)) if count > 1 else ()), *program, str(folder)]


def wanted(recipe: dict, places: list[str], free: set[str]) -> list[str]:
    """The places a run takes: free ones where it may choose; raises when this machine has none such."""
    device, count = recipe.get("device", "auto"), recipe.get("processes", 1)
    gpus = [place for place in places if place != "cpu"]
    if device == "cpu" or (device == "auto" and len(gpus) < count):
        if count > cores():
            raise ExplorerError(f"processes is {count}: this machine has {cores()} cores for them, so give no more")
        return ["cpu"]
    if device in ("auto", "cuda"):
        asked = sorted(gpus, key=lambda place: place not in free)[:count]
    else:
        first = int(device.removeprefix("cuda:"))
        asked = [f"cuda:{first + rank}" for rank in range(count)]
    if len(asked) < count or not set(asked) <= set(gpus):
        several = f" for {count} processes" * (count > 1)
        raise ExplorerError(
            f"it asks for {device}{several}, and this machine has {', '.join(places)}: start it with device auto"
        )
    return asked


def check(recipe: dict) -> None:
    """Raises where this machine could never start the recipe; on a cluster that is the cluster's business."""
    anywhere = recipe["device"] in ("auto", "cpu") and recipe["processes"] <= cores()
    if not anywhere and not os.environ.get("EXPLORER_RAY", "").strip():
        wanted(recipe, Local(gpus=count_gpus()).places(), set())


def environment(places: list[str], processes_: int, recipe: dict) -> dict[str, str]:
    """The run sees its own devices and, on the CPU, one core less than there are, so that the pages stay quick."""
    env = dict(os.environ)
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [HERE, env.get("PYTHONPATH", "")]))
    env["PYTHONUNBUFFERED"] = "1"
    env.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that wait by spinning take the cores of those that work
    if places == ["cpu"]:
        env["CUDA_VISIBLE_DEVICES"] = ""
        env["OMP_NUM_THREADS"] = threads(processes_)
    elif not recipe.get("device", "auto").startswith("cuda:"):  # a named one is counted among all
        visible = os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",")
        numbers = [int(place.removeprefix("cuda:")) for place in places]
        env["CUDA_VISIBLE_DEVICES"] = ",".join(visible[n] if visible != [""] else str(n) for n in numbers)
    return env


def threads(processes_: int) -> str:
    """Of each process on the CPU, where EXPLORER_THREADS does not say otherwise."""
    return str(max(1, (cores() - 1) // processes_))


def count_gpus() -> int:
    """Asked of torch in a process of its own, so that the dispatcher stays small; 0 at once without a driver."""
    if not any(Path(device).exists() for device in ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")) and os.name == "posix":
        return 0
    command = [sys.executable, "-c", "import torch; print(torch.cuda.device_count())"]
    answer = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    return int(answer.stdout.strip() or 0) if answer.returncode == 0 else 0
