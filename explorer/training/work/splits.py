"""Which images a run trains on, which its curves are of, and which it is tested on at the end.

                    curves                      accuracy of the written weights
    as it is        test images                 test images
    holdout n       n training images           test images, loaded and looked at only then
    fold k          the k-th fifth of them      the same fifth; the dataset's test images are not used

What is set aside depends on the labels and on nothing else (one fixed seed), and takes of every class alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch

from explorer.data import Dataset, dataset
from explorer.errors import ExplorerError
from explorer.training.recipe.recipe import LIMITS, Recipe

SEED, FOLDS = 0, LIMITS["fold"][1]


@dataclass(frozen=True)
class Splits:
    train: Dataset
    watched: Dataset  # after every epoch
    test: Callable[[], Dataset]  # asked for when the weights are written


def splits(recipe: Recipe) -> Splits:
    train, fifth = dataset(recipe.dataset, "train"), None
    if recipe.fold:
        train, fifth = _parted(train, *fold(train.labels, recipe.fold), "fold", "set aside as the test")

    def test() -> Dataset:
        return dataset(recipe.dataset, "test") if fifth is None else fifth

    if not recipe.holdout:
        watched = test()
        return Splits(train, watched, lambda: watched)
    train, watched = _parted(train, *holdout(train.labels, recipe.holdout, recipe.dataset), "holdout", "set aside")
    return Splits(train, watched, test)


def holdout(labels: torch.Tensor, count: int, name: str = "the dataset") -> tuple[torch.Tensor, torch.Tensor]:
    """The indices that stay and the `count` that are set aside, every class in its share."""
    check_holdout(count, len(labels), name)
    mixed = _mixed(labels)
    exact = {label: count * len(found) / len(labels) for label, found in mixed.items()}
    takes = {label: int(share) for label, share in exact.items()}
    largest = sorted(exact, key=lambda label: (takes[label] - exact[label], label))
    for label in largest[: count - sum(takes.values())]:  # the largest remainders
        takes[label] += 1
    return _sides(len(labels), [found[: takes[label]] for label, found in mixed.items()])


def check_holdout(count: int, images: int, name: str) -> None:
    most = images // 2
    if count > most:
        raise ExplorerError(
            f"holdout is {count:,}: {name} has {images:,} training images, so give {most:,} or fewer, half of them"
        )


def fold(labels: torch.Tensor, number: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The indices that stay and those of fold `number`, from 1 on; each image lies in exactly one fold."""
    return _sides(len(labels), [found[number - 1 :: FOLDS] for found in _mixed(labels).values()])


def _mixed(labels: torch.Tensor) -> dict[int, torch.Tensor]:
    """The indices of each class in an order of chance that is always the same."""
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(SEED))
    return {int(label): order[labels[order] == label] for label in labels.unique()}


def _sides(size: int, aside: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    chosen = torch.zeros(size, dtype=torch.bool)
    chosen[torch.cat(aside)] = True
    return torch.nonzero(~chosen)[:, 0], torch.nonzero(chosen)[:, 0]


def _parted(whole: Dataset, stays: torch.Tensor, aside: torch.Tensor, split: str, why: str) -> tuple[Dataset, Dataset]:
    if not len(aside):
        raise ExplorerError(f"{whole.name} has {len(whole)} training images: too few to set a part of them aside")

    def taken(index: torch.Tensor, split: str, source: str) -> Dataset:
        return replace(whole, images=whole.images[index], labels=whole.labels[index], split=split, source=source)

    return (
        taken(stays, whole.split, f"{whole.source}, without {len(aside):,} {why}"),
        taken(aside, split, f"{len(aside):,} of {whole.source}, {why}"),
    )
