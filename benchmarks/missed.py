"""Small copies of all test images that a shipped network gets wrong, of every dataset that is not embedded.

    python -m benchmarks.missed

From the datasets in data/ and the test results in pretrained/; the sheets are written to explorer/data/missed/, where
the Classify page finds the pictures of every cell of its confusion matrix. Again after every new network.
"""

import json
import sys
from pathlib import Path

import numpy as np

from benchmarks.common import exit_code, parser, table
from explorer import files
from explorer.data import Dataset, dataset
from explorer.data.missed import FOLDER
from explorer.data.samples.make import SHEETS, sheet
from explorer.errors import ExplorerError
from explorer.networks import evaluation, weights
from explorer.paths import DATA, PRETRAINED

COLUMNS = {"cifar10": 64, "stl10": 20, "kmnist": 32, "mnist": 16}
QUALITY = 90


def wrong(data: Dataset) -> np.ndarray:
    """Numbers of the test images that any shipped network of the dataset gets wrong."""
    found = set()
    for name, card in weights.cards().items():
        if card.dataset == data.name:
            result = evaluation.read(PRETRAINED / f"{name}.eval.npz")
            if not np.array_equal(result.labels, data.labels.numpy()):
                raise ExplorerError(f"{name} was tested on {card.tested}, and here are {data.source}: take those")
            found.update(np.flatnonzero(result.predictions != result.labels).tolist())
    return np.array(sorted(found), int)


def main() -> int:
    asked = parser("missed", __doc__)
    asked.add_argument("--data", type=Path, default=DATA, metavar="FOLDER", help="where the datasets lie (%(default)s)")
    folder = asked.parse_args().data
    listed, rows = {}, []
    for name, columns in COLUMNS.items():
        data = dataset(name, "test", folder)
        index, path = wrong(data), FOLDER / f"{name}.webp"
        tiles = data.images[index].permute(0, 2, 3, 1).numpy()
        sheet(tiles, columns).save(path, quality=QUALITY, method=6)
        listed[name] = {"source": SHEETS[name][1], "index": index.tolist(), "label": data.labels[index].tolist()}
        rows.append({"sheet": path.name, "pictures": len(index), "of": len(data), "MB": path.stat().st_size / 1e6})
    files.write(FOLDER / "sheets.json", (json.dumps(listed) + "\n").encode())
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
