"""Shipped pictures: a hundred of each dataset (fifty of STL-10), so that everything works before any download.

A sheet is one lossless WebP picture, ten tiles a row; sheets.json holds each tile's label and its index in the
dataset's test images, so that `dataset(name, "test").images[index]` is the same picture.
`python -m explorer.data.samples.make` makes both from the datasets.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.data.catalogue import KNOWN, unknown

FOLDER = Path(__file__).parent
COLUMNS = 10


@dataclass(frozen=True)
class Sample:
    dataset: str
    index: int  # among the dataset's test images
    label: int
    name: str  # of the class
    image: Image.Image  # RGB
    source: str  # for captions: where the picture is from


@cache
def _sheets() -> dict:
    return json.loads((FOLDER / "sheets.json").read_text(encoding="utf-8"))


def tiles(file: Path, size: int) -> np.ndarray:
    """A sheet cut up: (N, size, size, 3) uint8."""
    with Image.open(file, formats=("WEBP",)) as picture:
        sheet = np.asarray(picture.convert("RGB"))
    columns = sheet.shape[1] // size
    found = sheet.reshape(-1, size, columns, size, 3).swapaxes(1, 2).reshape(-1, size, size, 3)
    found.flags.writeable = False  # one copy serves every browser
    return found


@cache
def _tiles(name: str) -> np.ndarray:
    return tiles(FOLDER / f"{name}.webp", KNOWN[name].size)


SAMPLE_SETS = tuple(_sheets())


def samples(name: str) -> list[Sample]:
    """The shipped pictures of one dataset, class after class."""
    if name not in SAMPLE_SETS:
        raise unknown("sample set", name, SAMPLE_SETS)
    sheet = _sheets()[name]
    numbered = zip(sheet["index"], sheet["label"], _tiles(name), strict=True)
    return [sample(name, index, label, tile, sheet["source"]) for index, label, tile in numbered]


def sample(name: str, index: int, label: int, tile: np.ndarray, kind: str) -> Sample:
    known = KNOWN[name]
    source = f"{known.title}, {known.classes[label]}, {kind} no. {index}"
    return Sample(name, index, label, known.classes[label], Image.fromarray(tile), source)
