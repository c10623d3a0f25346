"""What is loaded once and shared by all browsers: sample sheets, trained models, and a gate before the networks.

Nothing here may be changed by a page after it was loaded. torch is imported by what needs it, when it is called.
"""

import base64
import io
import logging
import math
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from PIL import Image

from explorer import data, machine
from explorer.data import catalogue
from explorer.errors import ExplorerError
from explorer.gate import Gate
from explorer.paths import DATA
from explorer.ui.components.sprites import Sprite
from explorer.ui.shared.memory import Bounded

NEAREST = Image.Resampling.NEAREST
STACKS = Bounded(2**28)  # networks that students stacked, on all pages: the largest, or many usual ones
AT_ONCE = 2  # inferences that run together; more only slow each other down
PATIENCE = 60  # seconds in the queue before a page says that the server is busy
_gate, _mine = Gate(AT_ONCE), threading.local()
FILMS = Gate(1)  # a film takes long: it has a place of its own, and answers of networks do not wait for it
log = logging.getLogger("explorer.gate")


@st.cache_resource(show_spinner=False)
def samples(name: str) -> list:
    """The shipped samples of a dataset, in their own order."""
    return data.samples(name)


def sample(name: str, index: int) -> data.Sample:
    """One test image: a shipped sample, any other where the dataset is at hand, or the small copy of a missed one."""
    for one in samples(name) if name in data.SAMPLE_SETS else []:
        if one.index == index:
            return one
    from explorer.data import missed

    if not catalogue.at_hand(name, "test", DATA):
        if index in missed.places(name):
            return missed.copy(name, index)
        raise ExplorerError(f"image {index} of {name} is not among the shipped samples: choose one of them")
    held = test_images(name)
    if index >= len(held):
        raise ExplorerError(f"image is {name}-{index}: {name} has test images 0 to {len(held) - 1}")
    pixels, label = held.images[index].permute(1, 2, 0).numpy(), int(held.labels[index])
    picture = Image.fromarray(pixels.squeeze(-1) if pixels.shape[-1] == 1 else pixels).convert("RGB")
    kind = "held-out labelled training image" if "held out" in held.source else "test image"
    source = f"{data.KNOWN[name].title}, {held.classes[label]}, {kind} no. {index}"
    return data.Sample(name, index, label, held.classes[label], picture, source)


def test_images(name: str) -> data.Dataset:
    """The test images at hand, if they are those that the shipped samples and results are of."""
    held, ours = _test_images(name)
    if not ours:
        raise ExplorerError(f"the test images of {name} under data/ are others than those used here: choose a sample")
    return held


@st.cache_resource(show_spinner="Opening the test images …", max_entries=2)
def _test_images(name: str) -> tuple[data.Dataset, bool]:
    """(the test images at hand, whether the shipped samples are among them)."""
    held, shipped = data.dataset(name, "test"), samples(name) if name in data.SAMPLE_SETS else []
    return held, all(one.index < len(held) and int(held.labels[one.index]) == one.label for one in shipped)


@st.cache_resource(show_spinner=False, max_entries=64)
def pattern(name: str, size: int = 256) -> Image.Image:
    return data.pattern(name, size)


@st.cache_resource(show_spinner=False)
def sample_sprite(name: str) -> Sprite:
    return sprite([sample.image for sample in samples(name)])


@st.cache_resource(show_spinner=False)
def pattern_sprite() -> Sprite:
    sizes = {"impulse": 15}  # one pixel of 128 would not be seen in a thumbnail
    return sprite([pattern(name, sizes.get(name, 128)).resize((128, 128), NEAREST) for name in data.PATTERNS], most=128)


def sprite(pictures: list[Image.Image], least: int = 48, most: int = 64) -> Sprite:
    """Square tiles row by row: small pictures enlarged pixel by pixel to `least`, large ones brought to `most`."""
    side = pictures[0].width
    tile = min(most, side * math.ceil(least / side))
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    sheet = Image.new("RGB", (columns * tile, rows * tile))
    for i, picture in enumerate(pictures):
        small = picture.resize((tile, tile), NEAREST if tile >= side else Image.Resampling.LANCZOS)
        sheet.paste(small, (i % columns * tile, i // columns * tile))
    buffer = io.BytesIO()
    sheet.save(buffer, "WEBP", lossless=tile >= side, quality=85)
    return Sprite("data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode(), columns, rows)


def trained(name: str):
    """(model in eval mode, card) of a trained network; shared by everyone, so never changed."""
    card = cards().get(name)
    return _trained(name, card.sha256 if card else "")


@st.cache_resource(show_spinner=False, max_entries=32)
def _trained(name: str, sha256: str):
    from explorer.networks import weights

    return weights.load(name)


def subject(name: str):
    """A trained network as one to look into."""
    return _subject(name, cards()[name].sha256)


@st.cache_resource(show_spinner="Loading the weights …", max_entries=16)
def _subject(name: str, sha256: str):
    import torch

    from explorer import subjects
    from explorer.networks import weights

    found = subjects.loaded(name, *trained(name), weights.home(name))
    with gate(), torch.inference_mode():  # the first pass prepares its kernels, and is no time to show
        found.model(torch.zeros(1, found.channels, found.size, found.size))
    return found


def evaluated(file: Path):
    """What a trained network answered on its test images; read again once the file is another."""
    return _evaluated(file, file.stat().st_mtime_ns)


@st.cache_resource(show_spinner="Reading the test results …", max_entries=32)
def _evaluated(file: Path, changed: int):
    from explorer.networks import evaluation

    return evaluation.read(file)


@st.cache_data(show_spinner=False, ttl=10)
def cards() -> dict:
    """The cards of all trained networks by name, read again every ten seconds: a run may have been published."""
    from explorer.networks import weights

    return weights.known()


@contextmanager
def gate(places: Gate = _gate) -> Iterator[None]:
    """Around every inference: at most two run at once, the others wait in the order they came and are told so.

    What is cached has its gate inside, so that what is known already waits for nobody. Whoever is inside passes.
    """
    if getattr(_mine, "inside", False):
        yield
        return
    turn, came = places.join(), time.perf_counter()
    try:
        if not turn.come.is_set():
            with st.spinner(f"{places.places + turn.ahead} computations of other browsers come first …"):
                turn.come.wait(PATIENCE)
            if not turn.come.is_set():
                raise ExplorerError(f"the server was busy for {PATIENCE} seconds: try again in a moment")
        log.debug("turn %d came after %.4f s", turn.number, time.perf_counter() - came)
        _mine.inside = True
        yield
    finally:
        _mine.inside = False
        places.leave(turn)


def share_cores() -> None:
    """As many threads for torch as let the inferences that run at once share the cores: more wait for each other.

    Every run of a page is a thread of its own and would otherwise start a team as large as the machine. Whoever sets
    OMP_NUM_THREADS knows better.
    """
    if (torch := sys.modules.get("torch")) and "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(max(1, machine.cores() // AT_ONCE))
