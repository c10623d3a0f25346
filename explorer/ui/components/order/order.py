"""order: an array of maps and its two orders in memory; the Python side of order.js."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.figures.theme import SERIES
from explorer.layers import memory
from explorer.render import Scale, colour
from explorer.ui.components.parts import component, pack, said

_order = component("order", Path(__file__).parent)


def order(
    maps: np.ndarray,
    texts: Sequence[str],
    names: Sequence[str],
    *,
    scale: Scale,
    into: tuple[str, str, str],
    begin: tuple[int, int, int],
    chosen: tuple[int, int, int],
    label: str,
    key: str,
) -> None:
    """Show maps (C, H, W), their numbers as `texts` in that order; `names` are those of the maps.

    The map, row and column chosen in the browser go, counted on from `begin`, into st.session_state under the keys
    `into`, and the page says in `chosen` which one it takes.
    """
    shape = maps.shape

    def keep() -> None:
        picked = said(key, "picked")
        if isinstance(picked, int) and 0 <= picked < maps.size:
            place = np.unravel_index(picked, shape)
            st.session_state.update({name: at + int(here) for name, at, here in zip(into, begin, place, strict=True)})

    facts = {
        "label": label,
        "shape": list(shape),
        "texts": list(texts),
        "names": list(names),
        "tints": [SERIES[n % len(SERIES)] for n in range(shape[0])],
        "told": [_told(shape, begin, *place) for place in np.ndindex(shape)],
        "last": memory.channels_last(shape).tolist(),
        "selected": memory.first_place(shape, *(at - here for at, here in zip(chosen, begin, strict=True))),
    }
    _order(data=pack(facts, colours=colour(maps.reshape(1, -1), scale)[0]), key=key, on_picked_change=keep)


def _told(shape: tuple[int, ...], begin: tuple[int, int, int], k: int, i: int, j: int) -> list[str]:
    """Which number it is, and the sums that say where it lies."""
    channels, height, width = shape
    first, last = memory.first_place(shape, k, i, j), memory.last_place(shape, k, i, j)
    return [
        f"map {begin[0] + k}, row {begin[1] + i}, column {begin[2] + j}",
        f"({k}·{height} + {i})·{width} + {j} = {first}",
        f"({i}·{width} + {j})·{channels} + {k} = {last}",
    ]
