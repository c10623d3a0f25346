"""Datasets as tensors, pictures from strangers, test patterns and the shipped samples.

    data = dataset("cifar10", "train")        # images uint8 (50000, 3, 32, 32), labels int64 (50000,)
    data = dataset("folder:photos", "test")   # any folder of class folders

Looked for in this order: embedded in the package, torchvision's own files under `root`, class folders of pictures
`root`/NAME/{train,test}/CLASS/*.png, and last a download. Nothing here imports torch before a dataset is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.data.catalogue import CLASSES, KNOWN, STATISTICS, names, unknown
from explorer.data.patterns import PATTERNS, pattern
from explorer.data.samples import SAMPLE_SETS, Sample, samples
from explorer.errors import ExplorerError
from explorer.paths import DATA

if TYPE_CHECKING:
    import torch

__all__ = [
    "CLASSES", "KNOWN", "PATTERNS", "SAMPLE_SETS", "STATISTICS", "Dataset", "Sample",
    "dataset", "names", "pattern", "samples",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Dataset:
    name: str
    split: str  # "train" or "test"
    images: torch.Tensor  # uint8 (N, C, H, W)
    labels: torch.Tensor  # int64 (N,)
    classes: tuple[str, ...]
    mean: tuple[float, ...]  # a channel, of images / 255
    std: tuple[float, ...]
    source: str  # which images these are, for captions and cards
    skipped: int = 0  # files that were no readable picture

    def __len__(self) -> int:
        return len(self.labels)


def dataset(name: str, split: str, root: str | Path = DATA) -> Dataset:
    from explorer.data import folders, known

    if split not in ("train", "test"):
        raise ExplorerError(f"split is {split!r:.60}: take 'train' or 'test'")
    if isinstance(name, str) and name.startswith("folder:"):
        return folders.load(name, split, Path(root))
    if not isinstance(name, str) or name not in KNOWN:
        raise unknown("dataset", name, [*KNOWN, "folder:PATH"])
    return known.load(name, split, Path(root))
