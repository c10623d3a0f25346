"""All that the study says, as plain values for benchmarks/results/study.json and as tables for a terminal.

A study that is under way has findings as well, which say of everything how many runs it rests on.
"""

import statistics
from dataclasses import asdict
from pathlib import Path

from explorer.render import signed
from explorer.results import keeping, study
from explorer.results.differences import FEWEST
from explorer.results.evidence import CLEAN, Kept, comparisons, kept, same_images
from explorer.results.study import BASELINE, CABLE, Experiment
from explorer.results.verdicts import robustness, sharpening, verdict


def record(folder: Path | None = None) -> dict:
    return {
        "command": "python -m benchmarks.study --analyse",
        "protocol": keeping.protocol(),
        "experiments": [_experiment(one, kept(one, folder), folder) for one in study.EXPERIMENTS],
    }


def text(found: dict) -> str:
    """The record as tables for a terminal."""
    lines = []
    for one in found["experiments"]:
        lines += [f"{one['title']}: {one['runs']} of {one['planned']} runs", f"  {one['verdict']}"]
        lines += [f"  {one['robustness']}", f"  {one['sharpening']}", ""]
        lines += [f"  {name}: {why}; counted as chance" for name, why in one["failed"].items()]
        for arm, seeds in one["arms"].items():
            clean = [values[CLEAN] for values in seeds.values()]
            spread = f" ± {statistics.stdev(clean):.2f}" if len(clean) >= FEWEST else ""
            lines += [f"  {arm:16} {statistics.fmean(clean):6.2f}{spread} % ({len(clean)})"] if clean else []
        lines += ["", f"  {'difference':34} {'outcome':15} {'points':>7}  95 % interval    bootstrapped     p (Holm)"]
        lines += [f"  {_row(each)}" for each in one["differences"] if each["difference"]]
        lines += [""]
    return "\n".join(lines).rstrip()


def _row(compared: dict) -> str:
    value = compared["difference"]

    def between(low, high) -> str:
        return "" if low is None else f"{signed(low)} … {signed(high)}"

    p = "" if value["p"] is None else f"{value['p']:.3f}"
    p += "" if compared["corrected"] is None else f" ({compared['corrected']:.3f})"
    drawn = between(*(value["bootstrapped"] or (None, None)))
    pair = f"{compared['arm']} − {compared['against']}"
    return (
        f"{pair:34} {compared['outcome']:15} {signed(value['mean']):>7}  {between(value['low'], value['high']):16} "
        f"{drawn:16} {p}"
    ).rstrip()


def _experiment(experiment: Experiment, rows: list[Kept], folder: Path | None) -> dict:
    found = comparisons(experiment, rows)
    primary = next(one for one in found if (one.arm, one.against, one.outcome) == (CABLE, BASELINE, CLEAN))
    return {
        "key": experiment.key,
        "title": experiment.title,
        "dataset": experiment.dataset,
        "width": experiment.width,
        "folds": experiment.folds,
        "planned": len(experiment.arms) * len(experiment.seeds),
        "runs": len(rows),
        "failed": {f"{row.arm}-{row.seed}": row.failed for row in rows if row.failed},
        "arms": {
            arm: {str(row.seed): {"clean": row.accuracy, **row.disturbed} for row in rows if row.arm == arm}
            for arm in experiment.arms
        },
        "differences": [asdict(one) for one in found],
        "verdict": verdict(experiment, primary),
        "robustness": robustness(experiment, found),
        "sharpening": sharpening(experiment, rows),
        "same_images": same_images(experiment, rows, folder),
        "gains": {
            arm: {str(row.seed): row.sharpening for row in rows if row.arm == arm and row.sharpening}
            for arm in experiment.arms
        },
    }
