"""Thousands of bad files, texts and numbers at every door.

    python -m benchmarks.hostile [SURFACE ...]

Each surface is knocked at in a process of its own, in an empty folder. Counted: what was refused as it should be (an
ExplorerError), what was accepted since nothing was wrong with it, and faults: any other exception, a warning, a file
written elsewhere, a program or a connection started. Bounds: no fault, each refusal in under a second of computing,
under 200 MB of memory for an upload.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from benchmarks.common import exit_code, measurement, report
from benchmarks.hostile.surfaces import SURFACES
from explorer.errors import ExplorerError

BOUNDS = {"seconds": 1.0, "megabytes": 200.0}
FORBIDDEN = {
    "os.system", "os.exec", "os.fork", "os.posix_spawn", "subprocess.Popen", "socket.connect", "pickle.find_class",
}  # fmt: skip
PICKLED = ("streamlit.", "explorer.", "numpy", "pandas", "PIL.", "collections", "torch.")  # st.cache_data, in memory
READ_ONLY = (
    "uploads",
    "expensive_uploads",
    "recipes",
    "stacks",
    "parameters",
    "runs",
    "lists",
    "urls",
)  # others write to read
WRITES = {  # audited events that change the disk -> which argument is the path
    "os.remove": 0, "os.rename": 1, "os.mkdir": 0, "os.rmdir": 0, "os.symlink": 1, "os.link": 1, "shutil.rmtree": 0,
}  # fmt: skip


def memory(key: str) -> float:
    """Megabytes, VmRSS now or VmHWM at most since `forget`; 0 where there is no /proc."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(key)) / 1000
    except OSError:
        return 0.0


def forget() -> None:
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


class Watch:
    """Notes every event of the interpreter that a bad visitor must not cause."""

    def __init__(self, folder: Path):
        self.folder, self.seen, self.on = str(folder.resolve()), [], False
        sys.addaudithook(self.hook)

    def hook(self, event: str, arguments: tuple) -> None:
        if not self.on:
            return
        if event in FORBIDDEN and not (event == "pickle.find_class" and arguments[0].startswith(PICKLED)):
            self.seen.append(f"{event} {arguments!r:.80}")
        elif event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
            self.inside(event, arguments[0])
        elif event in WRITES:
            self.inside(event, arguments[WRITES[event]])

    def inside(self, event: str, path: object) -> None:
        if isinstance(path, str | bytes | os.PathLike):
            place = os.path.abspath(os.fsdecode(path))
            if not place.startswith((self.folder, "/dev/null")) and "__pycache__" not in place:
                self.seen.append(f"{event} {place[:80]}")


def knock(surface: str) -> dict:
    """In a process of its own: all visitors of one surface, and what came of them."""
    warnings.simplefilter("error")
    counts = {"surface": surface, "tried": 0, "refused": 0, "accepted": 0, "faults": 0}
    slowest, most, faults = (0.0, ""), (0.0, ""), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chdir(folder)
        watch = Watch(folder)
        for what, call in SURFACES[surface](folder):
            forget()
            before, start, fault = memory("VmRSS"), time.process_time(), ""
            watch.on, refused = True, False
            try:
                call()
            except ExplorerError as error:
                refused = True
                fault = "" if len(str(error)) < 1000 and str(error).isprintable() else f"a message like {error!s:.60}"
            except BaseException as error:
                fault = f"{type(error).__name__}: {error!s:.100}"
            watch.on = False
            seconds, megabytes = time.process_time() - start, memory("VmHWM") - before
            fault = fault or "; ".join(watch.seen)
            watch.seen.clear()
            counts["tried"] += 1
            counts["faults" if fault else "refused" if refused else "accepted"] += 1
            if fault:
                faults.append(f"{what}: {fault}")
            if refused:
                slowest = max(slowest, (seconds, what))
            most = max(most, (megabytes, what))
        if surface in READ_ONLY and (left := {file.name for file in folder.iterdir()} - {"runs", "data"}):
            counts["faults"] += 1
            faults.append(f"files outside runs/ and data/: {sorted(left)[:5]}")
        os.chdir("/")
    return counts | {
        "slowest refusal, s": round(slowest[0], 3),
        "peak, MB": round(most[0]),
        "what faulted": faults[:20],
        "slowest": ascii(slowest[1])[1:40],
        "largest": ascii(most[1])[1:40],
    }


def main() -> int:
    command = measurement("hostile", __doc__)
    command.add_argument(
        "wanted", metavar="SURFACE", nargs="*", type=surface, help="all without; less is never recorded"
    )
    command.add_argument("--knock", metavar="SURFACE", type=surface, help="only this one, in this process")
    options = command.parse_args()
    if options.knock:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # any exception would count as a fault of the visitor
        print(json.dumps(knock(options.knock)))
        return 0
    return visit(options.wanted, options.record)


def surface(text: str) -> str:
    if text not in SURFACES:
        raise argparse.ArgumentTypeError(f"{text!r:.60} is none; they are: {', '.join(SURFACES)}")
    return text


def visit(wanted: list[str], record: bool) -> int:
    rows = []
    for surface in wanted or SURFACES:
        command = [sys.executable, "-m", "benchmarks.hostile", "--knock", surface]
        root = Path(__file__).resolve().parents[2]
        env = os.environ | {"PYTHONPATH": str(root)}
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
        if done.returncode:
            sys.exit(f"{surface} did not survive:\n{done.stderr[-3000:]}")
        rows.append(json.loads(done.stdout))
        for fault in rows[-1].pop("what faulted"):
            print(f"  fault at {surface}: {fault!a}")
    good = all(
        not row["faults"]
        and row["slowest refusal, s"] < BOUNDS["seconds"]
        and (row["peak, MB"] < BOUNDS["megabytes"] or "uploads" not in row["surface"])
        for row in rows
    )
    total = {key: sum(row[key] for row in rows) for key in ("tried", "refused", "accepted", "faults")}
    slowest = max(row["slowest refusal, s"] for row in rows)
    largest = max((row["peak, MB"] for row in rows if "uploads" in row["surface"]), default=0)
    text = (
        f"{total['tried']:,} bad visitors at {len(rows)} of {len(SURFACES)} doors: {total['refused']:,} refused in a "
        f"sentence, {total['accepted']:,} harmless, {total['faults']} faults (bound: 0); the slowest refusal took "
        f"{slowest:.2f} s (bound: {BOUNDS['seconds']:g}), the largest upload {largest} MB (bound: "
        f"{BOUNDS['megabytes']:g})"
    )
    return report("hostile", rows, text, good, record=record, whole=not wanted)


if __name__ == "__main__":
    sys.exit(exit_code(main))
