"""What the study has found: every run that is kept, the differences between the arms, and the sentences that follow.

`record()` is all of it as plain values, for benchmarks/results/study.json; a study that is under way gives a record as
well, which says of everything how many runs it rests on.
"""

import json
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from explorer.data.disturb import DISTURBANCES
from explorer.errors import ExplorerError
from explorer.networks import gains, weights
from explorer.render import signed
from explorer.results import keeping, study
from explorer.results.differences import FEWEST, Difference, holm, mcnemar, paired
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
        return start, gains.of_kernel(course[-1]).ratio
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
    return [Compared(**{**vars(one), "family": True, "corrected": next(corrected)}) if member(one) else one
            for one in found]  # fmt: skip


def points(value: float) -> str:
    return f"{signed(value)} points"


def interval(difference: Difference) -> str:
    """ "-0.28 points (-0.58 to +0.01)"."""
    if difference.low is None or difference.high is None:
        return f"{points(difference.mean)} (too few for an interval)"
    return f"{points(difference.mean)} ({signed(difference.low)} to {signed(difference.high)})"


def verdict(experiment: Experiment, compared: Compared) -> str:
    """One sentence on the cable layer against the baseline on clean images, by the numbers alone."""
    one, pairs = compared.difference, compared.difference.pairs if compared.difference else 0
    where = f"{experiment.title}"
    rests = f"{pairs} of {compared.planned} {'folds' if experiment.folds else 'pairs of seeds'}"
    if one is None or one.low is None or one.high is None:
        return f"{where}: not enough runs yet ({rests}) to say whether the cable layer helps."
    so_far = "" if pairs == compared.planned else f" So far: {rests}."
    said = f"{interval(one)}, 95 % interval over {pairs} {'folds' if experiment.folds else 'seeds'}"
    if one.sign > 0:
        return f"{where}: the cable layer helps: {said}.{so_far}"
    if one.sign < 0:
        return f"{where}: the cable layer costs accuracy: {said}.{so_far}"
    excluded = f"a gain of more than {max(one.high, 0):.2f} points is excluded"
    equal = f"; within ±{BOUND:g} points the two are equivalent" if one.within(BOUND) else ""
    return f"{where}: no difference is shown: {said}; {excluded}{equal}.{so_far}"


def robustness(experiment: Experiment, found: Iterable[Compared]) -> str:
    """One sentence on the cable layer against the baseline on disturbed images."""
    mine = [one for one in found if (one.arm, one.against) == (CABLE, BASELINE) and one.outcome != CLEAN]
    ready = [one for one in mine if one.difference and one.difference.low is not None]
    if len(ready) < len(mine) or not mine:
        return f"{experiment.title}: not enough runs yet to say what disturbances do ({len(ready)} of {len(mine)})."

    def clear(one: Compared, sign: int) -> bool:
        assert one.difference
        chance = one.difference.p if one.corrected is None else one.corrected
        return one.difference.mean * sign > 0 and chance is not None and chance < 0.05

    def named(sign: int) -> str:
        parts = [f"{DISTURBANCES[one.outcome].title} {interval(one.difference)}" for one in ready if clear(one, sign)]
        return "; ".join(parts)

    loses, gains = named(-1), named(1)
    how = "after Holm's correction" if any(one.corrected is not None for one in ready) else "without correction"
    few = min(one.difference.pairs for one in ready if one.difference)
    so_far = "" if few == mine[0].planned else f" So far: {few} of {mine[0].planned} pairs."
    if not loses and not gains:
        return f"{experiment.title}: under no disturbance is a difference shown, {how}.{so_far}"
    parts = [f"the cable layer loses under {loses}"] * bool(loses) + [f"gains under {gains}"] * bool(gains)
    subject = "" if loses else "the cable layer "
    return f"{experiment.title}, {how}: {subject}{' and '.join(parts)}.{so_far}"


def sharpening(experiment: Experiment, rows: list[Kept]) -> str:
    """One sentence on what the filters became: finest checkerboard against flat areas."""
    said = []
    for arm in experiment.arms:
        found = [row.sharpening for row in rows if row.arm == arm and row.sharpening]
        if found:
            before, after = (statistics.median(values) for values in zip(*found, strict=True))
            span = f"×{min(now for _, now in found):.2g} to ×{max(now for _, now in found):.2g}"
            few = f", {len(found)} of {len(experiment.seeds)} runs" * (len(found) < len(experiment.seeds))
            said.append(f"{arm} from ×{before:.2g} to ×{after:.2g} ({span}{few})")
    if not said:
        return f"{experiment.title}: not enough runs yet to say what the filters became."
    return f"{experiment.title}, the finest checkerboard against flat areas, median: {'; '.join(said)}."


def same_images(experiment: Experiment, rows: list[Kept], folder: Path | None) -> dict[str, dict]:
    """McNemar's test of the cable layer's network against the baseline's of the same seed."""
    seeds = [{row.seed for row in rows if row.arm == arm and not row.failed} for arm in (CABLE, BASELINE)]
    found = {}
    for seed in sorted(seeds[0] & seeds[1]):
        pair = (keeping.right(StudyRun(experiment, arm, seed), folder) for arm in (CABLE, BASELINE))
        only_cable, only_baseline, p = mcnemar(*pair)
        found[str(seed)] = {"only_cable": only_cable, "only_baseline": only_baseline, "p": p}
    return found


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
        "key": experiment.key, "title": experiment.title, "dataset": experiment.dataset, "width": experiment.width,
        "folds": experiment.folds, "planned": len(experiment.arms) * len(experiment.seeds), "runs": len(rows),
        "failed": {f"{row.arm}-{row.seed}": row.failed for row in rows if row.failed},
        "arms": {
            arm: {str(row.seed): {"clean": row.accuracy, **row.disturbed} for row in rows if row.arm == arm}
            for arm in experiment.arms
        },
        "differences": [asdict(one) for one in found],
        "verdict": verdict(experiment, primary), "robustness": robustness(experiment, found),
        "sharpening": sharpening(experiment, rows), "same_images": same_images(experiment, rows, folder),
        "gains": {arm: {str(row.seed): row.sharpening for row in rows if row.arm == arm and row.sharpening}
                  for arm in experiment.arms},
    }  # fmt: skip
