"""Train what is missing from pretrained/, one recipe after another; stop and start it as you like.

    python -m benchmarks.reproduce               # lists every recipe with its accuracy, then trains what is missing
    python -m benchmarks.reproduce --list        # only lists
    python -m benchmarks.reproduce NAME ...      # only these; several commands side by side share the work
    python -m benchmarks.reproduce NAME --again  # trains what is published once more, to compare; publishes nothing
    python -m benchmarks.reproduce --queue       # puts what is missing into the queue, as the sweep `reproduce`
    python -m benchmarks.reproduce --gpu         # the long runs of width 64, three seeds each, in place of the others

A run lives in runs/reproduce/NAME, with --again in runs/again/NAME (EXPLORER_RUNS moves both), and continues where it
was. A finished one is copied to pretrained/ as NAME.safetensors, NAME.json (the card) and NAME.eval.npz. Runs with a
seed other than 0, and those by the paper's recipe, are there for their figures: of these only the card is kept, in
benchmarks/seeds/. What was queued trains wherever runs go, shows on the Train page, and is published by the next of
these commands that does more than list.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

from explorer import files
from explorer.errors import ExplorerError
from explorer.networks import weights
from explorer.paths import PRETRAINED, SEEDS, runs
from explorer.results import reproduce as jobs_of
from explorer.results.reproduce import Job, gpu_jobs, jobs
from explorer.training.dispatch.submit import submit_sweep
from explorer.training.recipe.recipe import Recipe
from explorer.training.store import spread, sweeps
from explorer.training.store.publish import PARTS
from explorer.training.store.runs import Store
from explorer.training.work.control import STOP
from explorer.training.work.loop import train
from explorer.training.work.metrics import read_progress

STORE = runs()
RUNS, SWEEP = STORE / "reproduce", "reproduce"


def card_of(name: str, job: Job) -> Path:
    return (PRETRAINED if job.shipped else SEEDS) / f"{name}.json"


def accuracy(name: str, job: Job) -> float | None:
    return jobs_of.accuracy(card_of(name, job), job)


def publish(name: str, job: Job, folder: Path) -> None:
    card = card_of(name, job)
    card.parent.mkdir(exist_ok=True)
    for part, ending in PARTS.items():  # the weights first: a card is never seen without them
        if ending == ".json" or job.shipped:
            shutil.copyfile(folder / part, card.with_name(name + ending))
    if job.chosen:
        values = json.loads(card.read_bytes())
        values["notes"] += f" How its recipe was chosen: {job.chosen}."
        files.write(card, weights.Card.of(values).json().encode())


def prepared(folder: Path, job: Job) -> Path:
    """The folder of a run, without the remains of a run by an older recipe."""
    if (folder / "recipe.json").exists():
        before = Recipe.from_json((folder / "recipe.json").read_bytes())
        if before.fingerprint != job.recipe.fingerprint:
            shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STOP).unlink(missing_ok=True)
    files.write(folder / "recipe.json", job.recipe.to_json().encode())
    return folder


def again(wanted: dict[str, Job]) -> int:
    """Trains what is published once more, beside it, and says how near it came."""
    for name, job in wanted.items():
        folder = prepared(STORE / "again" / name, job)
        print(f"{name}: {job.recipe.epochs} epochs, log and checkpoints in {folder}", flush=True)
        outcome = train(job.recipe, folder)
        if outcome.state != "finished":
            return 130 if outcome.state == "stopped" else 1
        before = accuracy(name, job)
        shown = "nothing published" if before is None else f"{before:.2f} % published"
        print(f"{name}: {outcome.accuracy:.2f} % again, {shown}", flush=True)
    return 0


def listing(chosen: dict[str, Job]) -> None:
    print(f"{'name':32} {'ours %':>7} {'paper %':>8}  state")
    for name, job in chosen.items():
        ours = accuracy(name, job)
        progress = read_progress(RUNS / name)
        state = "published" if ours is not None else "missing"
        if ours is None and progress:
            state = f"begun: epoch {progress.get('epoch', 0)} of {job.recipe.epochs}"
        shown = ["" if percent is None else f"{percent:.2f}" for percent in (ours, job.reported)]
        print(f"{name:32} {shown[0]:>7} {shown[1]:>8}  {state}")

    groups: dict[str, list[str]] = {}
    for name in chosen:
        groups.setdefault(name.partition("-seed")[0], []).append(name)
    for group, names in groups.items():
        found = [ours for name in names if (ours := accuracy(name, chosen[name])) is not None]
        if len(names) > 1 and found:
            print(f"{group}: {spread.mean_and_deviation(found)} % ({spread.seeds(len(found))})")


def collect(wanted: dict[str, Job], store: Store) -> None:
    """Publishes what the queue has finished."""
    done = {sweeps.fingerprint(run): run.folder for run in sweeps.of(store, SWEEP) if run.state == "finished"}
    for name, job in wanted.items():
        if accuracy(name, job) is None and job.recipe.fingerprint in done:
            publish(name, job, done[job.recipe.fingerprint])


def main() -> int:
    usual, wide = jobs(), gpu_jobs()
    every = {**usual, **wide}
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; all that are missing without")
    parser.add_argument("--gpu", action="store_true", help="without names: the long runs of width 64, for a GPU")
    parser.add_argument("--list", action="store_true", help="list what there is and what is missing, train nothing")
    parser.add_argument("--again", action="store_true", help="train these once more, to compare; publish nothing")
    parser.add_argument("--queue", action="store_true", help="put what is missing into the queue, train nothing here")
    chosen = parser.parse_args()
    if unknown := [name for name in chosen.names if name not in every]:
        parser.error(f"{unknown[0]!r} is no recipe; they are: {', '.join(every)}")
    wanted = {name: every[name] for name in chosen.names} or (wide if chosen.gpu else usual)
    if chosen.list:
        listing(wanted)
        return 0
    if chosen.again:
        if not chosen.names:
            parser.error("--again wants the names of the recipes")
        return again(wanted)
    store = Store(STORE)
    collect(wanted, store)
    listing(wanted)
    if chosen.queue:
        missing = [job.recipe for name, job in wanted.items() if accuracy(name, job) is None]
        try:
            new, there = submit_sweep(store, SWEEP, missing, "benchmarks.reproduce")
        except ExplorerError as error:
            parser.error(str(error))
        print(f"\n{len(new)} queued, {len(there)} there already: python -m explorer.training show {SWEEP}")
        return 0
    for name, job in wanted.items():
        if accuracy(name, job) is not None:
            continue
        folder = prepared(RUNS / name, job)
        print(f"\n{name}: {job.recipe.epochs} epochs, log and checkpoints in {folder}", flush=True)
        outcome = train(job.recipe, folder)
        if outcome.state == "finished":
            publish(name, job, RUNS / name)
        elif outcome.state == "stopped":
            return 130
    print()
    listing(wanted)
    figures = {name: accuracy(name, job) for name, job in wanted.items()}
    return 0 if all(ours is not None and ours >= (wanted[name].reported or 0) for name, ours in figures.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
