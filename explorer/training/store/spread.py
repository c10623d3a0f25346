"""What came out of a sweep: networks downwards, widths across, mean ± standard deviation over the seeds in each cell.

Only finished runs count, each with its test accuracy after the last epoch. The standard deviation is that of a sample
(n - 1), from three seeds on: that of two is mostly chance (90.58 and 90.58 would be ± 0.00).
"""

import json
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.data import catalogue
from explorer.papers import reported
from explorer.training.recipe.recipe import Recipe
from explorer.training.store.status import Status
from explorer.training.store.table import differing

FEWEST = 3  # seeds from which on a deviation is shown
ORDER = ("running", "stopping", "queued", "stopped", "interrupted", "failed")


@dataclass(frozen=True)
class Cell:
    """The runs of one recipe, a seed each."""

    runs: tuple[Status, ...]

    @property
    def accuracies(self) -> list[float]:
        return [one.last for one in self.runs if one.run.state == "finished" and one.last is not None]

    @property
    def text(self) -> str:
        return mean_and_deviation(self.accuracies)

    @property
    def note(self) -> str:
        """How many seeds it stands for, and what became of the others."""
        done, rest = len(self.accuracies), others(self.runs)
        return f"{done} of {seeds(len(self.runs))}, {rest}" if rest else seeds(done)


@dataclass(frozen=True)
class SweepRow:
    label: str
    paper: tuple[float, str] | None  # percent, and where it stands
    cells: dict[int, Cell]  # by width

    @property
    def reported(self) -> str:
        return f"{self.paper[0]:.2f}" if self.paper else ""


def deviation(values: Sequence[float]) -> float | None:
    """Sample standard deviation over seeds; None of too few."""
    return statistics.stdev(values) if len(values) >= FEWEST else None


def mean_and_deviation(values: Sequence[float]) -> str:
    """89.51 ± 0.12 from three values or more, 89.51 from fewer, nothing from none."""
    if not values:
        return ""
    spread = deviation(values)
    return f"{statistics.mean(values):.2f}" + ("" if spread is None else f" ± {spread:.2f}")


def seeds(count: int) -> str:
    return f"{count} seed{'s' * (count != 1)}"


def states(runs: Sequence[Status]) -> str:
    """2 of 9 finished, 1 running, 6 queued."""
    finished = f"{sum(one.run.state == 'finished' for one in runs)} of {len(runs)} finished"
    return ", ".join(filter(None, [finished, others(runs)]))


def others(runs: Sequence[Status]) -> str:
    """What the runs are at that have not finished: 1 running, 6 queued."""
    count = Counter(one.run.state for one in runs)
    return ", ".join(f"{count[state]} {state}" for state in ORDER if count[state])


def rows(runs: Sequence[Status]) -> list[SweepRow]:
    """The table of a sweep's runs; networks whose recipes differ in more than width and seed have a row each."""
    found: dict[str, dict[int, list[Status]]] = {}
    recipes: dict[str, dict] = {}
    ordinary = Recipe().to_dict()
    for one in runs:
        recipe = {**ordinary, **one.run.recipe}
        kind = {name: value for name, value in recipe.items() if name not in ("width", "seed", "device")}
        key = json.dumps(kind, sort_keys=True)
        recipes[key] = min(recipe, recipes.get(key, recipe), key=lambda one: one["width"])
        found.setdefault(key, {}).setdefault(recipe["width"], []).append(one)
    labels = _labels(list(recipes.values()))
    return [
        SweepRow(label, reported(recipes[key]), {width: Cell(tuple(found[key][width])) for width in sorted(found[key])})
        for (key, label) in zip(recipes, labels, strict=True)
    ]


def widths(table: Sequence[SweepRow]) -> list[int]:
    return sorted({width for row in table for width in row.cells})


def _labels(recipes: list[dict]) -> list[str]:
    """The network, its dataset where there are several, and whatever else tells two rows apart."""
    several = len({recipe["dataset"] for recipe in recipes}) > 1
    plain = []
    for recipe in recipes:
        dataset = f" on {catalogue.title(recipe['dataset'])}" * several
        plain.append(("own stack" if recipe["stack"] else recipe["model"]) + dataset)
    labels = []
    for recipe, label in zip(recipes, plain, strict=True):
        same = [
            {**other, "width": 0, "seed": 0, "device": ""}
            for other, its in zip(recipes, plain, strict=True)
            if its == label
        ]
        fields = [f"{name.replace('_', ' ')} {recipe[name]}" for name in differing(same)]
        labels.append(", ".join([label, *fields]))
    return labels


def as_text(runs: Sequence[Status]) -> str:
    """The table for a terminal."""
    table = rows(runs)
    across = widths(table)
    lines = [["", *(f"width {width}" for width in across), "paper"]]
    for row in table:
        cells = [row.cells.get(width) for width in across]
        texts = [(f"{cell.text} ({cell.note})" if cell.text else cell.note) if cell else "" for cell in cells]
        lines.append([row.label, *texts, f"{row.reported} ({row.paper[1]})" if row.paper else ""])
    sizes = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(size) for text, size in zip(line, sizes, strict=True)).rstrip() for line in lines
    )
