"""What benchmarks/results/digits.json says, read back and checked: other methods on the digits of 8 x 8 pixels."""

import json
import statistics
from dataclasses import dataclass
from pathlib import Path

from explorer.data.catalogue import KNOWN
from explorer.errors import ExplorerError
from explorer.networks.robustness import percent
from explorer.paths import MEASURED
from explorer.training.store.spread import mean_and_deviation

DATASET = "optdigits"
TESTED = KNOWN[DATASET].images[1]
FILE, COMMAND = MEASURED / "digits.json", "python -m benchmarks.digits"
LARGEST = 100_000  # bytes
LONGEST = 200  # letters of what was chosen


@dataclass(frozen=True)
class Method:
    chosen: str  # its settings, by cross-validation over the training images
    right: tuple[int, ...]  # right answers of TESTED, one a seed

    @property
    def accuracies(self) -> list[float]:
        """In percent, one a seed."""
        return [100 * one / TESTED for one in self.right]

    @property
    def mean(self) -> float:
        return statistics.fmean(self.accuracies)

    @property
    def text(self) -> str:
        return f"{mean_and_deviation(self.accuracies)} %, {interval(self.mean)}"


def interval(accuracy: float) -> str:
    """Wilson's: how far other test images could have moved it."""
    _, low, high = percent(accuracy / 100 * TESTED, TESTED)
    return f"95 % interval {low:.1f} to {high:.1f}"


def read(file: Path = FILE) -> dict[str, Method]:
    """By the names of the paper's table; none where nobody has measured them."""
    if not file.is_file():
        return {}
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError("too large")
        return {str(row["method"])[:80]: _method(row) for row in json.loads(file.read_text("utf-8"))["rows"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExplorerError(f"{file.name} is damaged ({error!r:.80}): {COMMAND} --record writes it") from None


def _method(row: dict) -> Method:
    right = row["right"]
    if not (isinstance(right, list) and right and all(type(one) is int and 0 <= one <= TESTED for one in right)):
        raise ValueError("a count is none")
    return Method(str(row["chosen"])[:LONGEST], tuple(right))
