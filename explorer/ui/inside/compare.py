"""The Difference tab: two networks, the same image, the same layer, one scale."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.figures import inside as figures
from explorer.inside import maps
from explorer.inside.listing import Layer
from explorer.inside.maps import MapDifference
from explorer.render import Scale, colour, enlarge, number, scale_of
from explorer.ui.components.canvas import pick_map
from explorer.ui.inside.source import NOTHING
from explorer.ui.inside.view import Look, View
from explorer.ui.shared.layout import numbers, plain, side_by_side
from explorer.ui.shared.naming import spoken
from explorer.ui.shared.pictures import scale_bar


def draw(view: View, twin: str, look: Callable[[], Look]) -> None:
    if twin == NOTHING:
        st.info("Choose a second network under “Compare with”.", icon=":material/arrow_back:")
        return
    first, second, layer = view.at, look(), view.layer
    if not second.has(layer.name):
        shared = [one.name for one in first.layers if second.has(one.name) and one.kind.startswith("activation")]
        remedy = f"choose one that both have, for instance {shared[0]}" if shared else "choose another network"
        raise ExplorerError(f"{spoken(second.subject.key)} has no layer {layer.name}: {remedy}")
    one, other = (maps.as_maps(at.output(layer.name)) for at in (first, second))
    found = maps.difference(one, other)
    index = view.index
    if layer.has_maps:
        _pictures(first, second, one, other, found, index, layer)
    else:
        names = list(first.subject.classes) if len(one) == len(first.subject.classes) else None
        figure = figures.two_units(one[:, 0, 0], other[:, 0, 0], names, (first.subject.key, second.subject.key))
        st.plotly_chart(figure, width="stretch", key="two units", config={"displayModeBar": False})
    numbers(
        [
            ("Largest", number(found.largest)),
            (f"Mean, this {view.noun}", number(found.mean[index]), "Mean absolute difference"),
            ("Mean, layer", number(found.mean.mean()), "Mean absolute difference of all maps"),
            ("Correlation", number(found.correlation), "1: the same up to scale; 0: nothing in common"),
        ]
    )
    if not layer.has_maps:
        return
    st.markdown(
        "**Every difference, the largest first.** Maps are compared number by number; two networks trained "
        "apart may well have the same feature under another number."
    )
    ordered = np.argsort(-found.mean, kind="stable")[: maps.PAGE]
    scale = scale_of(found.maps, "signed")
    small, _ = maps.thinned(found.maps[ordered])
    pick_map(
        maps.tiles(small, [scale] * len(small)),
        into="map",
        numbers=ordered.tolist(),
        columns=12,
        key="differences",
        label=f"Differences of the maps of {layer.name}",
    )
    scale_bar(scale, "all differences of this layer")


def _pictures(first: Look, second: Look, one, other, found: MapDifference, index: int, layer: Layer) -> None:
    signed = scale_of(found.maps[index], "signed")
    shown: list[tuple[str, np.ndarray, Scale]] = [
        (spoken(first.subject.key), one[index], found.scale),
        (spoken(second.subject.key), other[index], found.scale),
        ("first − second", found.maps[index], signed),
    ]
    with side_by_side("networks"):
        places = st.columns(3, gap="medium")
    for place, (title, values, scale) in zip(places, shown, strict=True):
        with place:
            words = f"Map {index} of {layer.name}: {title}"
            st.image(enlarge(colour(values, scale), 384), width="stretch", alt=words, caption=plain(title))
            scale_bar(scale, "this map" if scale is signed else "both layers")
