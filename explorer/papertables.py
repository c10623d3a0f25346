"""The papers' tables beside ours: their parameter counts and accuracies, our rows, and what is still open.

What the papers print is typed from them, table by table; everything of ours comes from results.py.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch

from explorer import models
from explorer.results import FOLDERS, Row, rows
from explorer.training.jobs import Job, accuracy, gpu_jobs, jobs

TEXTS = {  # number -> what it is called here, and what it is
    "000": ("cable paper", "R. M. Veziryan, R. N. Khachatryan: Convolutional Neural Network (CNN) Layer Development "
            "for Effectiveness of Classification Tasks, 2023"),
    "001": ("notebook", "C. Schupbach: CNN Architecture, 2020"),
    "002": ("CNN from scratch", "Tran The Trung: Convolutional Neural Networks (CNNs)"),
    "003": ("AlexNet article", "K. Pałczyński: Application of Convolutional Neuron Network for Image Processing and "
            "Interpretation, 2019"),
    "004": ("survey", "E. M. Munoz Vega: Startup Project B4, 2021"),
}  # fmt: skip
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
        return models.called(self.model, self.width)


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


def sections(folders: tuple[Path, ...] = FOLDERS) -> dict[Section, list[Line]]:
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
        if _missing(name, job, folders):
            waiting[key].append(name)
    order = {name: place for place, name in enumerate(models.names())}
    result: dict[Section, list[Line]] = {section: [] for section in SECTIONS}
    for key in sorted({*found, *waiting}, key=lambda key: (key[0], key[2], order.get(key[1], 99), key[1])):
        dataset, model, width = key
        cable = models.is_cable(model)
        section = next((one for one in SECTIONS if (one.dataset, one.cable) == (dataset, cable)), None)
        section = section or Section(dataset, cable, "", "", "")
        paper = RANGES.get((dataset, model), papers.get(key, ""))
        line = Line(dataset, model, width, paper, tuple(found[key]), tuple(waiting[key]))
        result.setdefault(section, []).append(line)
    return {section: lines for section, lines in result.items() if lines}


def left_to_a_gpu(folders: tuple[Path, ...] = FOLDERS) -> int:
    """How many of the long runs of width 64 have not been made."""
    return sum(_missing(name, job, folders) for name, job in gpu_jobs().items())


def _missing(name: str, job: Job, folders: tuple[Path, ...]) -> bool:
    return all(accuracy(folder / f"{name}.json", job) is None for folder in folders)
