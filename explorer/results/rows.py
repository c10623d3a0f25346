"""What our networks reach, from the cards and from what the benchmarks wrote: rows, spread over seeds, differences.

Nothing here is typed by hand; tables.py puts it beside what the papers print.
"""

import json
import math
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scipy.special import stdtrit

from explorer.data import catalogue
from explorer.errors import ExplorerError
from explorer.networks import weights, zoo
from explorer.networks.card import Card
from explorer.papers import reported
from explorer.paths import MEASURED, PRETRAINED, SEEDS
from explorer.render import signed
from explorer.training.recipe.recipe import LATER
from explorer.training.store.spread import deviation, mean_and_deviation, seeds

FOLDERS = (PRETRAINED, SEEDS)


@dataclass(frozen=True)
class ResultRow:
    """One network on one dataset by one recipe, over all seeds there are."""

    dataset: str
    model: str
    width: int
    epochs: int
    names: tuple[str, ...]  # the cards it comes from, one a seed
    accuracies: tuple[float, ...]  # percent, one a seed
    tested: str  # on which images
    paper: tuple[float, str] | None
    recipe: dict = field(default_factory=dict)
    again: tuple[str, ...] = ()  # further cards of seeds that are counted already

    @property
    def mean(self) -> float:
        return statistics.fmean(self.accuracies)

    @property
    def spread(self) -> float | None:
        """Sample standard deviation over the seeds; None of too few."""
        return deviation(self.accuracies)

    @property
    def text(self) -> str:
        return f"{mean_and_deviation(self.accuracies)} %"


def rows(folders: tuple[Path, ...] = FOLDERS) -> list[ResultRow]:
    """Every card there is, seeds of one recipe taken together, widest last.

    Of one seed one card counts, the first of the first folder: a run under three names is no evidence three times.
    """
    groups: dict[tuple, dict[str, Card]] = defaultdict(dict)
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            try:
                card = weights.read_card(path.stem, folder)
            except ExplorerError:
                continue  # weights.cards says in the log what is wrong with it
            if card.accuracy is not None:
                groups[_same(card)][path.stem] = card
    found = []
    for cards in groups.values():
        first = next(iter(cards.values()))
        seeds: dict[int, str] = {}
        for name, card in cards.items():
            seeds.setdefault(card.seed, name)
        counted = tuple(seeds.values())
        accuracies = tuple(card.accuracy for name in counted if (card := cards[name]).accuracy is not None)
        found.append(
            ResultRow(
                first.dataset,
                first.model,
                first.width,
                int(first.recipe.get("epochs", 0)),
                counted,
                accuracies,
                first.tested,
                reported(first.recipe),
                recipe_of(first),
                tuple(name for name in cards if name not in counted),
            )
        )
    known = zoo.names()
    return sorted(found, key=lambda row: (row.dataset, row.width, known.index(row.model) if row.model in known else 99))


def recipe_of(card: Card) -> dict:
    """What two cards of one row have in common, and a baseline with its cable networks.

    A field that came later says nothing at its default: cards of earlier versions do not have it.
    """
    return {
        key: value
        for key, value in card.recipe.items()
        if key not in ("model", "seed", "device", "precision") and not (key in LATER and value == LATER[key])
    }


def beside_baseline(card: Card, cards: Iterable[Card]) -> bool:
    """Whether the baseline of its dataset and width was trained by the same recipe, so that the two may be compared."""
    return any(
        (one.model, one.dataset, one.width) == ("original", card.dataset, card.width)
        and recipe_of(one) == recipe_of(card)
        for one in cards
    )


def _same(card: Card) -> tuple:
    """Equal for cards that differ in the seed alone."""
    return card.dataset, card.model, card.width, json.dumps(recipe_of(card), sort_keys=True, default=str)


def verdicts(found: list[ResultRow]) -> list[str]:
    """Every cable network against the baseline of its dataset and width, trained as long where there is one."""
    said = []
    for row in (row for row in found if row.model.startswith("cabeq")):
        same = [one for one in found if (one.model, one.dataset, one.width) == ("original", row.dataset, row.width)]
        same.sort(key=lambda one: one.epochs != row.epochs)
        said += [verdict(row, baseline) for baseline in same[:1]]
    return said


def verdict(cable: ResultRow, baseline: ResultRow) -> str:
    """Plainly: is the cable layer's difference larger than the noise between seeds?

    By Welch's t-test: the interval of the difference in which the truth lies 95 times out of 100; none from too few
    seeds, nor where they are all alike, which is chance.
    """
    difference = cable.mean - baseline.mean
    which = f"{catalogue.title(cable.dataset)}, width {cable.width}"
    said = f"{which}: {cable.model} minus {baseline.model} {signed(difference)} points"
    if other := [key for key in cable.recipe if cable.recipe[key] != baseline.recipe.get(key)]:
        fields = ", ".join(f"{key.replace('_', ' ')} {cable.recipe[key]}" for key in other)
        return f"{said}, but by a recipe of its own ({fields}), so not a difference that the cable layer alone makes."
    spreads = [row.spread for row in (cable, baseline) if row.spread is not None]
    if len(spreads) < 2 or not any(spreads):
        counts = " and ".join(f"{seeds(len(row.accuracies))} of {row.model}" for row in (cable, baseline))
        return f"{said}; from {counts} nobody can say whether that is more than chance."
    sizes = [len(row.accuracies) for row in (cable, baseline)]
    squares = [spread**2 / size for spread, size in zip(spreads, sizes, strict=True)]
    error = math.sqrt(sum(squares))
    freedom = error**4 / sum(square**2 / (size - 1) for square, size in zip(squares, sizes, strict=True))
    reach = float(stdtrit(freedom, 0.975)) * error
    larger = "more" if abs(difference) > reach else "no more"
    interval = f"95 % interval {signed(difference - reach)} to {signed(difference + reach)}"
    counted = f"{sizes[0]} and {sizes[1]} seeds"
    return f"{said} ({interval}, {counted}): {larger} than the noise between seeds."


def measured(folder: Path = MEASURED) -> list[dict]:
    """What the benchmark commands wrote, oldest name first; a file that is no record is left out."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if not {"rows", "figure", "command", "hardware", "ok"} <= record.keys():
                continue
        except (OSError, ValueError, AttributeError):
            continue
        found.append(record)
    return found
