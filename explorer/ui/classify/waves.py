"""What a layer does to waves as a whole: in words and in one picture, before training, now and over the epochs."""

from contextlib import suppress

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures import learned as figures
from explorer.networks import gains, weights, words
from explorer.networks.cable_layer import Stencil
from explorer.render import scale_of
from explorer.subjects import RUN
from explorer.training.store.runs import Store
from explorer.ui.classify.source import Asked, evaluated
from explorer.ui.shared import caches, grids
from explorer.ui.shared.layout import empty, left_out

CHART = {"displayModeBar": False}


def words_of(one: Asked, name: str, layer: Stencil) -> None:
    """What the layer does, in words: the verdict of the whole tab."""
    start = _start(one).get(name)
    told = [f"**In words.** {gains.of(layer).sentence}"]
    if start is not None:
        told.append(f"Before training it {start.words}.")
    st.container(key="verdict").markdown(" ".join(told))


def draw(one: Asked, name: str, layer: Stencil) -> None:
    now, start = gains.of(layer), _start(one).get(name)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.markdown("**How much of a wave comes out**, over all colours")
        figure = figures.waves(now, start, f"growth {one.key} {name}")
        st.plotly_chart(figure, key="growth", config=CHART, alt=f"Gain of {name} over wave number")
    with right:
        names = ", ".join(names_of(layer))
        st.markdown(f"**Colours in and out** Rows come out, columns go in: {names}.")
        scale = scale_of(np.stack([now.flat, now.chequered]), "signed")
        grids.show(
            [
                grids.grid(now.flat, "of flat areas", scale=scale),
                grids.grid(now.chequered, "of the finest checkerboard", scale=scale),
            ]
        )


def over_epochs(one: Asked, name: str) -> None:
    """How the sharpening came about, where the course of training was kept."""
    kernels = _over_epochs(one, name)
    if kernels is None:
        empty("The course of this network's training was not kept.")
        return
    epochs, course = kernels
    start = _start(one).get(name)
    figure = figures.sharpening(epochs, course, start.ratio if start else None, f"sharpening {one.key} {name}")
    st.markdown("**Over the epochs**: above 1 it sharpens, below it smooths")
    st.plotly_chart(figure, key="sharpening", config=CHART, alt=f"Sharpening of {name} over the epochs")


def _start(one: Asked) -> dict[str, gains.Gains]:
    """The layers before training, of a network whose card says by which seed it began."""
    card = caches.cards().get(one.key)
    if card is None and one.key.startswith(RUN):
        with suppress(ExplorerError):
            card = weights.read_card("weights", Store().get(one.key.removeprefix(RUN)).folder)
    return _started(one.key, one.subject.version, card) if card else {}


@st.cache_resource(show_spinner=False, max_entries=64)
def _started(key: str, version: str, _card) -> dict[str, gains.Gains]:
    return gains.at_start(_card)


def _over_epochs(one: Asked, name: str) -> tuple[list[int], np.ndarray] | None:
    """Epochs and the ratio after each, where the course of training was kept."""
    results, problems = evaluated([one])
    left_out(problems)
    found = results.get(one.name)
    if found is None:
        return None
    result = found[1]
    if name in result.cable:
        kernels = gains.kernel_of(*(result.cable[name][quantity] for quantity in ("phi", "psi", "tau")))
    elif name in result.kernels:
        kernels = result.kernels[name]
    else:
        return None
    return [int(epoch) for epoch in result.curves["epoch"]], gains.course(kernels)


def names_of(layer: Stencil) -> list[str]:
    if layer.in_channels == layer.out_channels == len(words.COLOURS):
        return list(words.COLOURS)
    return [str(number) for number in range(max(layer.in_channels, layer.out_channels))]
