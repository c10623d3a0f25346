"""The card of a trained network: what it is, what it was trained on and how well it does, checked value by value."""

import json
import sys
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any

from explorer.errors import ExplorerError, is_text
from explorer.networks import zoo

MOST_CLASSES, LONGEST_NAME = 1000, 80


@dataclass(frozen=True)
class Card:
    model: str  # a name of the zoo, or "stack"
    width: int
    dataset: str
    classes: tuple[str, ...]  # their names, in the order of the outputs
    size: int
    channels: int
    mean: tuple[float, ...]  # of each channel, pixels in [0, 1]
    std: tuple[float, ...]
    recipe: dict[str, Any]  # what it was trained by
    accuracy: float | None  # percent on the test images, taken once after the last epoch
    split: dict[str, Any]  # which test images and how many: {"name": "test", "images": 10000}
    seed: int
    hardware: str
    versions: dict[str, str]
    parameters: int = 0  # filled in by weights.save, as is the hash
    sha256: str = ""
    name: str = ""  # how people call it
    stack: dict | list | str | None = None  # for model "stack": its rows, as stack.parse reads them
    cable: dict[str, Any] = field(default_factory=dict)  # spread of Φ, Ψ and τ at the start and after training
    notes: str = ""
    protocol: str = ""  # of a study: the hash of the document it follows, as that was when the run began
    source: str = ""  # where the weights come from, if they were trained elsewhere: then nothing here measured them
    licence: str = ""  # of such weights

    def __post_init__(self):
        for key in ("classes", "mean", "std"):
            if isinstance(getattr(self, key), list):
                object.__setattr__(self, key, tuple(getattr(self, key)))
        _check(self)

    @staticmethod
    def of(values: Any) -> "Card":
        """A card from what JSON becomes; unknown or missing keys are errors."""
        if not isinstance(values, dict):
            raise ExplorerError(f"it holds {type(values).__name__}: give an object with the keys of a card")
        known = {each.name for each in fields(Card)}
        odd = sorted(set(values) - known, key=str)
        if odd:
            raise ExplorerError(f"{odd[0][:60]!r} is not a key of a card: leave it out")
        required = [each.name for each in fields(Card) if each.default is MISSING and each.default_factory is MISSING]
        missing = [key for key in (*required, "parameters", "sha256") if key not in values]
        if missing:
            raise ExplorerError(f"it has no {missing[0]!r}: write the card again with weights.save")
        return Card(**values)

    @property
    def tested(self) -> str:
        """The images that the accuracy is of, in words."""
        source, images = self.split.get("source"), self.split.get("images")
        if isinstance(source, str) and 0 < len(source) <= 200:
            return source
        return f"{images:,} test images" if isinstance(images, int) else "test images"

    def json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


def _check(card: Card) -> None:
    if card.model == "stack":
        _true(isinstance(card.stack, dict | list | str), "stack", card.stack, "give the rows of the stack")
    else:
        zoo.entry(card.model)
    for key, low, high in (
        ("width", 1, 128),
        ("size", 1, 1024),
        ("channels", 1, 4),
        ("seed", 0, 2**63 - 1),
        ("parameters", 0, 10**9),
    ):
        value = getattr(card, key)
        good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        _true(good, key, value, f"give a whole number from {low} to {high}")
    for key in ("dataset", "hardware", "sha256", "name", "notes", "protocol", "source", "licence"):
        value = getattr(card, key)
        _true(is_text(value) and len(value) <= 2000, key, value, "give UTF-8 text of at most 2000 characters")
    check_classes(card.classes)
    for key in ("mean", "std"):
        values = getattr(card, key)
        good = isinstance(values, tuple) and len(values) == card.channels and all(map(_finite, values))
        good = good and (key == "mean" or min(values) > 0)
        _true(good, key, values, f"give one number for each of the {card.channels} channels, std above 0")
    percent = card.accuracy is None or (_finite(card.accuracy) and 0 <= card.accuracy <= 100)
    _true(percent, "accuracy", card.accuracy, "give percent from 0 to 100, or null")
    for key in ("recipe", "split", "versions", "cable"):
        _true(isinstance(getattr(card, key), dict), key, getattr(card, key), "give an object")
    ours = card.accuracy is not None or bool(card.recipe)
    _true(not (card.source and ours), "source", card.source, "leave it out, or the recipe and the accuracy")
    _true(bool(card.licence) == bool(card.source), "licence", card.licence, "a source has one, and nothing else")
    epochs = card.recipe.get("epochs", 0)
    _true(type(epochs) is int and 0 <= epochs <= 10**6, "epochs of the recipe", epochs, "give a whole number")
    for key in ("model", "dataset", "stack"):
        value = card.recipe.get(key, "")
        _true(isinstance(value, str), f"{key} of the recipe", value, "give text")


def check_classes(names: Any) -> None:
    """Raises where a card could not hold the names of these classes."""
    good = isinstance(names, tuple) and 2 <= len(names) <= MOST_CLASSES
    _true(good, "classes", names, f"give the names of 2 to {MOST_CLASSES} classes")
    for name in names:
        good = is_text(name) and 0 < len(name) <= LONGEST_NAME
        _true(good, "the name of a class", name, f"rename it, in UTF-8 and with at most {LONGEST_NAME} characters")


def _finite(value: Any) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) <= sys.float_info.max  # false for NaN, and for whole numbers that no float can hold


def _true(good: bool, key: str, value: Any, remedy: str) -> None:
    if not good:
        raise ExplorerError(f"{key} is {value!r:.60}: {remedy}")
