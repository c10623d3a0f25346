"""The papers' tables beside ours: their parameter counts and accuracies, our rows, and what is still open.

What the papers print is typed from them, table by table; everything of ours comes from results.py.
"""

import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch

from explorer import papers
from explorer.data import catalogue
from explorer.networks import zoo
from explorer.results.reproduce import Job, accuracy, gpu_jobs, jobs
from explorer.results.rows import FOLDERS, ResultRow, rows


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
        return [Count(name, paper, zoo.parameters(zoo.build(name))) for name, paper in papers.COUNTS.items()]


@dataclass(frozen=True)
class PaperRow:
    """One network of a paper's table: our rows by whatever recipe, and the recipes that wait to be trained."""

    dataset: str
    model: str
    width: int
    paper: str  # percent as the paper prints it; "" where it has none
    rows: tuple[ResultRow, ...]
    open: tuple[str, ...]  # python -m benchmarks.reproduce NAME trains it

    @property
    def name(self) -> str:
        return zoo.called(self.model, self.width)

    @property
    def words(self) -> str:
        return zoo.titled(self.model, self.name)


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
        """Names it in links; what a stranger called a dataset of his own does not go into them."""
        known = self.dataset in catalogue.KNOWN
        name = self.dataset if known else f"other-{zlib.crc32(self.dataset.encode(errors='replace')):08x}"
        return f"{name}-cable" if self.cable else name


SECTIONS = (
    Section("cifar10", True, "cable paper", "table 2", "figure 3"),
    Section("stl10", True, "cable paper", "table 4", "figure 4"),
    Section("mnist", False, "survey", "section 3.1", "figure 4"),
    Section("kmnist", False, "survey", "section 3.2", "figure 5"),
    Section("cifar10", False, "survey", "section 3.3", "figure 10"),
    Section("optdigits", False, "CNN from scratch", "table I", "figure 1"),
)


def sections(folders: tuple[Path, ...] = FOLDERS) -> dict[Section, list[PaperRow]]:
    """The papers' tables with our rows and what is open; datasets that no paper has come last."""
    found, waiting, printed = defaultdict(list), defaultdict(list), {}
    for row in rows(folders):
        key = row.dataset, row.model, row.width
        found[key].append(row)
        if row.paper:
            printed[key] = f"{row.paper[0]:g}"
    for name, job in jobs().items():
        key = job.recipe.dataset, job.recipe.model, job.recipe.width
        printed.setdefault(key, "" if job.reported is None else f"{job.reported:g}")
        if _missing(name, job, folders):
            waiting[key].append(name)
    order = {name: place for place, name in enumerate(zoo.names())}
    result: dict[Section, list[PaperRow]] = {section: [] for section in SECTIONS}
    for key in sorted({*found, *waiting}, key=lambda key: (key[0], key[2], order.get(key[1], 99), key[1])):
        dataset, model, width = key
        cable = zoo.is_cable(model)
        section = next((one for one in SECTIONS if (one.dataset, one.cable) == (dataset, cable)), None)
        section = section or Section(dataset, cable, "", "", "")
        paper = papers.RANGES.get((dataset, model)) or printed.get(key, "")
        line = PaperRow(dataset, model, width, paper, tuple(found[key]), tuple(waiting[key]))
        result.setdefault(section, []).append(line)
    return {section: lines for section, lines in result.items() if lines}


def left_to_a_gpu(folders: tuple[Path, ...] = FOLDERS) -> int:
    """How many of the long runs of width 64 have not been made."""
    return sum(_missing(name, job, folders) for name, job in gpu_jobs().items())


def _missing(name: str, job: Job, folders: tuple[Path, ...]) -> bool:
    return all(accuracy(folder / f"{name}.json", job) is None for folder in folders)
