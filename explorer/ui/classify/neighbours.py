"""Neighbours: the sample pictures where two networks have them, the image on the page among them."""

import numpy as np
import streamlit as st
import torch

from explorer.classify.features import features
from explorer.classify.neighbours import Plane, alike, nearest
from explorer.data import SAMPLE_SETS, catalogue
from explorer.errors import ExplorerError
from explorer.ui.classify.source import Asked
from explorer.ui.components.neighbours import Placed, Tiles, neighbours
from explorer.ui.components.sprites import Tile
from explorer.ui.shared import caches, picker
from explorer.ui.shared.layout import plain
from explorer.ui.shared.pictures import address

TWO = 2  # networks side by side
NEAREST = 5
OF_PHOTOS = "stl10"  # samples for networks whose dataset has none here, but knows photos
THUMB = 96


def draw(picked, dataset: str, asked: list[Asked], fit: str) -> None:
    name = dataset if dataset in SAMPLE_SETS else OF_PHOTOS if catalogue.of_photos(dataset) else ""
    if not name:
        raise ExplorerError(f"no sample pictures of {catalogue.title(dataset)} are here to lay beside each other")
    samples = caches.samples(name)
    tiles = [
        Tile(f"{name}-{one.index}", one.name, f"{one.name}, image {one.index}", n) for n, one in enumerate(samples)
    ]
    keys = [tile.key for tile in tiles]
    chosen = keys.index(picked.key) if picked.key in keys else len(keys)
    own = None if picked.key in keys else (address(picker.thumbnail(picked.image, THUMB)), picked.name)
    views = []
    for one in asked[:TWO]:
        known, plane, same = _samples(one.subject.key, one.subject.version, name, one.subject)
        if own:
            with caches.gate():
                known = np.concatenate([known, features(one.subject, one.subject.sees(picked.image, fit))])
        near = nearest(known, NEAREST)
        note = (
            f"{same:.0%} of all nearest show the same thing; the plane holds {plane.kept:.0%} of how "
            f"{known.shape[1]:,} features differ"
        )
        views.append(Placed(one.words, note, plane.at(known), near))
    title = catalogue.title(name)
    neighbours(
        Tiles(caches.sample_sprite(name), tiles, own),
        views,
        chosen,
        label=f"{len(keys)} samples of {title} as the networks have them",
        key=f"neighbours.{name}",
        choose=picker.choose,
    )
    st.caption(
        f"The {len(keys)} samples of {title}{' and your image' if own else ''}, laid out by the numbers that a "
        "network's last layer reads (principal components of the samples), a little apart where they would hide each "
        "other. Point at a picture: lines lead to the "
        f"{NEAREST} whose numbers are nearest to its own, in all directions and not these two alone; a click takes it. "
        "What lies together the network takes for alike; the colours say what it really is."
    )
    if len(asked) > TWO:
        st.caption(f"The first {TWO} of {len(asked)} networks: {', '.join(plain(one.name) for one in asked[:TWO])}.")


@st.cache_resource(show_spinner="Asking about the samples …", max_entries=32)
def _samples(key: str, version: str, name: str, _subject) -> tuple[np.ndarray, Plane, float]:
    """The features of all samples of a dataset, their plane, and how many of the nearest show the same thing; `key`
    and `version` name the very weights."""
    samples = caches.samples(name)
    with caches.gate():
        known = features(_subject, torch.cat([_subject.sees(one.image) for one in samples]))
    return known, Plane.of(known), alike(nearest(known, NEAREST), [one.label for one in samples])
