"""Feature maps: any network opened on the chosen image, layer by layer, down to a single number."""

from functools import partial

import streamlit as st

from explorer.inside.maps import SCALES
from explorer.networks.shapes import words
from explorer.render import size
from explorer.ui.components.flow.flow import draw_flow
from explorer.ui.inside import (
    attention,
    compare,
    excited,
    filters,
    homeward,
    mosaic,
    moving,
    numbers,
    source,
    switches,
    takeaway,
    view,
)
from explorer.ui.shared.frame import frame
from explorer.ui.shared.layout import controls_and_picture
from explorer.ui.shared.widgets import URL, choice

with frame("Feature maps", "Click a layer, then a map to enlarge it, then a pixel to see the sum behind it.") as page:
    drawing = st.container()
    controls, picture = controls_and_picture("maps")
    with controls:
        subject, key, known, fresh = source.choose_model(page.picked.known_to)
        fit = page.fit
        at = view.look(subject, page.picked.image, fit)
        source.show_input(at, page.picked.name)
        layer, why = source.choose_layer(at)
        st.caption(
            f"{layer.kind} · {words(layer.shape)} · {layer.parameters:,} parameters, {size(layer.parameters)}  \n{why}"
        )
        place = source.choose_place(at, layer)
        scale = choice("Colour scale", "scale", SCALES, "Layer", help="What shares one scale, which is always printed")
        sort = source.choose_order(at, layer)
        twin = source.choose_twin(key, known)

    def other() -> view.Look:
        """The second network on the same image, loaded only when someone compares."""
        return view.look(source.load(twin, *fresh), page.picked.image, fit)

    chosen = view.View(at, layer, *place, scale, sort)
    with drawing:
        draw_flow(at.blocks, layer.name, into="layer")
    with picture:
        tabs = {
            "Maps": partial(mosaic.draw, page, chosen),
            homeward.TITLE: partial(homeward.draw, page, chosen),
            "Switch off": partial(switches.draw, page, chosen),
            "Live": partial(moving.draw, page, chosen, fit, twin, other),
            "Filters": partial(filters.draw, chosen),
            "Difference": partial(compare.draw, chosen, twin, other),
            "Where it looks": partial(attention.draw, chosen),
            "Top images": partial(excited.draw, chosen),
            "Statistics": partial(numbers.draw, chosen),
        }
        if not page.present:
            tabs["Take away"] = partial(takeaway.draw, page, chosen, key)
        for tab, draw in zip(st.tabs(list(tabs), key="tab", bind=URL), tabs.values(), strict=True):
            if tab.open:
                with tab, page.guard():
                    draw()
