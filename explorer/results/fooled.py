"""What benchmarks/results/fooled.json says, read back and checked: right answers on images that were made to fool."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.stats

from explorer.errors import ExplorerError
from explorer.networks.robustness import percent
from explorer.paths import MEASURED
from explorer.results.differences import FEWEST, LEVEL
from explorer.results.study import ARMS

FILE = MEASURED / "fooled.json"
IMAGES = 200
LEVELS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # ε in grey levels
DIFFUSED = 3  # steps of diffusion, for who did not see it coming
LARGEST = 1_000_000  # bytes

Row = tuple[float, float, float]  # accuracy, low, high, in percent


@dataclass(frozen=True)
class Fooled:
    """Right answers of IMAGES, at each of LEVELS: as attacked, and diffused after that."""

    networks: dict[str, tuple[Sequence[int], Sequence[int]]]  # shipped, by name
    arms: dict[str, list[tuple[Sequence[int], Sequence[int]]]]  # the study's, a pair a seed

    def of(self, name: str, diffused: bool) -> list[Row]:
        """One network, with Wilson intervals of 95 %."""
        return [percent(right, IMAGES) for right in self.networks[name][diffused]]

    def of_arm(self, arm: str, diffused: bool) -> list[Row]:
        """The mean over seeds, with Student's interval where there are seeds enough; else without one."""
        shares = 100 / IMAGES * np.array([pair[diffused] for pair in self.arms[arm]], float)
        middle, seeds = shares.mean(0), len(shares)
        reach = np.zeros(len(LEVELS))
        if seeds >= FEWEST:
            reach = scipy.stats.t.ppf((1 + LEVEL) / 2, seeds - 1) * scipy.stats.sem(shares)
        return [(float(m), float(m - r), float(m + r)) for m, r in zip(middle, reach, strict=True)]


def read(file: Path = FILE) -> Fooled | None:
    """None where nobody has measured it."""
    if not file.is_file():
        return None
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError("too large")
        record = json.loads(file.read_text(encoding="utf-8"))
        facts = record["facts"]
        if (facts["images"], tuple(facts["levels"]), facts["steps of diffusion"]) != (IMAGES, LEVELS, DIFFUSED):
            raise ValueError("measured otherwise")
        networks, arms = {}, {}
        for row in record["rows"]:
            pair = _counts(row["attacked"]), _counts(row["diffused"])
            if "arm" in row:
                arms.setdefault(ARMS[ARMS.index(row["arm"])], []).append(pair)
            else:
                networks[str(row["network"])] = pair
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExplorerError(
            f"{file.name} is damaged ({error!r:.80}): python -m benchmarks.fooled --record writes it"
        ) from None
    return Fooled(networks, arms)


def _counts(values: object) -> list[int]:
    if not (isinstance(values, list) and len(values) == len(LEVELS)):
        raise ValueError("a number is missing")
    if not all(type(value) is int and 0 <= value <= IMAGES for value in values):
        raise ValueError("a count is none")
    return values
