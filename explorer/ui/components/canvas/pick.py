"""pick_map, switch_maps and pick_pixel: the Python side of pick.js."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.ui.components.parts import component, hears, held, pack, place, said

_pick = component("pick", Path(__file__).parent, before=("tiles",))


def pick_map(
    tiles: np.ndarray,
    *,
    into: str,
    label: str,
    captions: Sequence[str] | None = None,
    numbers: Sequence[int] | None = None,
    columns: int = 8,
    noun: str = "map",
    key: str | None = None,
) -> int:
    """Show tiles (N, h, w, 3) uint8 as a mosaic with captions and return the number of the chosen one.

    The chosen number lies in st.session_state[into]. `numbers` are those of the tiles shown (0 to N-1 unless told):
    a page of a longer list, or a sorted one. A number that is not among them chooses none but stays.
    `captions` stand below the tiles, their numbers unless told; `label` tells a screen reader what the mosaic is.
    """
    numbers = list(range(len(tiles))) if numbers is None else [int(n) for n in numbers]
    captions = [str(n) for n in numbers] if captions is None else [str(caption) for caption in captions]
    chosen = held(into, numbers[0] if numbers else 0)
    facts = {
        "kind": "maps",
        "label": label,
        "noun": noun,
        "captions": captions,
        "columns": columns,
        "selected": numbers.index(chosen) if chosen in numbers else -1,
    }
    key = key or f"{into}-mosaic"

    def keep() -> None:
        place = said(key, "picked")
        if isinstance(place, int) and 0 <= place < len(numbers):
            st.session_state[into] = numbers[place]

    _pick(data=pack(facts, tiles=np.ascontiguousarray(tiles)), key=key, on_picked_change=keep)
    return chosen


def switch_maps(
    tiles: np.ndarray,
    *,
    numbers: Sequence[int],
    off: Collection[int],
    turn: Callable[[int], None],
    label: str,
    columns: int,
    noun: str,
    key: str,
) -> None:
    """Show tiles (N, h, w, 3) uint8 as a mosaic of switches; `turn(number)` is called when one is pressed."""
    facts = {
        "kind": "switches",
        "label": label,
        "noun": noun,
        "captions": [str(number) for number in numbers],
        "columns": columns,
        "off": [place for place, number in enumerate(numbers) if number in off],
    }

    def hear(place: object) -> None:
        if isinstance(place, int) and 0 <= place < len(numbers):
            turn(numbers[place])

    _pick(data=pack(facts, tiles=np.ascontiguousarray(tiles)), key=key, on_picked_change=hears(key, "picked", hear))


def pick_pixel(
    picture: np.ndarray,
    *,
    into: tuple[str, str],
    label: str,
    values: np.ndarray | None = None,
    boxes: Sequence[tuple[int, int, int, int]] = (),
    width: int = 480,
    key: str | None = None,
) -> tuple[int, int]:
    """Show a picture (H, W, 3) uint8 and return the chosen (row, column), kept in the two names `into`.

    `values` (H, W) or (C, H, W) are printed for the pixel under the pointer; `boxes` (row, column, height, width) are
    outlined, for instance the window that a value was computed from; `width` is the widest it gets on the screen.
    """
    rows, columns = picture.shape[:2]
    key = key or "-".join((*into, "picture"))
    chosen, keep = place(into, (rows, columns), key, middle=True)
    facts = {
        "kind": "pixels",
        "label": label,
        "selected": list(chosen),
        "boxes": [[int(number) for number in box] for box in boxes],
        "width": width,
    }
    arrays = {"picture": np.ascontiguousarray(picture)}
    if values is not None:
        arrays["values"] = np.ascontiguousarray(values, dtype=np.float32).reshape(-1, rows, columns)
    _pick(data=pack(facts, **arrays), key=key, on_picked_change=keep)
    return chosen
