"""Which network, which image, which layer: the widgets at the left of the page."""

from contextlib import suppress

import streamlit as st

from explorer import subjects
from explorer.errors import ExplorerError
from explorer.inside import listing, maps
from explorer.networks import zoo
from explorer.networks.card import Card
from explorer.networks.shapes import words
from explorer.networks.subject import Subject
from explorer.render import enlarge, number, strongest
from explorer.results import rows
from explorer.subjects import RUN, STACK, UNTRAINED
from explorer.training.store.runs import Run, Store
from explorer.ui.inside.view import Look
from explorer.ui.shared import caches
from explorer.ui.shared.layout import plain
from explorer.ui.shared.memory import Bounded, subject_weight
from explorer.ui.shared.naming import spoken
from explorer.ui.shared.widgets import URL, follow, named, whole

NOTHING = "nothing"
FALLBACK, FALLBACK_TWIN = "cabeq-rn-1", "original"  # untrained, where nothing trained is at hand


NETWORKS = Bounded(2**29)  # those of runs and untrained ones: two of AlexNet's size, or many usual ones


def _untrained(name: str, width: int, seed: int) -> Subject:
    def make() -> Subject:
        return subjects.untrained(name, width, seed)

    return NETWORKS.get((UNTRAINED, name, width, seed), make, subject_weight, "Drawing the first weights …")


def _stack(letters: str, seed: int) -> Subject:
    return caches.STACKS.get(("subject", letters, seed), lambda: subjects.of_stack(letters, seed), subject_weight)


def _run(run: Run) -> Subject:
    def make() -> Subject:
        return subjects.run(run.id, run.folder, run.recipe, run.name)

    key = RUN, run.id, subjects.checkpoint(run.folder)
    return NETWORKS.get(key, make, subject_weight, "Loading the run's checkpoint …")


def options(cards: dict[str, Card]) -> list[str]:
    """Every network there is to look into: trained ones first, the default ones at the front."""
    runs = []
    with suppress(ExplorerError):  # the Train page says what is wrong with the runs folder
        runs = [f"{RUN}{run.id}" for run in Store().all() if subjects.checkpoint(run.folder)]
    stack = [STACK] if "stack" in st.query_params else []
    fresh = [FALLBACK, FALLBACK_TWIN, *(name for name in zoo.names() if name not in (FALLBACK, FALLBACK_TWIN))]
    return [*stack, *trained(cards), *runs, *(f"{UNTRAINED}{name}" for name in fresh)]


def trained(cards: dict[str, Card]) -> list[str]:
    """The default ones at the front."""
    return sorted(cards, key=lambda name: _rank(name, cards))


def _rank(name: str, cards: dict[str, Card]) -> tuple:
    """Cable networks on CIFAR-10 first, those without maps last, the most accurate at the front, but behind those
    that were trained as their baseline was."""
    card = cards[name]
    usual = (
        card.model.startswith("cabeq"),
        card.model != "mlp",
        card.dataset == "cifar10",
        card.width == 16,
        rows.beside_baseline(card, cards.values()),
    )
    return (*(not one for one in usual), -(card.accuracy or 0), name)


def twin_of(key: str, known: list[str]) -> str:
    """The network to stand beside: the baseline of the same dataset and width, or the cable network for a baseline."""
    cards = caches.cards()
    if key in cards:
        card, wanted = cards[key], "cabeq" if cards[key].model == "original" else "original"
        for name in trained(cards):
            other = cards[name]
            if other.model.startswith(wanted) and (other.dataset, other.width) == (card.dataset, card.width):
                return name
    own = key.removeprefix(UNTRAINED)
    other = FALLBACK if own == FALLBACK_TWIN else FALLBACK_TWIN
    return f"{UNTRAINED}{other}" if f"{UNTRAINED}{other}" in known else NOTHING


def load(key: str, width: int, seed: int) -> Subject:
    cards = caches.cards()
    if key in cards:
        return caches.subject(key)
    if key.startswith(UNTRAINED):
        name = key.removeprefix(UNTRAINED)
        step = zoo.entry(name).width_step
        return _untrained(name, -(-width // step) * step, seed)
    if key.startswith(RUN):
        return _run(Store().get(key.removeprefix(RUN)))
    if key == STACK:
        return _stack(st.query_params.get("stack", ""), seed)
    raise ExplorerError(f"model is {key[:60]!r}: choose one of the list")


def usual_for(dataset: str | None, known: list[str], cards: dict[str, Card]) -> str:
    """The network to begin with: the first of those trained on the dataset that the image is from."""
    if known[0] == STACK:
        return STACK
    return next((key for key in known if key in cards and cards[key].dataset == dataset), known[0])


def choose_model(dataset: str | None) -> tuple[Subject, str, list[str], tuple[int, int]]:
    """(the network, its key, all keys, (width, seed) of untrained ones)."""
    cards = caches.cards()
    known = options(cards)
    usual = usual_for(dataset, known, cards)
    key = named("Network", "model", _in_words(known), usual, help="Trained weights, then runs, then untrained ones")
    width, seed = 16, 0
    if key == STACK or (key.startswith(UNTRAINED) and key not in cards):
        columns = st.columns(2)
        seed = whole("Seed", "seed", 0, 9999, 0, place=columns[1], help="Other first weights")
        if key != STACK:
            width = whole("Width", "w", 1, 64, 16, place=columns[0], help="64 is the papers' size")
    return load(key, width, seed), key, known, (width, seed)


def show_input(at: Look, name: str) -> None:
    """What the network sees, small, beside what network it is."""
    picture, about = st.columns([1, 2.3], gap="small", vertical_alignment="center")
    picture.image(enlarge(at.picture, 128), width="stretch", alt=f"{name}, as the network sees it")
    shape = words((at.subject.channels, at.subject.size, at.subject.size))
    about.caption(
        f"It sees {shape} numbers from {number(float(at.batch.min()))} to {number(float(at.batch.max()))}.",
        help="The image made as large as the network's training images, then normalised: minus the mean of "
        "each colour, divided by its standard deviation. Shown back in colour.",
    )
    st.caption(plain(at.subject.about))


def choose_layer(at: Look) -> tuple[listing.Layer, str]:
    """The layer and, where it is the suggested one, why."""
    names = [layer.name for layer in at.layers]
    first, why = maps.first_layer(at.layers)
    follow("layer", first)
    name = st.selectbox(
        "Layer",
        names,
        index=names.index(first),
        key="layer",
        bind=URL,
        help="Or click a block of the drawing, then one of its layers",
    )
    return at.layer(name), why if name == first else ""


def choose_place(at: Look, layer: listing.Layer) -> tuple[int, int, int]:
    """Map, row and column; the pictures move these numbers too. At first where there is something to see."""
    values = at.output(layer.name)
    columns = st.columns(3 if layer.has_maps else 1, gap="small")
    index = whole(
        "Map" if layer.has_maps else "Unit", "map", 0, layer.shape[0] - 1, maps.liveliest(values), place=columns[0]
    )
    if not layer.has_maps:
        return index, 0, 0
    _, height, width = layer.shape
    row, column = strongest(values[index])
    y = whole("Row", "y", 0, height - 1, row, place=columns[1])
    return index, y, whole("Column", "x", 0, width - 1, column, place=columns[2])


def choose_order(at: Look, layer: listing.Layer) -> str:
    usual = maps.usual_order(layer, at.subject.size)
    follow("sort", usual)
    return st.selectbox("Sort maps by", maps.ORDERS, maps.ORDERS.index(usual), key="sort", bind=URL)


def choose_twin(key: str, known: list[str]) -> str:
    """The network to stand beside the first."""
    choices = [NOTHING, *known]
    usual = twin_of(key, known)
    return named("Compare with", "compare", _in_words(choices), usual, help="See the Difference tab")


def _in_words(keys: list[str]) -> dict[str, str]:
    with suppress(ExplorerError):  # the Train page says what is wrong with the runs folder
        runs = {f"{RUN}{run.id}": run for run in Store().all()}
        return {key: spoken(key, runs) for key in keys}
    return {key: spoken(key) for key in keys}
