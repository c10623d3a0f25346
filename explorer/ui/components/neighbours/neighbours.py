"""neighbours: the same pictures in the planes of one or two networks; the Python side of neighbours.js."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.figures.theme import SERIES
from explorer.ui.components.parts import component, pack, said
from explorer.ui.components.sprites import Sprite, Tile

_neighbours = component("neighbours", Path(__file__).parent)


@dataclass(frozen=True)
class Tiles:
    """The pictures: cut from one sprite, and last, where it is none of them, the visitor's own."""

    sprite: Sprite
    tiles: Sequence[Tile]
    own: tuple[str, str] | None = None  # its address, and what to call it


@dataclass(frozen=True, eq=False)
class Placed:
    """Where a network has them."""

    title: str
    note: str
    places: np.ndarray  # (N, 2)
    nearest: np.ndarray  # (N, count): the nearest first


def neighbours(
    tiles: Tiles, views: Sequence[Placed], chosen: int, *, label: str, key: str, choose: Callable[[str], None]
) -> None:
    """Draw them; `chosen` is the picture on the page. `choose(tile.key)` is called when another is taken, before the
    page runs again."""

    def report() -> None:
        taken = said(key, "taken")
        if taken in {tile.key for tile in tiles.tiles}:
            choose(taken)

    groups = list(dict.fromkeys(tile.group for tile in tiles.tiles))
    facts = {
        "label": label,
        "sheet": [tiles.sprite.url, tiles.sprite.columns, tiles.sprite.rows],
        "tiles": [[tile.key, groups.index(tile.group), tile.alt, tile.place] for tile in tiles.tiles],
        "own": tiles.own,
        "groups": [[name, SERIES[n % len(SERIES)], n >= len(SERIES)] for n, name in enumerate(groups)],
        "views": [
            {
                "title": view.title,
                "note": view.note,
                "places": _within(view.places).round(4).tolist(),
                "nearest": view.nearest.tolist(),
            }
            for view in views
        ],
        "chosen": chosen,
    }
    _neighbours(data=pack(facts), key=key, on_taken_change=report)


def _within(places: np.ndarray) -> np.ndarray:
    """In [0, 1] across and up, the same scale in both directions, in the middle."""
    low, high = places.min(0), places.max(0)
    wide = float((high - low).max()) or 1.0
    return (places - (low + high) / 2) / wide + 0.5
