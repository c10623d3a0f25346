"""Small copies of every test image that a shipped network gets wrong, to look at its mistakes.

A sheet is one lossy WebP picture; sheets.json holds each tile's index in the dataset's test images and its label. They
are there for whoever has not unpacked the dataset: a network may answer a copy otherwise than the image itself.
`python -m benchmarks.missed` makes them.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from explorer.data.catalogue import KNOWN
from explorer.data.samples import Sample, sample, tiles

FOLDER = Path(__file__).parent


@cache
def _sheets() -> dict[str, dict]:
    return json.loads((FOLDER / "sheets.json").read_text(encoding="utf-8"))


@cache
def places(name: str) -> dict[int, int]:
    """Number of the test image -> its place on the sheet; empty for a dataset without one."""
    return {index: place for place, index in enumerate(_sheets().get(name, {}).get("index", []))}


@cache
def _tiles(name: str) -> np.ndarray:
    return tiles(FOLDER / f"{name}.webp", KNOWN[name].size)


def copy(name: str, index: int) -> Sample:
    """The copy of a test image that is in `places`."""
    place, sheet = places(name)[index], _sheets()[name]
    return sample(name, index, sheet["label"][place], _tiles(name)[place], f"small copy of {sheet['source']}")
