"""Mean and standard deviation of every dataset's training images beside those that the catalogue holds.

    python -m benchmarks.normalisation [ROOT]

Over all pixels of all training images, exact, from the counts of the 256 values. CIFAR-10's and STL-10's are those of
the cable-equation paper, which the trained networks need: their distance is shown and not judged. The others must be
the computed ones to four places. A dataset that is not there is left out, and then nothing is recorded.
"""

import sys
from pathlib import Path
from unittest.mock import patch

from benchmarks.common import exit_code, measurement, report
from explorer.data import dataset, known
from explorer.data.catalogue import KNOWN
from explorer.data.decoding import statistics
from explorer.errors import ExplorerError

OF_THE_PAPER = ("cifar10", "stl10")
BOUND = 5.1e-5  # half of the fourth place


def main() -> int:
    options = measurement("normalisation", __doc__)
    options.add_argument("root", metavar="ROOT", nargs="?", type=Path, default=Path("data"), help="data/ without")
    options = options.parse_args()
    root = options.root
    if not root.is_dir():
        raise ExplorerError(f"ROOT is {str(root)!r:.200}, which is no folder: give the one that holds the datasets")
    with patch.object(known, "unreachable", lambda _address: "only what is already here is measured"):
        rows = [row for name in KNOWN if (row := measured(name, root))]
    whole = len(rows) == len(KNOWN)
    return report("normalisation", rows, figure(rows), worst(rows) <= BOUND, record=options.record, whole=whole)


def measured(name: str, root: Path) -> dict | None:
    """The dataset's line; None, which is said, where it is not here."""
    try:
        images = dataset(name, "train", root).images.numpy()
    except ExplorerError as error:
        print(f"left out: {error}")
        return None
    about, (mean, std) = KNOWN[name], statistics(images)
    apart = max(abs(a - b) for a, b in zip((*mean, *std), (*about.mean, *about.std), strict=True))
    return {
        "dataset": name,
        "images": len(images),
        "mean": shown(mean),
        "std": shown(std),
        "largest distance": apart,
        "catalogue's mean": shown(about.mean),
        "catalogue's std": shown(about.std),
    }


def worst(rows: list[dict]) -> float:
    return max((row["largest distance"] for row in rows if row["dataset"] not in OF_THE_PAPER), default=0.0)


def figure(rows: list[dict]) -> str:
    paper = " and ".join(KNOWN[name].title for name in OF_THE_PAPER)
    return f"{worst(rows):.1e} from the catalogue (bound: {BOUND:.1e}), but for {paper}, which have the paper's numbers"


def shown(values: tuple[float, ...]) -> str:
    return " ".join(f"{value:.4f}" for value in values)


if __name__ == "__main__":
    sys.exit(exit_code(main))
