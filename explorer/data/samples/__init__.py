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


@cache
def _tiles(name: str) -> np.ndarray:
    """The sheet cut up: (N, size, size, 3) uint8."""
    size = KNOWN[name].size
    with Image.open(FOLDER / f"{name}.webp", formats=("WEBP",)) as picture:
        sheet = np.asarray(picture.convert("RGB"))
    tiles = sheet.reshape(-1, size, COLUMNS, size, 3).swapaxes(1, 2).reshape(-1, size, size, 3)
    tiles.flags.writeable = False  # one copy serves every browser
    return tiles


SAMPLE_SETS = tuple(_sheets())


def samples(name: str) -> list[Sample]:
    """The shipped pictures of one dataset, class after class."""
    if name not in SAMPLE_SETS:
        raise unknown("sample set", name, SAMPLE_SETS)
    sheet, known = _sheets()[name], KNOWN[name]
    return [
        Sample(
            name,
            index,
            label,
            known.classes[label],
            Image.fromarray(tile),
            f"{known.title}, {known.classes[label]}, {sheet['source']} no. {index}",
        )
        for index, label, tile in zip(sheet["index"], sheet["label"], _tiles(name), strict=True)
    ]
