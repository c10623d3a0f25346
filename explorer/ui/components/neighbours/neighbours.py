"""neighbours: the same pictures in the planes of one or two networks; the Python side of neighbours.js."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.figures.theme import SERIES
from explorer.ui.components.parts import component, pack, said
from explorer.ui.components.sprites import Sprite, Tile

LEAST = 0.044  # of the plane: a little more than half a picture where it is smallest
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
                "places": apart(_within(view.places)).round(4).tolist(),
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


@st.cache_data(show_spinner=False, max_entries=64)
def apart(places: np.ndarray) -> np.ndarray:
    """Each where it is, or, where it would hide the middle of one before it, in the nearest place where it does not."""
    far = np.arange(-np.ceil(2 / LEAST), np.ceil(2 / LEAST) + 1) * LEAST / 2
    offsets = np.stack(np.meshgrid(far, far), -1).reshape(-1, 2)
    offsets = offsets[np.argsort((offsets**2).sum(1), kind="stable")]
    laid = np.empty((0, 2))
    for place in places:
        tries = place + offsets
        tries = tries[((tries >= 0) & (tries <= 1)).all(1)]
        free = (one for one in tries if (np.abs(one - laid).max(1) >= LEAST - 1e-9).all())
        laid = np.vstack([laid, next(free, place)])
    return laid
