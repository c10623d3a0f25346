"""A recipe: everything that decides how a training run goes, as one frozen value that is JSON both ways.

Two runs of one recipe on one machine are the same run, so a recipe's fingerprint is kept in every checkpoint, and
a checkpoint of another recipe is refused. Only the number of epochs may grow (`Recipe.extended`).
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from explorer.data.catalogue import KNOWN, unknown
from explorer.errors import ExplorerError, is_text
from explorer.networks import stack, zoo
from explorer.training.recipe.presets import PRESETS

SCHEDULES = ("one-cycle", "steps", "constant")
PRECISIONS = ("auto", "float32", "bfloat16")
LIMITS = {  # field: (lowest, highest), both allowed
    "width": (1, 128),
    "epochs": (1, 10_000),
    "batch_size": (2, 8192),
    "learning_rate": (1e-9, 100.0),
    "factor": (1e-6, 1.0),
    "momentum": (0.0, 0.9999),
    "weight_decay": (0.0, 1.0),
    "muon_rate": (0.0, 1.0),
    "label_smoothing": (0.0, 0.9),
    "crop_padding": (0, 64),
    "early_crop": (0, 256),
    "rotation": (0.0, 180.0),
    "cutout": (0, 256),
    "holdout": (0, 100_000),
    "fold": (0, 5),
    "seed": (0, 2**32 - 1),
    "processes": (1, 64),
}


def said(default: Any, help: str, later: bool = False) -> Any:
    """A field with its default and what the command line says of it. `later` marks those that came when recipes had
    been fingerprinted already: at their defaults they change nothing and stay out of the fingerprint."""
    return field(default=default, metadata={"help": help, "later": later})


@dataclass(frozen=True)
class Recipe:
    dataset: str = said("optdigits", f"{', '.join(KNOWN)}, or folder:PATH with a folder for each class")
    model: str = said("digits-cnn", "a network of the zoo")
    stack: str = said("", "rows of a user's own stack as JSON; when given it stands in for model")
    width: int = said(64, "channels of the first stage; the fixed small models have none")
    epochs: int = said(30, "passes over the training images")
    batch_size: int = said(64, "images a step, of all processes together")
    learning_rate: float = said(0.1, "the peak, where the schedule has one")
    schedule: str = said("constant", "how the learning rate goes over the epochs")
    milestones: tuple[int, ...] = said((), "steps: the epochs at which the rate is multiplied by factor")
    factor: float = said(0.2, "steps: what the rate is multiplied by")
    momentum: float = said(0.9, "of SGD")
    nesterov: bool = said(False, "Nesterov's momentum")
    weight_decay: float = said(0.0, "never on cable layers, BatchNorm and biases")
    muon_rate: float = said(0.0, "peak share of its length that a step moves a convolution kernel; 0: SGD for all")
    label_smoothing: float = said(0.0, "share of the label that is given to all classes alike")
    crop_padding: int = said(0, "pixels by which training images are shifted at most")
    early_crop: int = said(0, "side of the crops in the first 75% of the epochs, pixels; 0: whole images")
    flip: bool = said(False, "half of the training images left-right")
    rotation: float = said(0.0, "degrees to either side at most")
    cutout: int = said(0, "side of the square that is blanked, pixels")
    precision: str = said("auto", "auto times float32 and bfloat16 and takes the faster")
    seed: int = said(0, "of weights, permutation, augmentation and dropout")
    device: str = said("auto", "auto, cpu, cuda or cuda:N")
    processes: int = said(1, "that share each batch, each on a GPU of its own or all on the CPU")
    restarts: tuple[int, ...] = said((), "epochs at which a finished run was extended")
    holdout: int = said(
        0,
        "training images set aside, of every class alike: the curves are theirs, and the test images are seen "
        "once, at the end; 0: none, and the curves are the test images'",
        later=True,
    )
    fold: int = said(
        0, "1 to 5: that fifth of the training images takes the place of the test images; 0: none", later=True
    )

    def __post_init__(self):
        for one in fields(self):
            object.__setattr__(self, one.name, _clean(one, getattr(self, one.name)))
        _choose("schedule", self.schedule, SCHEDULES)
        _choose("precision", self.precision, PRECISIONS)
        if self.nesterov and self.momentum == 0:
            raise ExplorerError("nesterov is true with momentum 0: give a momentum above 0 or set nesterov to false")
        if self.batch_size % self.processes:
            raise ExplorerError(f"batch_size is {self.batch_size}: give a multiple of processes ({self.processes})")
        for name in ("milestones", "restarts"):
            epochs = getattr(self, name)
            if list(epochs) != sorted(set(epochs)) or any(epoch < 1 for epoch in epochs):
                raise ExplorerError(f"{name} is {list(epochs)}: give epochs of 1 or more in growing order")
        if self.restarts and self.restarts[-1] >= self.epochs:
            raise ExplorerError(f"restarts is {list(self.restarts)}: give epochs below {self.epochs}")
        if not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?", self.device, re.ASCII):
            raise ExplorerError(f"device is {self.device[:40]!r}: give auto, cpu or cuda:N")
        _check_names(self)

    def changed(self, **changes) -> "Recipe":
        unknown = set(changes) - {field.name for field in fields(self)}
        if unknown:
            raise ExplorerError(f"{sorted(unknown)[0][:40]!r} is no field of a recipe: see the list in recipe.py")
        return replace(self, **changes)

    def extended(self, epochs: int) -> "Recipe":
        """The same run with more epochs after its end; a one-cycle starts again there, at a tenth of the peak."""
        return self.changed(epochs=self.epochs + epochs, restarts=(*self.restarts, self.epochs))

    def to_dict(self) -> dict:
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), indent=1)

    @classmethod
    def from_dict(cls, values) -> "Recipe":
        if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
            raise ExplorerError(f"a recipe is a {type(values).__name__}: give one JSON object of field: value")
        return cls().changed(**values)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Recipe":
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ExplorerError(f"the recipe is no JSON ({str(error)[:80]}): give an object of field: value") from None
        return cls.from_dict(values)

    @property
    def watched(self) -> str:
        """Whose the curves are: "test" or "held-out"."""
        return "held-out" if self.holdout else "test"

    @property
    def fingerprint(self) -> str:
        """Equal for two recipes exactly when one's checkpoint may be continued by the other."""
        values = self.to_dict()
        values["epochs"] = (*self.restarts, self.epochs)[0]
        for movable in ("restarts", "device"):
            del values[movable]
        for name, default in LATER.items():
            if values[name] == default:
                del values[name]
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


LATER = {one.name: one.default for one in fields(Recipe) if one.metadata["later"]}


def _clean(field, value):
    """The value in its field's type and limits; 3 is a good float, true is no number."""
    name, kind = field.name, field.type
    shown = "a number of many digits" if type(value) is int and abs(value) > 10**30 else repr(value)[:40]
    if kind is bool:
        if not isinstance(value, bool):
            raise ExplorerError(f"{name} is {shown}: give true or false")
        return value
    if kind is str:
        if not is_text(value):
            raise ExplorerError(f"{name} is {shown}: give a text, in UTF-8")
        return value
    if kind in (int, float):
        low, high = LIMITS[name]
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not low <= value <= high or (kind is int and value != int(value)):
            wanted = f"a whole number from {low:,} to {high:,}" if kind is int else f"a number from {low:g} to {high:g}"
            raise ExplorerError(f"{name} is {shown}: give {wanted}")
        return kind(value)
    if not isinstance(value, (list, tuple)) or len(value) > 100 or not all(type(item) is int for item in value):
        raise ExplorerError(f"{name} is {shown}: give a list of at most 100 whole numbers")
    return tuple(value)


def _choose(name, value, allowed):
    if value not in allowed:
        raise ExplorerError(f"{name} is {value[:40]!r}: choose one of {', '.join(allowed)}")


def _check_names(recipe):
    """Dataset and network exist and fit each other, as far as can be said without loading the images."""
    known = KNOWN.get(recipe.dataset)
    if not known and not recipe.dataset.startswith("folder:"):
        raise unknown("dataset", recipe.dataset, [*KNOWN, "folder:PATH"])
    if recipe.stack:
        rows = stack.parse(recipe.stack)
        if known:
            rows.for_training((known.channels, known.size, known.size), len(known.classes))
        return
    entry = zoo.entry(recipe.model)
    if recipe.width % entry.width_step:
        raise ExplorerError(f"width is {recipe.width}: {recipe.model} needs a multiple of {entry.width_step}")
    if known and not entry.smallest <= known.size <= entry.largest:
        raise ExplorerError(
            f"model is {recipe.model}: it takes images of {entry.smallest} to {entry.largest} pixels, "
            f"{recipe.dataset} has {known.size}, so choose another of the two"
        )


def preset(name: str, **changes) -> Recipe:
    _choose("preset", name, tuple(PRESETS))
    return Recipe().changed(**{**PRESETS[name], **changes})
