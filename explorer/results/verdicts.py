"""What the study says, in sentences that follow from the numbers alone, whichever way they fall.

Every sentence names its dataset and width, and how many of the planned runs it rests on while there are not all.
"""

import statistics
from collections.abc import Iterable

from explorer.data.disturb import DISTURBANCES
from explorer.render import signed
from explorer.results.differences import Difference
from explorer.results.evidence import BOUND, CLEAN, Compared, Kept
from explorer.results.study import BASELINE, CABLE, Experiment


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
        parts = [
            f"{DISTURBANCES[one.outcome].title} {interval(one.difference)}"
            for one in ready
            if one.difference and clear(one, sign)
        ]
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
