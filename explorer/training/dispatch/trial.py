"""How long a recipe will take here, from three batches of it, timed in a process of its own.

    python -m explorer.training.dispatch.trial FOLDER      times FOLDER/recipe.json, writes FOLDER/trial.json

    time = start + epochs · (training images · t + test images · t / 3),    t = seconds a batch / images in it

A forward pass is a third of a training step. The images are noise of the dataset's shape, so nothing is downloaded.
Pages `ask` again and again: the answer comes when it is there, and is kept for every recipe that costs the same.
"""

import hashlib
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from explorer import files
from explorer.errors import ExplorerError
from explorer.training.dispatch import processes
from explorer.training.dispatch.launcher import HERE, environment, threads
from explorer.training.recipe.recipe import Recipe

STEPS, START_SECONDS, PATIENCE = 3, 5.0, 120.0
FRESH = 900.0  # seconds; then the machine may be busier, or idle again
SMALL = 16  # images of the trial's batch where a step of the whole batch would take long
CHEAP = (
    "epochs",
    "learning_rate",
    "schedule",
    "milestones",
    "factor",
    "momentum",
    "nesterov",
    "weight_decay",
    "label_smoothing",
    "seed",
    "restarts",
)  # these cost no time


@dataclass(frozen=True)
class Trial:
    image: float = 0.0  # seconds of training a image
    images: tuple[int, int] = (0, 0)  # training and test
    how: str = ""  # what was timed, in words
    problem: str = ""  # instead of all that: why the recipe cannot run

    def seconds(self, epochs: int) -> float:
        train, test = self.images
        return START_SECONDS + epochs * self.image * (train + test / 3)


def ask(root: Path, recipe: Recipe) -> Trial | None:
    """The trial of a recipe that costs the same, or None while it is being made; at most one is made at a time."""
    folder = Path(root) / "trials" / key(recipe)
    try:
        return _read(folder)
    except (OSError, ValueError, TypeError, KeyError):
        pass
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / "trials.lock").acquire(blocking=False):
            started = folder / "started"
            if _busy(folder.parent) or (started.exists() and time.time() - started.stat().st_mtime < 1):
                return None
            if started.exists() and time.time() - started.stat().st_mtime < PATIENCE:
                return Trial(problem="the trial run ended without an answer: the log of the run will say why")
            (folder / "trial.json").unlink(missing_ok=True)
            started.touch()
            files.write(folder / "recipe.json", recipe.to_json().encode(), durable=False)
            env = environment(["cpu"] if recipe.device == "cpu" else ["cuda:0"], 1, {"device": "cuda:0"})
            env |= {"PYTHONPATH": HERE, "OMP_NUM_THREADS": threads(1)}  # of the run, where there is no GPU
            command = [sys.executable, "-m", "explorer.training.dispatch.trial", str(folder)]
            child = processes.detached(command, folder / "log.txt", env)
            (folder.parent / "busy").write_text(f"{child.pid} {processes.born(child.pid)}")
            _children.append(child)
    except Timeout:
        pass
    except OSError as error:
        return Trial(problem=f"no trial could be started ({error.strerror})")
    return None


_children: list = []  # kept so that they are buried when they have ended


def _busy(folder: Path) -> bool:
    for child in list(_children):
        if child.poll() is not None:
            _children.remove(child)
    try:
        pid, birth = (folder / "busy").read_text().split(maxsplit=1)
        return processes.alive(int(pid), birth)
    except (OSError, ValueError):
        return False


def key(recipe: Recipe) -> str:
    """The same for two recipes whose steps cost the same."""
    values = {name: value for name, value in recipe.to_dict().items() if name not in CHEAP}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def _read(folder: Path) -> Trial:
    file = folder / "trial.json"
    if time.time() - file.stat().st_mtime > FRESH:
        raise ValueError("too old")
    values = json.loads(file.read_text())
    return Trial(**{**values, "images": tuple(values["images"])})


def _shared(recipe: Recipe, train: int, test: int) -> tuple[int, int]:
    """Training images and those looked at after every epoch, once a fold or a holdout has been set aside."""
    from explorer.training.work import splits

    if recipe.fold:
        train, test = train - train // splits.FOLDS, train // splits.FOLDS
    if recipe.holdout:
        splits.check_holdout(recipe.holdout, train, recipe.dataset)
        train, test = train - recipe.holdout, recipe.holdout
    return train, test


def measure(recipe: Recipe) -> Trial:
    """Times the recipe's own steps: augmentation, forward, backward, update."""
    import torch

    from explorer.data import KNOWN, Dataset, dataset
    from explorer.networks.evaluation import autocast
    from explorer.training.work import export, optimiser
    from explorer.training.work.augment import Images
    from explorer.training.work.parallel import pick_device, set_up_torch

    device = pick_device(recipe.device)
    set_up_torch(device)
    if recipe.dataset in KNOWN:
        known, counts = KNOWN[recipe.dataset], _shared(recipe, *KNOWN[recipe.dataset].images)
        noise = torch.randint(0, 256, (recipe.batch_size, known.channels, known.size, known.size), dtype=torch.uint8)
        labels = torch.arange(recipe.batch_size) % len(known.classes)
        split = Dataset(recipe.dataset, "train", noise, labels, known.classes, known.mean, known.std, "noise")
    else:
        split = dataset(recipe.dataset, "train")
        counts = _shared(recipe, len(split), len(dataset(recipe.dataset, "test")))
    images = Images(split, device, recipe.crop_padding)
    plain: Any = export.network(recipe, split)  # torch declares no memory_format beside a device
    model = plain.to(device, memory_format=torch.channels_last).train()
    steps = optimiser.build(model, recipe)

    def seconds(size: int, how: str, count: int) -> float:
        """The quickest of `count` steps: what else the machine does at the moment only adds."""
        took = []
        for seed in range(count):
            begin = time.perf_counter()
            batch, wanted = images.augmented(torch.arange(size), recipe, seed)
            with autocast(device, how):
                loss = torch.nn.functional.cross_entropy(model(batch).float(), wanted)
            steps.zero_grad()
            loss.backward()
            steps.step()
            if device.type == "cuda":
                torch.cuda.synchronize(device)
            took.append(time.perf_counter() - begin)
        return min(took)

    size = min(recipe.batch_size, len(split))
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
    try:
        found = measure(Recipe.from_json((Path(folder) / "recipe.json").read_bytes()))
    except ExplorerError as error:
        found = Trial(problem=str(error))
    files.write(Path(folder) / "trial.json", json.dumps(asdict(found)).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
