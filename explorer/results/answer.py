"""What benchmarks/results/study.json says, read back and checked: the answer that the Results page opens with.

findings.py writes the file. A page reads it rather than all the runs, which an installed package does not hold.
"""

import csv
import io
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.paths import MEASURED
from explorer.results.differences import Difference
from explorer.results.evidence import CLEAN, Compared
from explorer.results.study import BASELINE, CABLE

FILE = MEASURED / "study.json"
LARGEST = 4_000_000  # bytes
SENTENCES = ("title", "verdict", "robustness", "sharpening")


@dataclass(frozen=True)
class Answer:
    """One experiment: how many of its runs there are, what they say in sentences, and every difference."""

    key: str
    title: str
    planned: int
    runs: int
    verdict: str
    robustness: str
    sharpening: str
    arms: dict[str, tuple[float, ...]]  # test accuracy on clean images in percent, a number a run
    differences: tuple[Compared, ...]

    def clean(self) -> list[Compared]:
        """Every arm against the baseline on clean images, as far as there are runs of both."""
        return [one for one in self._known() if (one.against, one.outcome) == (BASELINE, CLEAN)]

    def disturbed(self) -> list[Compared]:
        """The cable layer against the baseline, under each disturbance that was measured."""
        pair = CABLE, BASELINE
        return [one for one in self._known() if (one.arm, one.against) == pair and one.outcome != CLEAN]

    def _known(self) -> list[Compared]:
        return [one for one in self.differences if one.difference]

    def table(self) -> str:
        """All differences as CSV, in points."""
        said = io.StringIO()
        names = ["experiment", "arm", "against", "outcome", "planned", "family", "corrected"]
        writer = csv.DictWriter(said, [*names, *(field.name for field in fields(Difference))], lineterminator="\n")
        writer.writeheader()
        for one in self._known():
            assert one.difference
            values = {**{name: getattr(one, name) for name in names}, **asdict(one.difference)}
            if one.difference.bootstrapped:
                values["bootstrapped"] = " ".join(f"{end:g}" for end in one.difference.bootstrapped)
            writer.writerow(values)
        return said.getvalue()


def read(path: Path | None = None) -> list[Answer]:
    """Every experiment that has runs, the study's main one first; none where the study was never analysed."""
    path = path or FILE
    if not path.exists():
        return []
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("too large")
        found = json.loads(path.read_text(encoding="utf-8"))
        return [_answer(one) for one in found["experiments"] if one["runs"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ExplorerError(
            f"the study's {path.name} is damaged ({str(error)[:80]}): `python -m benchmarks.study --analyse` mends it"
        ) from None


def _answer(values: dict) -> Answer:
    said = {name: str(values[name]) for name in SENTENCES}
    return Answer(
        key=str(values["key"]),
        planned=int(values["planned"]),
        runs=int(values["runs"]),
        arms={
            str(arm): tuple(float(seed["clean"]) for seed in seeds.values()) for arm, seeds in values["arms"].items()
        },
        differences=tuple(_compared(one) for one in values["differences"]),
        **said,
    )


def _compared(values: dict) -> Compared:
    one = values["difference"]
    if one is not None:
        drawn = one["bootstrapped"]
        numbers = {name: _number(one[name]) for name in ("low", "high", "p")}
        pair = None if drawn is None else (float(drawn[0]), float(drawn[1]))
        one = Difference(int(one["pairs"]), float(one["mean"]), bootstrapped=pair, **numbers)
    names = {name: str(values[name]) for name in ("experiment", "arm", "against", "outcome")}
    return Compared(
        **names,
        planned=int(values["planned"]),
        difference=one,
        family=bool(values["family"]),
        corrected=_number(values["corrected"]),
    )


def _number(value) -> float | None:
    return None if value is None else float(value)
