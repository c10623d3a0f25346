"""The Maps tab: all maps of the layer, the chosen one large, and the sum behind one of its numbers."""

import numpy as np
import streamlit as st

from explorer.figures import inside as figures
from explorer.inside import maps
from explorer.inside.maps import Statistics
from explorer.render import Scale, colour, number
from explorer.ui.components.canvas import pick_map, pick_pixel
from explorer.ui.inside import explained, homeward
from explorer.ui.inside.view import View
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import plain
from explorer.ui.shared.pictures import outlined, scale_bar
from explorer.ui.shared.widgets import URL, whole

FEW = 16  # maps that are shown larger, four in a row
WORDS = {
    "Map": "this map; each small one has its own scale",
    "Layer": "all maps of this layer",
    "Model": "all maps of all layers",
}


def draw(page: Frame, view: View) -> None:
    values = view.at.output(view.layer.name)
    told = explained.explained(view)
    with st.container(key="maps"):
        left, right = st.columns([1.75, 1], gap="medium")
    if view.layer.has_maps:
        stats, scales = maps.statistics(values), view.scales(values)
        with left:
            _mosaic(view, values, scales, maps.order(stats, view.sort))
            scale_bar(scales[view.index], WORDS[view.scale])
        with right:
            _large(view, values[view.index], scales[view.index], stats)
    else:
        with left:
            _units(view, values)
    with right, page.guard(), st.container(key="terms-of-sum"):
        explained.terms(view.at, told)
        st.button("Follow it home", icon=":material/route:", on_click=homeward.begin, args=(view,))
    with left, page.guard(), st.container(key="window-of-sum"):
        explained.window(view.at, told)


def _mosaic(view: View, values: np.ndarray, scales: list[Scale], ordered: np.ndarray) -> None:
    numbers = on_page(ordered)
    small, step = maps.thinned(values[numbers])
    shown = maps.tiles(small, [scales[index] for index in numbers])
    what = f"{len(numbers)} of the {len(values)} maps of {view.layer.name}, by {view.sort}"
    pick_map(shown, into="map", numbers=numbers.tolist(), columns=columns(len(numbers)), label=what)
    notes = [f"Small maps show every {step}th row and column"] if step > 1 else []
    notes += [f"Map {view.index} is on another page"] if view.index not in numbers else []
    if notes:
        st.caption(". ".join(notes) + ".")


def columns(count: int) -> int:
    return 4 if count <= FEW else 8


def on_page(ordered: np.ndarray) -> np.ndarray:
    """The numbers of the maps that are shown at once, with the widget that turns the page where there are more."""
    page, last = 1, maps.pages(len(ordered))
    if last > 1:
        page = whole(f"Page of {last}, {maps.PAGE} maps each", "page", 1, last, 1)
    return maps.on_page(ordered, page)


def _large(view: View, values: np.ndarray, scale: Scale, stats: Statistics) -> None:
    index, name = view.index, view.layer.name
    if min(values.shape) > 1 and st.toggle("Over the image", key="over", bind=URL):
        picture = maps.overlay(values, scale, view.at.picture)
        rows, columns = picture.shape[0] / values.shape[0], picture.shape[1] / values.shape[1]
        box = (int(view.y * rows), int(view.x * columns), max(1, round(rows)), max(1, round(columns)))
        st.image(outlined(picture, box), width="stretch", alt=f"Map {index} of {name} over the image")
    else:
        pick_pixel(
            colour(values, scale),
            into=("y", "x"),
            values=values,
            key="large",
            label=f"Map {index} of {name}: choose a value to explain",
        )
    about = {"mean": stats.mean, "min": stats.minimum, "max": stats.maximum, "std": stats.std}
    told = " · ".join(f"{word} {number(column[index])}" for word, column in about.items())
    st.markdown(f"**Map {index}** · {told} · {stats.zeros[index]:.0%} zeros")


def _units(view: View, values: np.ndarray) -> None:
    classes = list(view.at.subject.classes)
    names = classes if len(values) == len(classes) else None
    meaning = f": unit {view.index} stands for {plain(names[view.index])}" if names else ""
    st.markdown(f"**{len(values)} units of {view.layer.name}**{meaning}")
    figure = figures.units(values, view.index, names, view.layer.name)
    st.plotly_chart(figure, width="stretch", key="units", config={"displayModeBar": False})
