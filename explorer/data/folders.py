"""`folder:PATH`: any folder of class folders; size, channels and normalisation come from its training pictures."""

import os
from hashlib import blake2b
from pathlib import Path

import torch

from explorer.data import Dataset
from explorer.data.decoding import common_side, decoded, statistics
from explorer.data.tree import choose, permitted
from explorer.errors import ExplorerError


def load(name: str, split: str, root: Path) -> Dataset:
    base, limit = permitted(name.removeprefix("folder:"))
    files, classes, what = choose(base, split, limit)
    if split == "train":
        size, channels = common_side(files), None
    else:  # a network sees the test pictures as it saw those that it was trained with
        trained = load(name, "train", root)
        (_, channels, size, _), mean, std = trained.images.shape, trained.mean, trained.std
    place = blake2b(os.fsencode(base), digest_size=6).hexdigest()
    arrays = decoded(f"folder-{place}-{split}", files, base, size, channels, root)
    labels = torch.from_numpy(arrays["labels"])
    if not len(labels):
        raise ExplorerError(f"folder {str(base)!r} has no readable {split} picture: give PATH/CLASS/*.png")
    if split == "train":
        mean, std = statistics(arrays["images"])
        std = tuple(max(value, 0.01) for value in std)  # pictures of one single grey would be divided by 0
    pictures, what = torch.from_numpy(arrays["images"]), f"{len(labels):,} {what}"
    return Dataset(name, split, pictures, labels, classes, mean, std, what, int(arrays["skipped"]))
