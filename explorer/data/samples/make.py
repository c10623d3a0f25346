"""Make the shipped sheets from the datasets' test images: `python -m explorer.data.samples.make [ROOT]`.

The first ten of every class (five of STL-10), in the order of the dataset. The same datasets give the same files.
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from explorer import files
from explorer.data.samples import COLUMNS, FOLDER
from explorer.paths import DATA

SHEETS = {  # dataset -> pictures a class, what its test images are called
    "cifar10": (10, "test image"),
    "stl10": (5, "held-out labelled training image"),
    "mnist": (10, "test image"),
    "kmnist": (10, "test image"),
    "fashion-mnist": (10, "test image"),
    "optdigits": (10, "test image"),
}


def sheet(tiles: np.ndarray, columns: int) -> Image.Image:
    """Tiles (N, size, size, 1 or 3) side by side, row after row; what is left of the last row is black."""
    count, size = len(tiles), tiles.shape[1]
    whole = np.zeros((-(-count // columns) * columns, size, size, 3), np.uint8)
    whole[:count] = tiles
    return Image.fromarray(whole.reshape(-1, columns, size, size, 3).swapaxes(1, 2).reshape(-1, columns * size, 3))


def make(root: Path, folder: Path) -> None:
    from explorer.data import dataset

    sheets = {}
    for name, (each, source) in SHEETS.items():
        data = dataset(name, "test", root)
        labels = data.labels.numpy()
        index = np.concatenate([np.flatnonzero(labels == label)[:each] for label in range(len(data.classes))])
        tiles = data.images[index].permute(0, 2, 3, 1).numpy()
        path = folder / f"{name}.webp"
        sheet(tiles, COLUMNS).save(path, lossless=True, quality=100, method=6)
        sheets[name] = {"source": source, "index": index.tolist(), "label": labels[index].tolist()}
        print(f"{path.name}: {len(index)} pictures, {path.stat().st_size / 1000:.0f} kB")
    files.write(folder / "sheets.json", (json.dumps(sheets) + "\n").encode())


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA, FOLDER)
