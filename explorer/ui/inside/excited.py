"""The Top images tab: the shipped samples that excite the chosen map most."""

import numpy as np
import streamlit as st
import torch

from explorer import data
from explorer.data import catalogue
from explorer.data.catalogue import KNOWN
from explorer.inside import listing, maps
from explorer.render import enlarge, number, scale_of
from explorer.ui.inside.view import Look, View
from explorer.ui.shared import caches, state
from explorer.ui.shared.layout import plain, side_by_side
from explorer.ui.shared.memory import Bounded
from explorer.ui.shared.pictures import scale_bar

SHOWN, AT_ONCE = 8, 25
PHOTOS = "stl10"  # whose samples stand for photos of which none are shipped


OUTPUTS = Bounded(2**26)


def _outputs(at: Look, dataset: str, layer: str, index: int) -> np.ndarray:
    """One map, or unit, for every shipped sample: (samples, height, width)."""
    batches = [at.subject.sees(sample.image) for sample in caches.samples(dataset)]
    found = []
    for begin in range(0, len(batches), AT_ONCE):
        batch = torch.cat(batches[begin : begin + AT_ONCE])
        with caches.gate():  # in parts, so that others get their turn in between
            found.append(listing.run(at.subject.model, batch, [layer])[layer][:, index].clone())
    return torch.cat(found).reshape(len(batches), *(found[0].shape[1:] or (1, 1))).numpy()


def draw(view: View) -> None:
    at, layer, index = view.at, view.layer, view.index
    dataset = PHOTOS if catalogue.of_photos(at.subject.dataset) else at.subject.dataset
    if dataset not in data.SAMPLE_SETS:
        name = plain(catalogue.title(dataset))
        st.info(
            f"There are no shipped samples of {name}: choose a network trained on another dataset.",
            icon=":material/info:",
        )
        return
    samples = caches.samples(dataset)
    with st.spinner(f"Looking at {len(samples)} samples …"):
        key = at.subject.key, at.subject.version, dataset, layer.name, index
        outputs = OUTPUTS.get(key, lambda: _outputs(at, dataset, layer.name, index), lambda found: found.nbytes)
    found = maps.top_images(outputs, SHOWN)
    scale = scale_of(outputs[[place for place, _ in found]])
    title = f"{len(samples)} shipped samples of {KNOWN[dataset].title}"
    st.markdown(f"**What {view.noun} {index} of {layer.name} answers to most**, of the {title}.")
    for begin in range(0, len(found), 4):
        with side_by_side(f"top-{begin}"):
            columns = st.columns(4, gap="small")
        for column, (place, peak) in zip(columns, found[begin : begin + 4], strict=False):
            sample = samples[place]
            with column:
                picture = np.asarray(sample.image)
                st.image(enlarge(picture, 192), width="stretch", alt=f"{sample.name}, image {sample.index}")
                if layer.has_maps:
                    over = maps.overlay(outputs[place], scale, picture)
                    st.image(enlarge(over, 192), width="stretch", alt=f"Map {index} over {sample.name}")
                st.markdown(f"{sample.name} · {number(peak)}")
                here = {**st.query_params.to_dict(), "image": f"{dataset}-{sample.index}", "tab": "Maps"}
                state.page_link("Feature_maps", f"Image {sample.index}", params=here)
    scale_bar(scale, "this map on all images shown")
