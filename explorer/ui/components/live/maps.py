"""The maps of a layer beside a picture that moves: what maps.js is told, and the map that is chosen in it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import streamlit as st

from explorer.render import TABLES
from explorer.ui.components.parts import said


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


def told(networks: Sequence[str], maps: Maps | None) -> tuple[dict, dict[str, np.ndarray]]:
    """What a component's facts say of the networks that answer in it and of the maps, and the arrays that go along."""
    colours = {"signed": TABLES["signed"], "magnitude": TABLES["magnitude"]} if maps else {}
    return {"networks": list(networks), "maps": asdict(maps) if maps else None}, colours


def keeps(maps: Maps | None, key: str) -> Callable[[], None]:
    """What the component called `key` calls when another map was chosen in it."""

    def keep() -> None:
        number = said(key, "map")
        if maps and isinstance(number, int) and number in maps.numbers:
            st.session_state[maps.into] = number

    return keep
