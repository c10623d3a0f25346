"""What the page looks at: a network on an image, and the layer, map and pixel in it; what was computed is kept."""

import hashlib
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from explorer.errors import ExplorerError
from explorer.inside import blocks, listing, maps, tracing
from explorer.inside.blocks import Block
from explorer.networks.subject import Subject
from explorer.render import Scale, to_rgb
from explorer.ui.shared import caches
from explorer.ui.shared.memory import Bounded, weight

HEARD = Bounded(192 * 2**20)  # of the usual networks dozens of layers, of a student's largest a few


@dataclass(frozen=True, eq=False)
class Look:
    """One network looking at one image."""

    subject: Subject
    batch: torch.Tensor  # (1, C, H, W), what the network sees
    image: str  # names the batch in caches
    layers: list[listing.Layer]

    @property
    def blocks(self) -> list[Block]:
        return blocks.blocks(self.layers)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.subject.key, self.subject.version, self.image

    @property
    def picture(self) -> np.ndarray:
        """What the network sees, in colours: (H, W, 3) uint8."""
        return to_rgb(self.subject.shown(self.batch).numpy())

    def layer(self, name: str) -> listing.Layer:
        return next(layer for layer in self.layers if layer.name == name)

    def has(self, name: str) -> bool:
        return any(layer.name == name for layer in self.layers)

    def output(self, name: str) -> np.ndarray:
        """What the layer puts out: (maps, height, width) or (units,)."""
        return self.heard(name).output[0].numpy()

    def heard(self, name: str) -> tracing.Trace:
        """What went into the layer and came out of it; shared, so never changed."""
        return HEARD.get((*self.key, name), lambda: _hear(self.subject.model, self.batch, name), _held)

    def chances(self) -> np.ndarray:
        """The probability of each class."""
        if len(self.layers[-1].shape) != 1 or self.layers[-1].shape[0] != len(self.subject.classes):
            raise ExplorerError("this network does not end in one number a class: there is no answer to look for")
        return _probabilities(*self.key, self)

    def whole_scale(self) -> Scale:
        """One scale that holds every map of every layer."""
        return maps.whole_scale(*_range(*self.key, self.subject.model, self.batch))


@dataclass(frozen=True, eq=False)
class View:
    """What the tabs show: a network on an image, one of its layers, one map, one pixel, and how maps are coloured."""

    at: Look
    layer: listing.Layer
    index: int  # of the map, or of the unit of a dense layer
    y: int
    x: int
    scale: str  # one of maps.SCALES
    sort: str  # one of maps.ORDERS

    @property
    def noun(self) -> str:
        return "map" if self.layer.has_maps else "unit"

    def scales(self, values: np.ndarray) -> list[Scale]:
        whole_model = self.at.whole_scale() if self.scale == "Model" else Scale(0, 0)
        return maps.map_scales(values, self.scale, whole_model)


def _hear(model, batch: torch.Tensor, name: str) -> tracing.Trace:
    with caches.gate():
        return tracing.hear(model, batch, name)


def _held(heard: tracing.Trace) -> int:
    return weight(heard.output, *heard.inputs)


@st.cache_data(show_spinner=False, max_entries=256)
def _probabilities(key: str, version: str, image: str, _at: Look) -> np.ndarray:
    with caches.gate(), torch.inference_mode():
        return torch.softmax(_at.subject.model(_at.batch)[0], 0).numpy()


@st.cache_data(show_spinner=False, max_entries=256)
def _range(key: str, version: str, image: str, _model, _batch) -> tuple[float, float]:
    with caches.gate():
        traces = tracing.trace(_model, _batch)
    outputs = [heard.output for heard in traces.values() if heard.output.ndim == 4]
    finite = [output[output.isfinite()] for output in (outputs or [_batch])]
    ends = [(float(one.min()), float(one.max())) for one in finite if one.numel()] or [(0.0, 0.0)]
    return min(low for low, _ in ends), max(high for _, high in ends)


@st.cache_resource(show_spinner=False, max_entries=64)
def _layers(key: str, version: str, _subject: Subject) -> list[listing.Layer]:
    with caches.gate():
        return listing.layers(_subject.model, torch.zeros(1, _subject.channels, _subject.size, _subject.size))


def look(subject: Subject, image, mode: str) -> Look:
    batch = subject.sees(image, mode)
    digest = hashlib.sha1(batch.numpy().tobytes()).hexdigest()
    return Look(subject, batch, digest, _layers(subject.key, subject.version, subject))
