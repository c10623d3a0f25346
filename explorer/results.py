"""The papers' figures beside ours, from the cards and from what the benchmarks wrote; nothing here is typed by hand
but what the papers print. sections() is the whole comparison: the papers' tables, our rows, and what is still open.
"""

import json
import math
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch
from scipy.special import stdtrit

from explorer import models, weights
from explorer.card import Card
from explorer.errors import ExplorerError
from explorer.training.jobs import gpu_jobs, jobs
from explorer.training.reported import reported

ROOT = Path(__file__).resolve().parents[1]
SEEDS, MEASURED = ROOT / "benchmarks" / "seeds", ROOT / "benchmarks" / "results"

# 000, tables 2 and 4; 003, its table; 001, section 2.1.3
COUNTS = {
    "original": 11_181_642,
    "cabeq-sd-1": 11_181_675,
    "cabeq-sd-2": 11_181_708,
    "cabeq-sd-3": 11_181_741,
    "cabeq-rn-1": 11_181_708,
    "cabeq-rn-2": 11_181_774,
    "cabeq-rn-3": 11_181_840,
    "alexnet-227": 62_378_344,
    "notebook-cnn": 57_170,
}
# 002, its table I: other methods on the same digits, percent and 95 % confidence interval
DIGITS = {
    "logistic regression": (94.8, "93.8 to 95.8"),
    "neural network": (96.3, "95.3 to 97.1"),
    "random forest": (96.8, "96.1 to 97.8"),
    "support vectors": (97.5, "96.5 to 98.2"),
    "XGBoost": (96.1, "95.1 to 96.9"),
}
RANGES = {("cifar10", "cnn"): "75 to 80", ("cifar10", "alexnet"): "75 to 80"}  # 004, section 3.3


@dataclass(frozen=True)
class Count:
    model: str
    paper: int
    ours: int

    @property
    def equal(self) -> bool:
        return self.paper == self.ours


def counts() -> list[Count]:
    """Parameters as the papers print them and as our networks have them; no number is allocated for it."""
    with torch.device("meta"):
        return [Count(name, paper, models.parameters(models.build(name))) for name, paper in COUNTS.items()]


@dataclass(frozen=True)
class Row:
    """One network on one dataset by one recipe, over all seeds there are."""

    dataset: str
    model: str
    width: int
    epochs: int
    names: tuple[str, ...]  # the cards it comes from
    accuracies: tuple[float, ...]  # percent, one a seed
    tested: str  # on which images
    paper: tuple[float, str] | None

    @property
    def mean(self) -> float:
        return statistics.fmean(self.accuracies)

    @property
    def spread(self) -> float | None:
        """Sample standard deviation over the seeds; None for a single one."""
        return statistics.stdev(self.accuracies) if len(self.accuracies) > 1 else None

    @property
    def text(self) -> str:
        spread = f" ± {self.spread:.2f}" if self.spread is not None else ""
        return f"{self.mean:.2f}{spread} %"


def rows(folders: tuple[Path, ...] = (weights.PRETRAINED, SEEDS)) -> list[Row]:
    """Every card there is, seeds of one recipe taken together, widest last."""
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
        found.append(
            Row(
                first.dataset, first.model, first.width, int(first.recipe.get("epochs", 0)), tuple(cards),
                tuple(card.accuracy for card in cards.values()), first.tested, reported(first.recipe),
            )
        )  # fmt: skip
    known = models.names()
    return sorted(found, key=lambda row: (row.dataset, row.width, known.index(row.model) if row.model in known else 99))


def _same(card: Card) -> tuple:
    """Equal for cards that differ in the seed alone."""
    recipe = {key: value for key, value in card.recipe.items() if key not in ("seed", "device", "precision")}
    return card.dataset, card.model, card.width, json.dumps(recipe, sort_keys=True, default=str)


@dataclass(frozen=True)
class Line:
    """One network of a paper's table: our rows by whatever recipe, and the recipes that wait to be trained."""

    dataset: str
    model: str
    width: int
    paper: str  # percent as the paper prints it; "" where it has none
    rows: tuple[Row, ...]
    open: tuple[str, ...]  # python -m benchmarks.reproduce NAME trains it

    @property
    def name(self) -> str:
        return f"{self.model}, width {self.width}" if is_cable(self.model) else self.model


@dataclass(frozen=True)
class Section:
    """A table of a paper, and the figure in which it shows the curves."""

    dataset: str
    cable: bool  # the cable paper's networks, or the others
    paper: str
    table: str
    figure: str

    @property
    def key(self) -> str:
        return f"{self.dataset}-cable" if self.cable else self.dataset


SECTIONS = (
    Section("cifar10", True, "cable paper", "table 2", "figure 3"),
    Section("stl10", True, "cable paper", "table 4", "figure 4"),
    Section("mnist", False, "survey", "section 3.1", "figure 4"),
    Section("kmnist", False, "survey", "section 3.2", "figure 5"),
    Section("cifar10", False, "survey", "section 3.3", "figure 10"),
    Section("optdigits", False, "CNN from scratch", "table I", "figure 1"),
)


def is_cable(model: str) -> bool:
    return model == "original" or model.startswith("cabeq")


def sections(folders: tuple[Path, ...] = (weights.PRETRAINED, SEEDS)) -> dict[Section, list[Line]]:
    """The papers' tables with our rows and what is open; datasets that no paper has come last."""
    found, waiting, papers = defaultdict(list), defaultdict(list), {}
    for row in rows(folders):
        key = row.dataset, row.model, row.width
        found[key].append(row)
        if row.paper:
            papers[key] = f"{row.paper[0]:g}"
    for name, job in jobs().items():
        key = job.recipe.dataset, job.recipe.model, job.recipe.width
        papers.setdefault(key, f"{job.reported:g}")
        if not any((folder / f"{name}.json").is_file() for folder in folders):
            waiting[key].append(name)
    order = {name: place for place, name in enumerate(models.names())}
    result: dict[Section, list[Line]] = {section: [] for section in SECTIONS}
    for key in sorted({*found, *waiting}, key=lambda key: (key[0], key[2], order.get(key[1], 99), key[1])):
        dataset, model, width = key
        cable = is_cable(model)
        section = next((one for one in SECTIONS if (one.dataset, one.cable) == (dataset, cable)), None)
        section = section or Section(dataset, cable, "", "", "")
        paper = RANGES.get((dataset, model), papers.get(key, ""))
        line = Line(dataset, model, width, paper, tuple(found[key]), tuple(waiting[key]))
        result.setdefault(section, []).append(line)
    return {section: lines for section, lines in result.items() if lines}


def left_to_a_gpu(folders: tuple[Path, ...] = (weights.PRETRAINED, SEEDS)) -> int:
    """How many of the long runs of width 64 have not been made."""
    return sum(not any((folder / f"{name}.json").is_file() for folder in folders) for name in gpu_jobs())


def verdicts(found: list[Row]) -> list[str]:
    """Every cable network against the baseline of its dataset, width and length of training, in words."""
    baselines = {(row.dataset, row.width, row.epochs): row for row in found if row.model == "original"}
    keys = [(row, (row.dataset, row.width, row.epochs)) for row in found if row.model.startswith("cabeq")]
    return [verdict(row, baselines[key]) for row, key in keys if key in baselines]


def verdict(cable: Row, baseline: Row) -> str:
    """Plainly: is the cable layer's difference larger than the noise between seeds?

    By Welch's t-test: the interval of the difference in which the truth lies 95 times out of 100.
    """
    difference = cable.mean - baseline.mean
    said = f"{cable.model} minus {baseline.model}: {difference:+.2f} points"
    if single := [row.model for row in (cable, baseline) if row.spread is None]:
        return f"{said}; with one seed of {' and of '.join(single)} nobody can say whether that is more than chance."
    squares = [row.spread**2 / len(row.accuracies) for row in (cable, baseline)]
    error = math.sqrt(sum(squares))
    reach = 0.0
    if error:
        pairs = zip(squares, (cable, baseline), strict=True)
        freedom = error**4 / sum(square**2 / (len(row.accuracies) - 1) for square, row in pairs)
        reach = float(stdtrit(freedom, 0.975)) * error
    larger = "more" if abs(difference) > reach else "no more"
    interval = f"95 % interval {difference - reach:+.2f} to {difference + reach:+.2f}"
    counted = f"{len(cable.accuracies)} and {len(baseline.accuracies)} seeds"
    return f"{said} ({interval}, {counted}): {larger} than the noise between seeds."


def measured(folder: Path = MEASURED) -> list[dict]:
    """What the benchmark commands wrote, oldest name first; a file that is no record is left out."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            record["rows"], record["figure"], record["command"], record["hardware"], record["ok"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        found.append(record)
    return found
