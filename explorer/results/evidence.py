"""What the study has found so far: every run that is kept, and the differences between the arms.

verdicts.py says it in sentences, findings.py as plain values for benchmarks/results/study.json.
"""

import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from explorer.data.disturb import DISTURBANCES
from explorer.errors import ExplorerError
from explorer.networks import gains, weights
from explorer.results import keeping, study
from explorer.results.differences import Difference, holm, mcnemar, paired
from explorer.results.study import BASELINE, CABLE, Experiment, StudyRun

CHANCE, BOUND = 10.0, 0.3  # percent of ten classes; points from which a difference is called one
CLEAN = "clean"
RIVALS = ("front-depthwise", "front-free", "front-bn", "front-blur", "cabeq-smooth-1")  # of the cable layer
MAIN = "main"


@dataclass(frozen=True)
class Kept:
    """One run: accuracy on the test images as they are, and under every disturbance the mean over its strengths."""

    arm: str
    seed: int
    accuracy: float
    disturbed: dict[str, float] = field(default_factory=dict)
    failed: str = ""  # its loss left the numbers: then the accuracies are those of chance
    sharpening: tuple[float, float] | None = None  # of its first filter, before training and after: see gains.py


@dataclass(frozen=True)
class Compared:
    """One arm minus another in one outcome."""

    experiment: str
    arm: str
    against: str
    outcome: str  # "clean" or a disturbance
    planned: int
    difference: Difference | None  # None before the first pair
    family: bool = False  # of the secondary family
    corrected: float | None = None  # Holm's p, once the whole family is there


def kept(experiment: Experiment, folder: Path | None = None) -> list[Kept]:
    folder = folder or keeping.KEPT
    return [
        _read(run, folder) for run in study.runs() if run.experiment.key == experiment.key and keeping.has(run, folder)
    ]


def _read(run: StudyRun, folder: Path) -> Kept:
    values = _json(folder / f"{run.name}.json")
    if failed := values.get("failed"):
        return Kept(run.arm, run.seed, CHANCE, dict.fromkeys(DISTURBANCES, CHANCE), failed)
    try:
        accuracy = float(values["accuracy"])
    except (KeyError, TypeError, ValueError) as error:
        raise ExplorerError(f"{run.name}.json of the study is damaged ({error!r:.80}): fetch it again") from None
    sharpened = _sharpened(run, folder)
    found = keeping.robust(run, folder)
    if found is None or found.images < found.of:  # a part of the test images would be compared with another
        return Kept(run.arm, run.seed, accuracy, sharpening=sharpened)
    means = {name: 100 * statistics.fmean(found.under[name]) / found.images for name in DISTURBANCES}
    return Kept(run.arm, run.seed, accuracy, means, sharpening=sharpened)


def _sharpened(run: StudyRun, folder: Path) -> tuple[float, float] | None:
    for name, course in keeping.kernels(run, folder).items():
        start = gains.at_start(weights.read_card(run.name, folder))[name].ratio
        # the start is made in float32, whose last digits are not the same on every processor
        return float(f"{start:.6g}"), float(f"{gains.of_kernel(course[-1]).ratio:.6g}")
    return None


def _json(path: Path) -> dict:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ExplorerError(f"{path.name} of the study cannot be read ({str(error)[:80]}): fetch it again") from None
    if not isinstance(values, dict):
        raise ExplorerError(f"{path.name} of the study holds no object: fetch it again")
    return values


def compare(experiment: Experiment, rows: list[Kept], arm: str, against: str, outcome: str) -> Compared:
    """By seed, over the seeds that both have."""

    def values(name: str) -> dict[int, float]:
        mine = (row for row in rows if row.arm == name)
        found = {row.seed: row.accuracy if outcome == CLEAN else row.disturbed.get(outcome) for row in mine}
        return {seed: value for seed, value in found.items() if value is not None}

    first, second = values(arm), values(against)
    both = sorted(first.keys() & second.keys())
    difference = paired([first[seed] for seed in both], [second[seed] for seed in both]) if both else None
    return Compared(experiment.key, arm, against, outcome, len(experiment.seeds), difference)


def comparisons(experiment: Experiment, rows: list[Kept]) -> list[Compared]:
    """Every arm against the baseline, clean and disturbed, and the cable layer against every other arm."""
    outcomes = (CLEAN, *DISTURBANCES)
    found = [
        compare(experiment, rows, arm, BASELINE, outcome)
        for arm in experiment.arms
        if arm != BASELINE
        for outcome in outcomes
    ]
    found += [
        compare(experiment, rows, CABLE, rival, CLEAN) for rival in experiment.arms if rival not in (BASELINE, CABLE)
    ]
    return _corrected(found) if experiment.key == MAIN else found


def _corrected(found: list[Compared]) -> list[Compared]:
    """With the secondary family marked, and with Holm's p-values once every one of the family has its own."""

    def member(one: Compared) -> bool:
        disturbed = (one.against, one.outcome == CLEAN) == (BASELINE, False)
        return one.arm == CABLE and (disturbed or one.against in RIVALS)

    values = [one.difference.p if one.difference else None for one in found if member(one)]
    known = [value for value in values if value is not None]
    corrected = iter(holm(known) if len(known) == len(values) else [None] * len(values))
    return [
        Compared(**{**vars(one), "family": True, "corrected": next(corrected)}) if member(one) else one for one in found
    ]


def same_images(experiment: Experiment, rows: list[Kept], folder: Path | None) -> dict[str, dict]:
    """McNemar's test of the cable layer's network against the baseline's of the same seed."""
    seeds = [{row.seed for row in rows if row.arm == arm and not row.failed} for arm in (CABLE, BASELINE)]
    found = {}
    for seed in sorted(seeds[0] & seeds[1]):
        pair = (keeping.right(StudyRun(experiment, arm, seed), folder) for arm in (CABLE, BASELINE))
        only_cable, only_baseline, p = mcnemar(*pair)
        found[str(seed)] = {"only_cable": only_cable, "only_baseline": only_baseline, "p": p}
    return found
