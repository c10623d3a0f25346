"""The Take away tab: the layer's maps as PNG, NPZ and CSV, the network as ONNX and SVG, and a link to all this."""

import numpy as np
import streamlit as st

from explorer.inside import maps
from explorer.inside.drawing import svg
from explorer.live import onnx
from explorer.networks.subject import Subject
from explorer.render import mosaic, png
from explorer.ui.inside.view import Look, View
from explorer.ui.shared import state
from explorer.ui.shared.embedding import share
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.picker import OWN

LARGEST_PICTURE = 2048  # pixels a side


def draw(page: Frame, view: View, model: str) -> None:
    at, layer = view.at, view.layer
    values = maps.as_maps(at.output(layer.name))
    stats = maps.statistics(values)
    name = f"{at.subject.key}-{layer.name}".replace("/", "-")
    left, right = st.columns([1, 1.4], gap="medium")
    with left:
        st.download_button(
            "Mosaic of all maps (PNG)",
            lambda: _picture(view, values, stats),
            f"{name}.png",
            "image/png",
            icon=":material/image:",
            on_click="ignore",
        )
        st.download_button(
            "The layer's maps, raw (NPZ)",
            lambda: maps.to_npz(maps=values, input=at.batch[0].numpy()),
            f"{name}.npz",
            "application/octet-stream",
            icon=":material/data_array:",
            on_click="ignore",
        )
        st.download_button(
            "Statistics of the maps (CSV)",
            maps.to_csv(stats),
            f"{name}.csv",
            "text/csv",
            icon=":material/table_rows:",
            on_click="ignore",
        )
        _network(at)
    with right:
        st.markdown("**Link** to this model, layer, map, pixel and scale")
        address = (st.context.url or "").split("?")[0].rstrip("/")
        shown = {
            "model": model,
            "layer": layer.name,
            "map": view.index,
            "y": view.y,
            "x": view.x,
            "scale": view.scale,
            "sort": view.sort,
        }
        kept = {name: value for name, value in st.query_params.to_dict().items() if name not in ("tab", "present")}
        query = state.link("Feature_maps", {**kept, **shown}).removeprefix("Feature_maps")
        share(f"{address}{query}", f"Feature maps: {view.layer.name}")
        if page.picked.key == OWN:
            st.caption("Your own image stays in this browser tab: the link opens on a sample instead.")
        st.caption("NPZ: numpy.load(file)['maps'] is (maps, height, width), ['input'] is what the network saw.")
        st.caption("ONNX: every layer is one node of its name; the file says how a picture becomes its input.")


def _network(at: Look) -> None:
    subject = at.subject
    st.download_button(
        "The network (ONNX)",
        lambda: _onnx(subject),
        f"{subject.key}.onnx",
        "application/octet-stream",
        icon=":material/hub:",
        on_click="ignore",
    )
    st.download_button(
        "Its architecture (SVG)",
        lambda: svg(at.blocks, subject.key),
        f"{subject.key}.svg",
        "image/svg+xml",
        icon=":material/schema:",
        on_click="ignore",
    )


def _onnx(subject: Subject) -> bytes:
    numbers = {"mean": subject.mean, "std": subject.std}
    facts = {name: ", ".join(f"{value:g}" for value in values) for name, values in numbers.items()}
    colours = "RGB" if subject.channels == 3 else "grey"
    how = f"{colours} pixels of {subject.size} x {subject.size} from 0 to 1, minus the mean, divided by the std"
    shape = (subject.channels, subject.size, subject.size)
    return onnx(
        subject.model, shape, {"about": subject.about, "input": how, **facts, "classes": ", ".join(subject.classes)}
    )


def _picture(view: View, values: np.ndarray, stats: maps.Statistics) -> bytes:
    ordered, scales = maps.order(stats, view.sort), view.scales(values)
    tiles = maps.tiles(values[ordered], [scales[index] for index in ordered])
    rows = int(np.ceil(np.sqrt(len(tiles))))
    factor = max(1, LARGEST_PICTURE // (rows * (max(tiles.shape[1:3]) + 1)))
    return png(mosaic(tiles, factor=factor, gap=max(1, factor)))
