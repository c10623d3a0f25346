"""Train what is missing from pretrained/, one recipe after another; stop and start it as you like.

    python -m benchmarks.reproduce               # lists every recipe with its accuracy, then trains what is missing
    python -m benchmarks.reproduce --list        # only lists
    python -m benchmarks.reproduce NAME ...      # only these; several commands side by side share the work

A run lives in runs/reproduce/NAME (EXPLORER_RUNS moves it) and continues where it was. A finished one is copied to
pretrained/ as NAME.safetensors, NAME.json (the card) and NAME.eval.npz. Runs with a seed other than 0 are there for
mean and spread: of these only the card is kept, in benchmarks/seeds/.
"""

import argparse
import json
import os
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from explorer.training.control import STOP
from explorer.training.loop import train
from explorer.training.metrics import read_progress
from explorer.training.publish import PARTS
from explorer.training.recipe import Recipe, preset
from explorer.training.reported import reported

ROOT = Path(__file__).resolve().parents[1]
PRETRAINED, SEEDS = ROOT / "pretrained", ROOT / "benchmarks" / "seeds"
RUNS = Path(os.environ.get("EXPLORER_RUNS", ROOT / "runs")) / "reproduce"

ORDER = ("cabeq-rn-2", "original", "cabeq-sd-2", "cabeq-rn-1", "cabeq-sd-1", "cabeq-rn-3", "cabeq-sd-3")


@dataclass(frozen=True)
class Job:
    recipe: Recipe
    reported: float  # by the paper, percent

    def folder(self, name: str) -> Path:
        return RUNS / name


def cable_paper(dataset: str, model: str) -> float:
    """What the cable paper reports, percent: the figure to match or pass."""
    return reported({"dataset": dataset, "model": model})[0]


def jobs() -> dict[str, Job]:
    """Every recipe by its name, cheapest and most wanted first."""
    found = {"optdigits-digits-cnn": Job(preset("digits"), 96.0)}
    small = {
        "epochs": 12,
        "batch_size": 128,
        "learning_rate": 0.05,
        "schedule": "one-cycle",
        "nesterov": True,
        "weight_decay": 5e-4,
        "precision": "float32",
    }
    for dataset, figures in (("mnist", (97.5, 98.5, 99.0)), ("kmnist", (90.5, 93.5, 95.0))):
        for model, figure in zip(("mlp", "lenet", "cnn"), figures, strict=True):
            found[f"{dataset}-{model}"] = Job(preset("mnist", dataset=dataset, model=model, **small), figure)
    kana = found["kmnist-cnn"]  # other people wrote its test images: shift and turn what there is
    found["kmnist-cnn"] = replace(kana, recipe=kana.recipe.changed(crop_padding=2, rotation=8.0))
    narrow = {"epochs": 24, "early_crop": 24}
    for model in ORDER:
        found[f"cifar10-w16-{model}"] = Job(preset("good", model=model, **narrow), cable_paper("cifar10", model))
    plain = {"width": 64, "epochs": 24}
    for model, figure, changes in (
        ("mlp", 40.0, {"learning_rate": 0.02}),
        ("cnn", 75.0, {"learning_rate": 0.05, "epochs": 8}),
        ("resnet-20", 89.0, {"early_crop": 24}),
        ("alexnet", 75.0, {"learning_rate": 0.02}),
    ):
        found[f"cifar10-{model}"] = Job(preset("good", model=model, **{**plain, **changes}), figure)
    for seed in (1, 2):
        for model in ORDER[:3]:
            found[f"cifar10-w16-{model}-seed{seed}"] = Job(
                preset("good", model=model, seed=seed, **narrow), cable_paper("cifar10", model)
            )
    for model in ORDER:
        recipe = preset("good", dataset="stl10", model=model, epochs=60, batch_size=64, learning_rate=0.1)
        found[f"stl10-w16-{model}"] = Job(recipe, cable_paper("stl10", model))
    for model in ORDER:
        found[f"cifar10-w64-{model}"] = Job(
            preset("good", model=model, width=64, epochs=12), cable_paper("cifar10", model)
        )
    return found


def card_of(name: str, job: Job) -> Path:
    return (SEEDS if job.recipe.seed else PRETRAINED) / f"{name}.json"


def accuracy(name: str, job: Job) -> float | None:
    """Of the published weights of this very recipe; none when there are none or the recipe has changed since."""
    try:
        card = json.loads(card_of(name, job).read_text(encoding="utf-8"))
        same = Recipe.from_dict(card["recipe"]).fingerprint == job.recipe.fingerprint
        return float(card["accuracy"]) if same else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def publish(name: str, job: Job) -> None:
    folder, card = job.folder(name), card_of(name, job)
    card.parent.mkdir(exist_ok=True)
    for part, ending in PARTS.items():  # the weights first: a card is never seen without them
        if ending == ".json" or not job.recipe.seed:
            shutil.copyfile(folder / part, card.with_name(name + ending))


def prepared(name: str, job: Job) -> Path:
    """The folder of a run, without the remains of a run by an older recipe."""
    folder = job.folder(name)
    if (folder / "recipe.json").exists():
        before = Recipe.from_json((folder / "recipe.json").read_bytes())
        if before.fingerprint != job.recipe.fingerprint:
            shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STOP).unlink(missing_ok=True)
    (folder / "recipe.json").write_text(job.recipe.to_json(), encoding="utf-8")
    return folder


def listing(chosen: dict[str, Job]) -> None:
    print(f"{'name':32} {'ours %':>7} {'paper %':>8}  state")
    for name, job in chosen.items():
        ours = accuracy(name, job)
        progress = read_progress(job.folder(name))
        state = "published" if ours is not None else "missing"
        if ours is None and progress:
            state = f"begun: epoch {progress.get('epoch', 0)} of {job.recipe.epochs}"
        print(f"{name:32} {'' if ours is None else f'{ours:.2f}':>7} {job.reported:8.2f}  {state}")


def main() -> int:
    every = jobs()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; all that are missing without")
    parser.add_argument("--list", action="store_true", help="list what there is and what is missing, train nothing")
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.names if name not in every]:
        parser.error(f"{unknown[0]!r} is no recipe; they are: {', '.join(every)}")
    wanted = {name: every[name] for name in chosen.names} or every
    listing(wanted)
    if chosen.list:
        return 0
    for name, job in wanted.items():
        if accuracy(name, job) is not None:
            continue
        folder = prepared(name, job)
        print(f"\n{name}: {job.recipe.epochs} epochs, log and checkpoints in {folder}", flush=True)
        outcome = train(job.recipe, folder)
        if outcome.state == "finished":
            publish(name, job)
        elif outcome.state == "stopped":
            return 130
    print()
    listing(wanted)
    figures = {name: accuracy(name, job) for name, job in wanted.items()}
    return 0 if all(ours is not None and ours >= wanted[name].reported for name, ours in figures.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
