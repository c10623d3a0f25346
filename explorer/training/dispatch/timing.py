"""A trial in its own process: times three batches of a recipe, and ends itself when they take too much or too long.

    python -m explorer.training.dispatch.timing FOLDER      times FOLDER/recipe.json, writes FOLDER/trial.json

The images are noise of the dataset's shape, so nothing is downloaded.
"""

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import psutil

from explorer import files
from explorer.errors import ExplorerError
from explorer.training.dispatch.trial import Trial
from explorer.training.recipe.recipe import Recipe

STEPS = 3
SMALL = 16  # images of the trial's batch where a step of the whole batch would take long
ROOM = 64 * 2**20  # bytes of the pictures of a trial's batch, with their borders
MEMORY, SECONDS = 2 * 2**30, 90.0  # bytes that a trial may take beside torch itself, and how long, before it is ended
TOO_LARGE = (
    f"three batches of this take more than the {MEMORY / 2**30:g} GB that a trial may have, so how long a run takes is "
    "not known: a smaller batch or width needs less"
)
TOO_LONG = (
    f"three batches of this take more than {SECONDS:.0f} s, so how long a run takes is not known, but long: a smaller "
    "batch or width needs less"
)


def _shared(recipe: Recipe, train: int, test: int) -> tuple[int, int]:
    """Training images and those looked at after every epoch, once a fold or a holdout has been set aside."""
    from explorer.training.work import splits

    if recipe.fold:
        train, test = train - train // splits.FOLDS, train // splits.FOLDS
    if recipe.holdout:
        splits.check_holdout(recipe.holdout, train, recipe.dataset)
        train, test = train - recipe.holdout, recipe.holdout
    return train, test


def _fitting(recipe: Recipe, channels: int, side: int) -> int:
    """Images of the trial's batch: those of the recipe's, or as many as there is room for."""
    return max(1, min(recipe.batch_size, ROOM // (channels * (side + 2 * recipe.crop_padding) ** 2)))


def measure(recipe: Recipe) -> Trial:
    """Times the recipe's own steps: augmentation, forward, backward, update."""
    import torch

    from explorer.data import KNOWN, Dataset, dataset
    from explorer.networks.card import check_classes
    from explorer.networks.evaluation import autocast
    from explorer.training.work import export, optimiser
    from explorer.training.work.augment import Images
    from explorer.training.work.layout import laid, layout
    from explorer.training.work.parallel import pick_device, set_up_torch

    device = pick_device(recipe.device)
    set_up_torch(device)
    if recipe.dataset in KNOWN:
        known, counts = KNOWN[recipe.dataset], _shared(recipe, *KNOWN[recipe.dataset].images)
        count = _fitting(recipe, known.channels, known.size)
        noise = torch.randint(0, 256, (count, known.channels, known.size, known.size), dtype=torch.uint8)
        labels = torch.arange(count) % len(known.classes)
        split = Dataset(recipe.dataset, "train", noise, labels, known.classes, known.mean, known.std, "noise")
    else:
        split = dataset(recipe.dataset, "train")
        check_classes(split.classes)
        counts = _shared(recipe, len(split), len(dataset(recipe.dataset, "test")))
        chosen = slice(0, _fitting(recipe, *split.images.shape[1:3]))
        split = replace(split, images=split.images[chosen], labels=split.labels[chosen])
    images = Images(split, device, recipe.crop_padding)
    plain: Any = export.network(recipe, split)  # torch declares no memory_format beside a device
    how_laid = layout(plain, device)
    model = plain.to(device, memory_format=how_laid).train()
    steps = optimiser.build(model, recipe)

    def seconds(size: int, how: str, count: int) -> float:
        """The quickest of `count` steps: what else the machine does at the moment only adds."""
        took = []
        for seed in range(count):
            begin = time.perf_counter()
            batch, wanted = images.augmented(torch.arange(size), recipe, seed)
            with autocast(device, how):
                logits = model(laid(batch, how_laid))
                loss = torch.nn.functional.cross_entropy(logits.float(), wanted)
            steps.zero_grad()
            loss.backward()
            steps.step()
            if device.type == "cuda":
                torch.cuda.synchronize(device)
            took.append(time.perf_counter() - begin)
        return min(took)

    size = len(split)
    ways = ("float32", "bfloat16") if recipe.precision == "auto" else (recipe.precision,)
    if device.type == "cpu" and size > SMALL and seconds(SMALL, ways[0], 2) * size / SMALL > 0.5:
        size = SMALL
    took = {}
    for way in ways:
        seconds(size, way, 1)  # to warm up
        took[way] = seconds(size, way, STEPS)
    best = min(took, key=took.__getitem__)
    return Trial(took[best] / size, counts, f"{STEPS} batches of {size} images in {best} on {device.type}")


def main(folder: str) -> int:
    answer = Path(folder) / "trial.json"
    try:
        with _bounded(answer):
            found = measure(Recipe.from_json((Path(folder) / "recipe.json").read_bytes()))
    except ExplorerError as error:
        found = Trial(problem=str(error))
    except (MemoryError, RuntimeError) as error:  # torch says so of a GPU that has no more
        if "memory" not in str(error).lower():
            raise
        found = Trial(problem=TOO_LARGE)
    _answer(answer, found)
    return 0


def _answer(file: Path, found: Trial) -> None:
    files.write(file, json.dumps(asdict(found)).encode())


@contextlib.contextmanager
def _bounded(answer: Path) -> Iterator[None]:
    """Watches this process from a thread; one that takes too much or too long answers so and ends."""
    import torch  # what it takes itself is not the recipe's, nor what the libraries of a GPU do

    process, done = psutil.Process(), threading.Event()
    limit = process.memory_info().rss + MEMORY * (2 if torch.cuda.is_available() else 1)
    end = time.monotonic() + SECONDS

    def watch() -> None:
        while not done.wait(0.02):
            if process.memory_info().rss > limit:
                problem = TOO_LARGE
            elif time.monotonic() > end:
                problem = TOO_LONG
            else:
                continue
            _answer(answer, Trial(problem=problem))
            os._exit(1)

    threading.Thread(target=watch, daemon=True, name="bounds").start()
    try:
        yield
    finally:
        done.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
