"""In memory: the maps of a convolution in the two orders that a tensor may have, number by number."""

import streamlit as st

from explorer.layers.memory import cut
from explorer.networks.shapes import words
from explorer.render import scale_of
from explorer.ui.components.order import order
from explorer.ui.layers.source import Convolved
from explorer.ui.shared import grids


def draw(layer: Convolved, index: int, row: int, column: int) -> None:
    piece, begin = cut(layer.maps, index, row, column)
    names = [f"map {begin[0] + n}, {layer.names[begin[0] + n]}" for n in range(len(piece))]
    order(
        piece,
        [_short(value) for value in piece.ravel()],
        names,
        scale=scale_of(layer.maps),
        into=("map", "row", "column"),
        begin=begin,
        chosen=(index, row, column),
        label="The same numbers as maps, channels first and channels last",
        key="order",
    )
    whole = layer.maps.shape
    part = f" Shown is a piece of {words(piece.shape)} of the {words(whole)}." if piece.size < layer.maps.size else ""
    _, height, width = piece.shape
    st.caption(
        f"Both hold the same {piece.size} numbers.{part} One column further is 1 place on, channels first, and "
        f"{_places(len(piece))}, channels last; the next map is {_places(height * width)}, or 1. PyTorch takes "
        "N × C × H × W, Keras N × H × W × C (notebook, section 1.1.2); a picture in a file is channels last, red, "
        "green, blue of one pixel after the other."
    )


def _short(value: float) -> str:
    return grids.tidy(value) if float(value).is_integer() else f"{value:.2f}".replace("-", "−")


def _places(count: int) -> str:
    return f"{count} place{'s' * (count != 1)} on"
