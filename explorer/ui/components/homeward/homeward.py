"""A value with its sum, and the trail that led to it: the Python side of homeward.js."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from explorer.ui.components.parts import component, hears, pack

TILES = 24  # maps that are shown at once with the window on them
_homeward = component("homeward", Path(__file__).parent, before=("../canvas/controls",))

Box = tuple[float, float, float, float]  # top, left, height and width as shares of the picture


@dataclass(frozen=True)
class Told:
    """Words and a number."""

    words: str
    value: str


@dataclass(frozen=True)
class TermLine:
    """A term of the sum."""

    index: int  # what is reported when it is opened
    words: str  # where its value stands
    made: str  # value × weight
    product: str
    share: float  # of the largest product, with its sign
    cell: Box  # in what is shown of its window


@dataclass(frozen=True)
class Shown:
    """What is shown of one value."""

    trail: Sequence[Told]  # every value on the way, this one last
    title: str
    where: str  # the map or the units that it stands in, in words
    cell: Box  # in that map
    seen: str  # what of the image it can see
    field: Box
    terms: Sequence[TermLine]
    sums: Sequence[Told]  # what follows the terms: the others together, the bias, the sum
    passed: Sequence[Told]  # the layers of one value that follow the sum
    reads: str  # the maps that it reads, in words
    names: Sequence[str]  # of the tiles
    window: Box  # on each tile
    openings: Sequence[int]  # the dearest term of each tile
    other: str  # where else one may begin
    about: str  # what stands there


def homeward(
    page: Shown,
    *,
    image: np.ndarray,
    own: np.ndarray,
    tiles: np.ndarray,
    windows: np.ndarray,
    key: str,
    label: str,
    go: Callable[[int, int | None], None],
) -> None:
    """The image, the value's own map (h, w, 3), tiles (N, h, w, 3) and, of each term, its window (terms, h, w, 3).

    `go(kept, index)` is called before the page runs again: so many values of the trail are kept, and the last one's
    term is opened, or none; with 0 it begins at the other value.
    """

    def hear(sent: object) -> None:
        if isinstance(sent, list) and len(sent) == 2 and type(sent[0]) is int and isinstance(sent[1], int | None):
            go(max(sent[0], 0), sent[1])

    facts = asdict(page) | {"label": label}
    arrays = {"image": image, "own": own, "tiles": tiles, "windows": windows}
    arrays = {name: np.ascontiguousarray(one) for name, one in arrays.items()}
    _homeward(data=pack(facts, **arrays), key=key, on_go_change=hears(key, "go", hear))
