"""Networks to look into, whatever they come from: trained weights, a run's checkpoint, or fresh weights from a seed.

Each has a key that a URL can hold: "cabeq-rn-2-w16-cifar10", "run-20261121-083012-ab12", "untrained-lenet".
"""

import math
from contextlib import suppress
from pathlib import Path

from torch import nn

from explorer.data import catalogue
from explorer.data.catalogue import CLASSES, KNOWN, STATISTICS
from explorer.errors import ExplorerError
from explorer.networks import described, stack, weights, zoo
from explorer.networks.card import Card
from explorer.networks.subject import Subject
from explorer.paths import published
from explorer.training.work.checkpoint import LAST, PREV, read

RUN, UNTRAINED, STACK = "run-", "untrained-", "stack"
MOST_VALUES = 10_000_000  # of all maps of a student's stack, which are kept for a while: 40 MB


def pretrained(name: str, folder: str | Path | None = None) -> Subject:
    """A network with shipped weights, or of a published run."""
    folder = weights.home(name) if folder is None else folder
    return loaded(name, *weights.load(name, folder), folder)


def loaded(name: str, model: nn.Module, card: Card, folder: str | Path) -> Subject:
    """The same of a network that is in memory already."""
    kind = "A published run" if folder == published() else "Shipped weights"
    return _of_card(name, card.sha256, model, card, kind)


def untrained(name: str, width: int, seed: int) -> Subject:
    """A network of the zoo as it is before its first image."""
    known = zoo.entry(name)
    mean, std = STATISTICS[known.dataset]
    model = zoo.build(name, width=width, seed=seed).eval().requires_grad_(False)
    about = f"{known.description}. Its weights are random (seed {seed}): it has learned nothing yet."
    return Subject(
        f"{UNTRAINED}{name}",
        f"{width}-{seed}",
        model,
        about,
        known.dataset,
        CLASSES[known.dataset],
        known.size,
        known.channels,
        mean,
        std,
    )


def of_stack(letters: str, seed: int) -> Subject:
    """A student's stack, as a link carries it, with fresh weights."""
    rows = stack.from_link(letters)
    channels, height, width = rows.input
    if height != width:
        raise ExplorerError(f"the stack's input is {height} x {width}: make it square to look at it here")
    near = {1: "mnist", 3: "cifar10"}.get(channels)
    if near is None:
        raise ExplorerError(f"the stack's input has {channels} channels: give it 1 or 3 to look at it here")
    plan = rows.plan()
    if sum(math.prod(step.shape) for step in plan) > MOST_VALUES:
        raise ExplorerError(f"the stack's maps hold more than {MOST_VALUES:,} values: give it a smaller input")
    model = rows.build(seed=seed).eval().requires_grad_(False)
    outputs = (plan[-1].shape if plan else rows.input)[0]
    about = f"{rows.name}, a stack of {len(rows.rows)} layers. Its weights are random (seed {seed})."
    classes = CLASSES[near] if outputs == 10 else tuple(f"output {number}" for number in range(outputs))
    return Subject(STACK, f"{letters}-{seed}", model, about, near, classes, height, channels, *STATISTICS[near])


def checkpoint(folder: Path) -> str | None:
    """What a run has written so far, as a version; None before its first checkpoint."""
    found = []
    for place, name in enumerate((PREV, LAST, "weights.json")):
        with suppress(FileNotFoundError):
            found.append(((folder / name).stat().st_mtime_ns, place, name))
    return "{2} {0}".format(*max(found)) if found else None  # a finished run that goes on is newer than its weights


def run(run_id: str, folder: Path, recipe: dict, name: str = "") -> Subject:
    """A run's final weights, or its last checkpoint while it is training or when it was stopped."""
    version = checkpoint(folder)
    title = name or f"run {run_id}"
    if version is None:
        raise ExplorerError(f"{title} has no checkpoint yet: wait for the end of its first epoch")
    if version.startswith("weights"):
        model, card = weights.load("weights", folder)
        return _of_card(f"{RUN}{run_id}", version, model, card, f"{title}, finished")
    known = KNOWN.get(recipe.get("dataset", ""))
    if known is None:
        raise ExplorerError(f"{title} trains on a folder of its own: look inside when it has finished")
    state = _state(folder, title)
    shape = (known.channels, known.size, known.size)
    model = described.network(recipe["model"], recipe.get("stack"), len(known.classes), shape, recipe["width"])
    try:
        model.load_state_dict(state["model"])
    except (RuntimeError, TypeError, AttributeError) as error:
        raise ExplorerError(f"the checkpoint of {title} does not fit its recipe: start the run again") from error
    about = f"{title}, after epoch {state.get('epoch', '?')} of {recipe.get('epochs', '?')}"
    return Subject(
        f"{RUN}{run_id}",
        version,
        model.float().eval().requires_grad_(False),
        about,
        recipe["dataset"],
        known.classes,
        known.size,
        known.channels,
        known.mean,
        known.std,
    )


def _state(folder: Path, title: str) -> dict:
    for name in (LAST, PREV):
        with suppress(Exception):  # a damaged file can make the reader raise anything
            return read(folder / name, {"model"})
    raise ExplorerError(f"the checkpoint of {title} cannot be read: wait for the next one")


def _of_card(key: str, version: str, model: nn.Module, card: Card, kind: str) -> Subject:
    about = f"{kind}: {card.model} of width {card.width}, trained on {catalogue.title(card.dataset)}"
    if card.source:
        about += f" elsewhere, not measured here; from {card.source}, {card.licence}"
    if card.accuracy is not None:
        about += f"; {card.accuracy:.2f} % right on {card.tested}"
    return Subject(
        key,
        version,
        model,
        f"{about}.",
        card.dataset,
        card.classes,
        card.size,
        card.channels,
        card.mean,
        card.std,
        card.tested,
    )
