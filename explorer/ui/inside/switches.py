"""The Switch off tab: maps of the chosen layer become 0, and the answers stand beside those of the whole network."""

from collections.abc import Collection

import numpy as np
import streamlit as st
import torch

from explorer.errors import ExplorerError
from explorer.figures import inside as figures
from explorer.inside import maps, silence
from explorer.ui.components.canvas import switch_maps
from explorer.ui.inside.mosaic import WORDS, columns, on_page
from explorer.ui.inside.view import Look, View
from explorer.ui.shared import caches, state
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import plain, sentence
from explorer.ui.shared.pictures import scale_bar

OFF = "off"  # in the URL: the layer, and the maps of it that are off
MOST = 5  # classes of either answer that are shown


@st.fragment
def draw(page: Frame, view: View) -> None:
    """A fragment: a switch runs nothing else of the page, whose address is remembered all the same."""
    with page.guard():
        _draw(view, view.at.chances())
    state.remember_visit("Feature_maps")


def _draw(view: View, whole: np.ndarray) -> None:
    layer, count = view.layer.name, view.layer.shape[0]
    off = _read(layer, count)
    buttons = {
        "All on": set(),
        "All off": range(count),
        f"Only {view.noun} {view.index}": {*range(count)} - {view.index},
    }
    with st.container(horizontal=True):
        for words, chosen in buttons.items():
            st.button(words, on_click=_write, args=(layer, chosen))
    without = _answer(view.at, layer, off)
    _say(view.at, whole, without)
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        _mosaic(view, off)
    with right:
        _answers(view.at, whole, without)


def _read(layer: str, count: int) -> frozenset[int]:
    """What the address switches off, if it is of this layer."""
    name, _, numbers = st.query_params.get(OFF, "").rpartition(":")
    if name == layer:
        try:
            return silence.read(numbers, count)
        except ExplorerError as problem:
            st.caption(sentence(problem))
            del st.query_params[OFF]
    return frozenset()


def _write(layer: str, off: Collection[int]) -> None:
    if off:
        st.query_params[OFF] = f"{layer}:{silence.write(off)}"
    else:
        st.query_params.pop(OFF, None)


def _answer(at: Look, layer: str, off: frozenset[int]) -> np.ndarray:
    with caches.gate():
        return torch.softmax(silence.answer(at.subject.model, at.batch, layer, off)[0], 0).numpy()


def _mosaic(view: View, off: frozenset[int]) -> None:
    layer = view.layer.name
    values = maps.as_maps(view.at.output(layer))
    scales = view.scales(values)
    numbers = on_page(maps.order(maps.statistics(values), view.sort)).tolist()
    small, _ = maps.thinned(values[numbers])
    switch_maps(
        maps.tiles(small, [scales[number] for number in numbers]),
        numbers=numbers,
        off=off,
        turn=lambda number: _write(layer, off ^ {number}),
        label=f"Maps of {layer}: each is on or off",
        columns=columns(len(numbers)),
        noun=view.noun,
        key="switches",
    )
    scale_bar(scales[view.index], WORDS[view.scale])
    st.caption(f"{len(off)} of {len(values)} {view.noun}s of {layer} are off: their values are 0, the rest goes on.")


def _say(at: Look, whole: np.ndarray, without: np.ndarray) -> None:
    names = at.subject.classes
    first, now = int(np.nan_to_num(whole).argmax()), int(np.nan_to_num(without).argmax())
    said = f"**{plain(names[first])}**: {whole[first]:.1%} with all, {without[first]:.1%} without"
    if now != first:
        said += f"; now it says **{plain(names[now])}**, {without[now]:.1%}"
    st.markdown(f"{said}.")


def _answers(at: Look, whole: np.ndarray, without: np.ndarray) -> None:
    names = at.subject.classes
    ranked = [np.argsort(-np.nan_to_num(one), kind="stable")[:MOST].tolist() for one in (whole, without)]
    shown = list(dict.fromkeys(ranked[0] + ranked[1]))
    figure = figures.chances(whole[shown], without[shown], [names[one] for one in shown], ("all on", "without"))
    st.plotly_chart(figure, width="stretch", key="chances", config={"displayModeBar": False})
