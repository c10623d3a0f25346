"""How often a network is right on disturbed test images; kept beside it as NAME.robust.json.

    found = accuracy_under(model, split)                                    # every disturbance, all test images
    found = measure(model, split, "NAME.robust.json", weights=card.sha256)  # the same, kept block by block

A file always holds all disturbances on the first so many test images, so what is there can be compared at any time
and an interrupted measurement goes on where it was.
"""

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import scipy.stats
import torch
from torch import nn

from explorer import files
from explorer.data import Dataset
from explorer.data.disturb import DISTURBANCES, LEAKING, STRENGTHS, disturbance, disturbed
from explorer.errors import ExplorerError

EVERY = (*DISTURBANCES, LEAKING.name)
BLOCK = 500  # test images after which the file is written
BATCH = {"cpu": 50, "cuda": 1000}  # what a core's cache holds, and what fills a GPU
MOST_BYTES = 2**20
KEYS = {"weights", "seed", "of", "images", "clean", "under"}


def percent(right: float, images: int) -> tuple[float, float, float]:
    """(accuracy, low, high) in percent, a Wilson interval of 95 %."""
    interval = scipy.stats.binomtest(round(right), images).proportion_ci(0.95, "wilson")
    return 100 * right / images, 100 * interval.low, 100 * interval.high


@dataclass(frozen=True)
class Robustness:
    images: int  # the first so many test images
    clean: int  # right answers on them as they are
    under: Mapping[str, tuple[int, ...]]  # right answers at each strength
    of: int  # test images there are
    seed: int = 0  # of the noise
    weights: str = field(default="", compare=False)  # sha256 of what was measured

    def mean(self, names: Sequence[str] = tuple(DISTURBANCES)) -> tuple[float, ...]:
        """Right answers at each strength, the mean over the disturbances."""
        return tuple(float(np.mean(column)) for column in zip(*(self.under[name] for name in names), strict=True))

    def percent(self, right: float) -> tuple[float, float, float]:
        """Of a mean over disturbances it is wide enough: an image's mean answer varies less than one yes or no."""
        return percent(right, self.images)

    def and_of(self, more: "Robustness") -> "Robustness":
        """Together with the images that follow."""
        under = {name: tuple(map(sum, zip(self.under[name], more.under[name], strict=True))) for name in self.under}
        images, clean = self.images + more.images, self.clean + more.clean
        return Robustness(images, clean, under, self.of, self.seed, self.weights)


def accuracy_under(
    model: nn.Module,
    split: Dataset,
    names: Sequence[str] = EVERY,
    *,
    start: int = 0,
    stop: int | None = None,
    seed: int = 0,
) -> Robustness:
    """Right answers on the test images from `start` to `stop`, clean and under each of the named disturbances."""
    images = split.images[start:stop].permute(0, 2, 3, 1).numpy()
    if not len(images):
        raise ExplorerError(f"there are no test images from {start} to {stop}: {len(split)} are there")
    answers = _Answers(model, split, split.labels[start:stop])
    under = {
        name: tuple(
            answers.right(disturbed(images, name, level, seed=seed, first=start))
            for level in disturbance(name).strengths
        )
        for name in names
    }
    return Robustness(len(images), answers.right(images), under, len(split), seed)


class _Answers:
    def __init__(self, model: nn.Module, split: Dataset, labels: torch.Tensor):
        self.device = next(model.parameters()).device
        self.model = copy.deepcopy(model).eval().to(memory_format=torch.channels_last)
        self.labels = labels
        self.mean, self.std = (
            torch.tensor(values, device=self.device).view(-1, 1, 1) for values in (split.mean, split.std)
        )

    @torch.inference_mode()
    def right(self, images: np.ndarray) -> int:
        """How many of the pictures, uint8 (N, H, W, C), are recognised."""
        total, size = 0, BATCH.get(self.device.type, 50)
        for start in range(0, len(images), size):
            batch = torch.from_numpy(images[start : start + size]).permute(0, 3, 1, 2).to(self.device)
            said = self.model((batch / 255 - self.mean) / self.std).argmax(1).cpu()
            total += int((said == self.labels[start : start + size]).sum())
        return total


def measure(
    model: nn.Module,
    split: Dataset,
    path,
    *,
    weights: str,
    images: int | None = None,
    seed: int = 0,
    told: Callable[[Robustness], None] = lambda _found: None,
) -> Robustness:
    """Every disturbance on the first `images` test images, all without; goes on from what the file already holds."""
    path, most = Path(path), min(images or len(split), len(split))
    found = read(path, weights) if path.is_file() else None
    if found and (found.of, found.seed) != (len(split), seed):
        raise ExplorerError(f"{path.name} is of {found.of:,} test images and seed {found.seed}: delete it first")
    done = found.images if found else 0
    for start in range(done, most, BLOCK):
        block = accuracy_under(model, split, start=start, stop=min(start + BLOCK, most), seed=seed)
        found = found.and_of(block) if found else block
        write(path, found, weights)
        told(found)
    assert found  # a split has one image at least
    return found


def write(path, found: Robustness, weights: str) -> None:
    under = {
        name: {"levels": [round(level, 6) for level in disturbance(name).strengths], "right": list(right)}
        for name, right in found.under.items()
    }
    values = {"weights": weights, "seed": found.seed, "of": found.of, "images": found.images, "clean": found.clean}
    lines = ",\n  ".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in under.items())
    head = json.dumps(values)[1:-1]
    files.write(Path(path), f'{{{head},\n "under": {{\n  {lines}\n }}}}\n'.encode())


def read(path, weights: str) -> Robustness:
    """What `write` wrote for these weights; anything else is an ExplorerError."""
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
        values = json.loads(path.read_bytes())
        _fit(values)
    except Exception as error:  # a damaged file can make the readers raise anything
        raise ExplorerError(f"{path.name} is no measurement of robustness ({str(error)[:80]}): measure again") from None
    if values["weights"] != weights:
        raise ExplorerError(f"{path.name} was measured with other weights: delete it and measure again")
    for name, one in values["under"].items():
        if not np.allclose(one["levels"], disturbance(name).strengths, atol=1e-6):
            raise ExplorerError(f"{path.name} was measured with other strengths of {name}: delete it and measure again")
    under = {name: tuple(one["right"]) for name, one in values["under"].items()}
    return Robustness(values["images"], values["clean"], under, values["of"], values["seed"], weights)


def _fit(values) -> None:
    if not isinstance(values, dict) or set(values) != KEYS or set(values["under"]) != set(EVERY):
        raise ValueError("its keys are not those of a measurement")
    counts = {key: values[key] for key in ("of", "images", "clean", "seed")}
    for name, one in values["under"].items():
        if set(one) != {"levels", "right"} or {len(one["levels"]), len(one["right"])} != {STRENGTHS}:
            raise ValueError(f"{name} has not {STRENGTHS} strengths")
        if not all(isinstance(level, int | float) for level in one["levels"]):
            raise ValueError(f"a strength of {name} is no number")
        counts |= {f"{name} {place}": right for place, right in enumerate(one["right"])}
    for key, count in counts.items():
        if type(count) is not int or count < 0:
            raise ValueError(f"{key} is no count")
    if not 0 < values["images"] <= values["of"] or max(values["clean"], *_rights(values)) > values["images"]:
        raise ValueError("more images are right than there are")


def _rights(values) -> list[int]:
    return [right for one in values["under"].values() for right in one["right"]]
