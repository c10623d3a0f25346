"""Sweeps: one recipe for several networks, widths and seeds, queued as runs that carry the sweep's name.

The name comes from what all the runs have in common, for instance good-cifar10-3fa9c1, so a larger grid of the same
recipe adds to the sweep, and the same grid again adds what is missing and nothing else.
"""

import contextlib
import hashlib
import json
import re

from explorer.errors import ExplorerError
from explorer.training.recipe.recipe import Recipe, preset
from explorer.training.store import limits
from explorer.training.store.runs import Run, Store

VARIED = ("model", "width", "seed")
MOVABLE = ("device", "restarts")  # they do not make it another recipe


def grid(chosen: str, changes: dict, models: list[str], widths: list[int], seeds: list[int]) -> list[Recipe]:
    """The preset with its changes for every combination once, seed by seed: of all networks the first seed comes
    before the second of any. No width is the preset's own."""
    for name, values in (("models", models), ("seeds", seeds)):
        if not values:
            raise ExplorerError(f"{name} is empty: give at least one, with commas between several")
    return [
        preset(chosen, **changes, model=model, seed=seed, **({} if width is None else {"width": width}))
        for seed in dict.fromkeys(seeds)
        for width in dict.fromkeys(widths or [None])
        for model in dict.fromkeys(models)
    ]


def name_of(chosen: str, recipe: Recipe) -> str:
    """The same for all recipes of a preset that differ in network, width and seed alone."""
    ordinary = Recipe().to_dict()
    rest = {
        key: value
        for key, value in recipe.to_dict().items()
        if key not in (*VARIED, *MOVABLE) and (value != ordinary[key] or key == "dataset")
    }
    digest = hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:6]
    dataset = re.sub(r"[^a-z0-9-]", "", recipe.dataset.partition(":")[0])
    return f"{chosen}-{dataset}-{digest}"


def queue(store: Store, sweep: str, recipes: list[Recipe], owner: str = "") -> tuple[list[Run], list[Run]]:
    """Queues those of the recipes that the sweep has no run of; (new runs, runs there already in whatever state)."""
    wanted = {recipe.fingerprint: recipe for recipe in recipes}
    with limits.queueing(store):  # two who ask at once must not both find the same ones missing
        there = {print_: run for run in of(store, sweep) if (print_ := fingerprint(run)) in wanted}
        missing = [recipe for print_, recipe in wanted.items() if print_ not in there]
        limits.check_queue(store, len(missing))
        return [store.create(recipe, owner=owner, sweep=sweep) for recipe in missing], list(there.values())


def of(store: Store, sweep: str) -> list[Run]:
    """The runs of a sweep in the order in which they were asked for."""
    return [run for run in reversed(store.all()) if run.sweep == sweep]


def names(runs: list[Run]) -> list[str]:
    return list(dict.fromkeys(run.sweep for run in runs if run.sweep))


def stop(store: Store, sweep: str) -> int:
    """Stops what waits or runs, last in the queue first, so that none begins meanwhile; how many that were."""
    active = [run for run in of(store, sweep) if run.state in ("queued", "running")]
    for run in sorted(active, key=lambda run: (run.alive, -run.queued)):
        store.stop(run.id)
    return len(active)


def resume(store: Store, sweep: str, who: str | limits.Visitor = "") -> int:
    """Queues again what ended before its end, in the old order; how many that were."""
    done = 0
    with limits.queueing(store):
        ended = [run for run in of(store, sweep) if run.state in ("stopped", "interrupted", "failed")]
        if ended:
            epochs = max(run.recipe.get("epochs", 0) for run in ended)
            limits.check(store, who, epochs, [run.owner for run in ended])
        for run in ended:
            with contextlib.suppress(ExplorerError):  # someone else has resumed or deleted it a moment ago
                store.resume(run.id)
                done += 1
    return done


def fingerprint(run: Run) -> str:
    """Of a run's recipe; nothing where it is from another version."""
    try:
        return Recipe.from_dict(run.recipe).fingerprint
    except ExplorerError:
        return ""
