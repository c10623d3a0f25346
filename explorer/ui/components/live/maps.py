"""The maps of a layer beside a picture that moves: what maps.js is told, and the map that is chosen in it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import streamlit as st

from explorer.render import TABLES


@dataclass(frozen=True)
class Maps:
    keys: Sequence[str]  # of shared.live: one network, or two whose difference is shown, the first minus the second
    titles: Sequence[str]
    layer: str
    shape: tuple[int, ...]  # of its output: (maps, height, width) or (units,)
    numbers: Sequence[int]  # of the maps that are shown, in their order
    captions: Sequence[str]  # below them
    selected: int  # the one that is large
    scale: str  # what shares one: "Map", "Layer" or "Model"
    fit: str  # how a picture becomes square
    label: str  # for a screen reader
    noun: str = "map"
    columns: int = 8
    into: str = "map"  # where st.session_state keeps the chosen one


def told(maps: Maps | None) -> tuple[dict | None, dict[str, np.ndarray]]:
    """What the component's facts say of them, and the arrays that go along."""
    if maps is None:
        return None, {}
    return asdict(maps), {"signed": TABLES["signed"], "magnitude": TABLES["magnitude"]}


def keeps(maps: Maps | None, key: str) -> Callable[[], None]:
    """What the component called `key` calls when another map was chosen in it."""

    def keep() -> None:
        number = st.session_state[key].get("map")
        if maps and isinstance(number, int) and number in maps.numbers:
            st.session_state[maps.into] = number

    return keep
