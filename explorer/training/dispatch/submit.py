"""How runs get into the queue: one way for the page, the command line and benchmarks, with one set of limits.

Limits are asked and the run is queued under one lock, so that two who ask at once cannot both have the last place.
"""

from explorer.training.dispatch import launcher
from explorer.training.dispatch.on_demand import ensure
from explorer.training.recipe.recipe import Recipe
from explorer.training.store import limits, sweeps
from explorer.training.store.limits import Visitor
from explorer.training.store.runs import Run, Store


def submit(store: Store, recipe: Recipe, owner: str | Visitor, *, name: str = "", note: str = "") -> Run:
    """A new run at the end of the queue, and someone who works on it."""
    launcher.check(recipe.to_dict())
    with limits.queueing(store):
        limits.check(store, owner, recipe.epochs)
        run = store.create(recipe, name=name, note=note, owner=str(owner))
    ensure(store)
    return run


def resume(store: Store, run: Run, who: str | Visitor, more: int = 0) -> Run:
    """An ended run into the queue again, for `more` epochs beyond its recipe."""
    with limits.queueing(store):
        limits.check(store, who, run.recipe.get("epochs", 0) + more, [run.owner])
        run = store.resume(run.id, more)
    ensure(store)
    return run


def submit_sweep(store: Store, sweep: str, recipes: list[Recipe], owner: str) -> tuple[list[Run], list[Run]]:
    """(new runs, runs that the sweep has already)."""
    for recipe in recipes:
        launcher.check(recipe.to_dict())
    found = sweeps.queue(store, sweep, recipes, owner)
    ensure(store)
    return found


def resume_sweep(store: Store, sweep: str, who: str | Visitor) -> int:
    """What ended before its end into the queue again; how many runs that were."""
    done = sweeps.resume(store, sweep, who)
    ensure(store)
    return done
