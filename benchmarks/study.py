"""Train what docs/STUDY.md asks for, and say what has come out of it; stop and start it as you like.

    python -m benchmarks.study             # trains what is missing, one run after another, on one core
    python -m benchmarks.study --list      # only lists what there is and what is missing
    python -m benchmarks.study --collect   # only keeps what has ended: pretrained/study/
    python -m benchmarks.study --disturb   # the accuracy of what is kept under every disturbance, where it lacks
    python -m benchmarks.study --analyse   # prints what it says, and writes benchmarks/results/study.json
    python -m benchmarks.study main stl10  # only these experiments

Several commands side by side share the work, whenever they are started. A run lives in runs/study/NAME (EXPLORER_RUNS
moves it) and goes on where it was, at most half a minute back, however it was ended.
"""

import argparse
import contextlib
import json
import os
import sys
from pathlib import Path

import torch
from filelock import FileLock, Timeout

from explorer import files
from explorer.results import findings, keeping, study
from explorer.results.study import StudyRun
from explorer.training.work.control import STOP
from explorer.training.work.loop import train
from explorer.training.work.metrics import read_progress

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "benchmarks" / "results" / "study.json"


def folder_of(run: StudyRun) -> Path:
    return Path(os.environ.get("EXPLORER_RUNS") or ROOT / "runs") / "study" / run.name


def listing(wanted: list[StudyRun]) -> None:
    for run in wanted:
        print(f"{run.name:28} {state(run)}")
    for experiment in study.EXPERIMENTS:
        mine = [run for run in wanted if run.experiment is experiment]
        if mine:
            done = sum(keeping.has(run) or keeping.ended(folder_of(run)) for run in mine)
            print(f"{experiment.title}: {done} of {len(mine)} runs")


def state(run: StudyRun) -> str:
    folder = folder_of(run)
    if keeping.has(run):
        return "kept"
    if keeping.ended(folder):
        return "ended"
    progress = read_progress(folder)
    return f"epoch {progress.get('epoch', 0)} of {run.recipe.epochs}" if progress else "missing"


def busy(folder: Path) -> bool:
    """Whether another command trains there."""
    if not folder.is_dir():
        return False
    try:
        with FileLock(folder / "lock").acquire(timeout=0):
            return False
    except Timeout:
        return True


def work(wanted: list[StudyRun]) -> int:
    """Trains what nobody trains yet; 130 when it was asked to stop."""
    for run in wanted:
        folder = folder_of(run)
        if keeping.has(run) or keeping.ended(folder) or busy(folder):
            continue
        keeping.clear(folder, run)
        (folder / STOP).unlink(missing_ok=True)
        print(f"\n{run.name}: {run.recipe.epochs} epochs in {folder}", flush=True)
        outcome = train(run.recipe, folder)
        if outcome.state == "stopped":
            return 130
        if keeping.collect(run, folder):
            print(f"{run.name}: {outcome.reason or f'{outcome.accuracy:.2f} %'}", flush=True)
    return 0


def disturb(wanted: list[StudyRun]) -> None:
    """Measures what is kept and not measured yet; several commands side by side share the work."""
    for run in wanted:
        folder = folder_of(run)
        if not keeping.has(run) or keeping.measured(run):
            continue
        folder.mkdir(parents=True, exist_ok=True)  # of a run that was trained elsewhere
        with contextlib.suppress(Timeout), FileLock(folder / "measure.lock").acquire(timeout=0):
            print(f"{run.name}: under every disturbance", flush=True)
            keeping.measure(run, folder)


def analyse() -> None:
    found = findings.record()
    print(findings.text(found))
    files.write(RESULT, (json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())
    print(f"\nwritten to {RESULT.relative_to(ROOT)}")


def main() -> int:
    keys = [experiment.key for experiment in study.EXPERIMENTS]
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("experiments", nargs="*", metavar="EXPERIMENT", help=f"only these: {', '.join(keys)}")
    parser.add_argument("--list", action="store_true", help="list what there is and what is missing, train nothing")
    parser.add_argument("--collect", action="store_true", help="keep what has ended, train nothing")
    parser.add_argument("--disturb", action="store_true", help="measure what is kept under every disturbance")
    parser.add_argument("--analyse", action="store_true", help="print what the study says, and write it down")
    options = parser.parse_args()
    if unknown := [key for key in options.experiments if key not in keys]:
        parser.error(f"{unknown[0]!r} is no experiment; they are: {', '.join(keys)}")
    wanted = [run for run in study.runs() if run.experiment.key in (options.experiments or keys)]
    if options.analyse:
        analyse()
        return 0
    code = 0
    if options.disturb:
        torch.set_num_threads(1)
        disturb(wanted)
    elif options.collect:
        new = sum(keeping.collect(run, folder_of(run)) for run in wanted)
        print(f"{new} new in {keeping.KEPT}")
    elif not options.list:
        torch.set_num_threads(1)
        code = work(wanted)
    if options.list or not code:
        listing(wanted)
    return code


if __name__ == "__main__":
    sys.exit(main())
