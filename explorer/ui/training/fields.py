"""The folded part of the form: every field of a recipe, with what fits the dataset and its limits."""

import streamlit as st

from explorer.data.catalogue import KNOWN
from explorer.errors import ExplorerError
from explorer.training.recipe.recipe import LIMITS, PRECISIONS, SCHEDULES, Recipe

DIGITS = "optdigits"


def draw(chosen: str, base: Recipe, stack: str) -> dict:
    """The widgets; returns the fields in which the recipe differs from its preset's defaults or may."""

    def key(name: str) -> str:
        return f"train.{chosen}.{name}"

    def number(name: str, label: str, step: float = 1, help: str = "", format: str | None = None):
        low, high = (type(step)(bound) for bound in LIMITS[name])
        value = type(step)(getattr(base, name))
        return st.number_input(label, low, high, value, step, key=key(name), help=help or None, format=format)

    values: dict = {}
    network, rate, images, machine = st.tabs(["Network", "Rate", "Images", "Machine"])
    with network:
        values["dataset"] = st.selectbox(
            "Dataset",
            list(KNOWN),
            list(KNOWN).index(base.dataset),
            format_func=lambda name: KNOWN[name].title,
            key=key("dataset"),
        )
        values |= {} if stack else _model(base, values["dataset"], key)
        st.text_input("Name of the run", max_chars=60, key="train.name", placeholder="what it is, or who you are")
    with rate:
        values["learning_rate"] = number("learning_rate", "Learning rate (peak)", 0.01, format="%.4g")
        values["schedule"] = st.selectbox("Schedule", SCHEDULES, SCHEDULES.index(base.schedule), key=key("schedule"))
        if values["schedule"] == "steps":
            text = ", ".join(map(str, base.milestones))
            values["milestones"] = _epochs(st.text_input("Changed at epochs", text, key=key("milestones")))
            values["factor"] = number("factor", "… each time multiplied by", 0.05, format="%.4g")
        values["batch_size"] = number("batch_size", "Batch size", 16)
        values["momentum"] = number("momentum", "Momentum", 0.05, format="%.4g")
        values["nesterov"] = st.checkbox("Nesterov", base.nesterov, key=key("nesterov"))
        values["weight_decay"] = number(
            "weight_decay", "Weight decay", 0.0001, "Never on cable layers, BatchNorm and biases.", "%.5g"
        )
        values["muon_rate"] = number(
            "muon_rate",
            "Muon rate",
            0.01,
            "Above 0, convolution kernels move by orthogonalised momentum (Muon), at "
            "most this share of their length a step; 0 leaves them to SGD.",
            "%.4g",
        )
        values["label_smoothing"] = number("label_smoothing", "Label smoothing", 0.05, format="%.4g")
    with images:
        values["crop_padding"] = number("crop_padding", "Crop padding, pixels")
        values["flip"] = st.checkbox("Mirror left-right", base.flip, key=key("flip"))
        values["rotation"] = number("rotation", "Rotation, degrees", 1.0)
        values["early_crop"] = number(
            "early_crop",
            "Crops of the first epochs, pixels",
            4,
            "The first three quarters of the epochs train on smaller, faster crops; 0: whole images throughout.",
        )
        values["cutout"] = number("cutout", "Cutout, pixels", 1, "Side of a square that is blanked in every image.")
        values["holdout"] = number(
            "holdout",
            "Set aside, images",
            100,
            "So many training images, of every class alike, are kept out of the "
            "training, and the curves are theirs: choose a recipe by them. The test images are then looked at once, "
            "at the end. At most half of the training images; 0: none, and the curves are the test images'.",
        )
        values["fold"] = number(
            "fold",
            "Fold that is the test",
            1,
            "1 to 5: that fifth of the training images takes the place of the test "
            "images, so five runs test on each of them once; 0: the dataset's own test images.",
        )
    with machine:
        values["device"] = _device(base, key)
        values["precision"] = st.selectbox(
            "Precision",
            PRECISIONS,
            PRECISIONS.index(base.precision),
            key=key("precision"),
            help="auto times three steps of each. Cable layers always stay in float32.",
        )
        values["processes"] = number("processes", "Processes", 1, "More than one: a GPU each, joined by torchrun.")
        values["seed"] = number("seed", "Seed")
    return values


def take(chosen: str, dataset: str) -> None:
    """Callback: this dataset in place of the one that stands there."""
    st.session_state[f"train.{chosen}.dataset"] = dataset


def _model(base: Recipe, dataset: str, key) -> dict:
    """Networks that take images of this size, and the widths at which each layer comes out whole."""
    from explorer.networks import zoo

    size = KNOWN[dataset].size
    fitting = [name for name in zoo.names() if zoo.entry(name).smallest <= size <= zoo.entry(name).largest]
    place = fitting.index(base.model) if base.model in fitting else 0
    # another list is another widget: a choice that does not fit the new dataset does not linger
    model = st.selectbox("Network", fitting, place, lambda name: zoo.titled(name, name), key=f"{key('model')}.{size}")
    entry = zoo.entry(model)
    st.caption(entry.description)
    widths = [width for width in (1, 2, 4, 8, 16, 32, 48, 64, 96, 128) if width % entry.width_step == 0]
    near = min(widths, key=lambda width: abs(width - base.width))
    width = st.select_slider("Width", widths, near, key=f"{key('width')}.{entry.width_step}", help="64 is the paper's.")
    return {"model": model, "width": width}


def _device(base: Recipe, key) -> str:
    import torch

    options = ["auto", "cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
    return st.selectbox(
        "Device", options, options.index(base.device) if base.device in options else 0, key=key("device")
    )


def _epochs(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise ExplorerError(f"milestones is {text[:40]!r}: give epochs with commas between, for instance 14, 29, 39")
    return tuple(int(part) for part in parts)
