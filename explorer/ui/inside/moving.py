"""The Live tab: the layer's maps follow a picture that diffuses, is drawn or filmed, all in the visitor's browser."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.data import KNOWN, images
from explorer.data.catalogue import Known
from explorer.diffusion.cable import Cable
from explorer.diffusion.scene import Scene
from explorer.inside import maps
from explorer.ui.components.camera import camera as lens
from explorer.ui.components.live import Maps
from explorer.ui.components.pad import pad
from explorer.ui.components.player import player
from explorer.ui.inside.mosaic import columns, on_page
from explorer.ui.inside.source import NOTHING
from explorer.ui.inside.view import Look, View
from explorer.ui.shared import camera, drawing, live, picker
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import attempt, plain
from explorer.ui.shared.naming import spoken
from explorer.ui.shared.widgets import URL, choice

DIFFUSE, DRAW, FILM = "It diffuses", "You draw", "You film"
START = Scene()
WORDS = {
    "ringing": "Ringing at this α and τ: values stay bounded, but overshoot.",
    "divergent": "Divergent at this α and τ: values grow without end.",
}


def draw(page: Frame, view: View, fit: str, twin: str, other: Callable[[], Look]) -> None:
    with st.container(key="what-moves"):
        first, *numbers, last = st.columns([2.9, 0.8, 0.8, 1.5], gap="small", vertical_alignment="bottom")
    with first:
        source = choice("The picture moves because", "moves", (DIFFUSE, DRAW, FILM), DIFFUSE)
    cable = None if source == DRAW else _cable(*numbers)
    with last:
        second = _second(view, twin, other)
    stage = st.container()
    looks = [view.at, *([second] if second else [])]
    keys = live.networks([one.subject for one in looks], [spoken(one.subject.key) for one in looks], "moving")
    if len(keys) < len(looks):
        st.info("The maps cannot follow in this browser: the tab Maps has the server's.", icon=":material/arrow_back:")
        return
    shown = _maps(view, looks, keys, fit)
    with stage:
        if cable is None:
            _pad(view.at, keys, shown)
        elif source == FILM:
            _film(cable, keys, shown)
        else:
            _diffuse(page, view.at, cable, fit, keys, shown)


def _cable(first: DeltaGenerator, second: DeltaGenerator) -> Cable:
    alpha = first.slider("α: diffusion", 0.0, 40.0, START.alpha, 0.5, key="alpha", bind=URL)
    tau = second.slider("τ: time step", 0.0, 0.1, START.tau, 0.005, format="%.3f", key="tau", bind=URL)
    cable = Cable(alpha, tau)
    if words := WORDS.get(cable.stability().verdict):
        st.caption(words)
    return cable


def _second(view: View, twin: str, other: Callable[[], Look]) -> Look | None:
    """The network whose maps are taken away, if someone wants it and it has such maps."""
    if twin == NOTHING or not st.toggle(
        "Difference", key="minus", bind=URL, help=f"Minus the maps of {plain(twin)}, the network under “Compare with”"
    ):
        return None
    found, name = other(), view.layer.name
    if found.has(name) and found.layer(name).shape == view.layer.shape:
        return found
    st.caption(f"{plain(spoken(found.subject.key))} has no layer {name} of this shape: choose one that both have.")
    return None


def _maps(view: View, looks: list[Look], keys: list[str], fit: str) -> Maps:
    """In the order that they have on the picture at rest: maps that changed places could not be followed."""
    layer, subject = view.layer, view.at.subject
    ordered = maps.order(maps.statistics(maps.as_maps(view.at.output(layer.name))), view.sort)
    numbers = on_page(ordered if layer.has_maps else np.arange(layer.shape[0])).tolist()
    named = not layer.has_maps and layer.shape[0] == len(subject.classes)
    return Maps(
        keys=keys,
        titles=[spoken(one.subject.key) for one in looks],
        layer=layer.name,
        shape=layer.shape,
        numbers=numbers,
        captions=[subject.classes[number] if named else str(number) for number in numbers],
        selected=view.index,
        scale=view.scale if layer.has_maps else "Layer",
        fit=fit,
        label=f"{len(numbers)} of the {layer.shape[0]} {view.noun}s of {layer.name}, as the picture moves",
        noun=view.noun,
        columns=columns(len(numbers)) if len(looks) == 1 else 8,
    )


def _diffuse(page: Frame, at: Look, cable: Cable, fit: str, keys: list[str], shown: Maps) -> None:
    """At the network's own size, so that its maps at step 0 are those of the other tabs."""
    subject = at.subject
    field = images.field(page.picked.image, subject.size, subject.channels == 3, fit)
    label = f"{page.picked.name}, as the network sees it"
    player(field, cable, label=label, networks=keys[:1], maps=shown, begin=page.step, key="moving.player")


def _pad(at: Look, keys: list[str], shown: Maps) -> None:
    subject = at.subject
    dataset = subject.dataset if subject.dataset in KNOWN else "cifar10"

    def drawn(sent: object) -> None:
        attempt(drawing.use, sent, dataset, picker.drawn)

    known: Known = KNOWN[dataset]
    pad(known, networks=keys[:1], maps=shown, key="moving.pad", drawn=drawn)
    st.caption(drawing.STAYS)


def _film(cable: Cable, keys: list[str], shown: Maps) -> None:
    def taken(sent: object) -> None:
        attempt(camera.use, sent, picker.filmed)

    square = replace(shown, fit="crop")  # it gives squares
    lens(cable, networks=keys[:1], maps=square, insecure=camera.INSECURE, key="moving.camera", taken=taken)
