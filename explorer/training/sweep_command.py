"""`python -m explorer.training sweep`: a grid of runs into the queue, and what has come out of it so far."""

import argparse

from explorer.errors import ExplorerError
from explorer.training.dispatch.on_demand import ensure
from explorer.training.dispatch.submit import submit_sweep
from explorer.training.store import spread, sweeps
from explorer.training.store.runs import Store
from explorer.training.store.status import status, title

EPILOG = "The same grid again queues what is missing only. show, stop and resume take the sweep's name as well."


def add_options(command: argparse.ArgumentParser) -> None:
    command.epilog = EPILOG
    command.add_argument("--models", required=True, metavar="NAME,NAME", help="networks of the zoo")
    command.add_argument("--widths", default="", metavar="N,N", help="that of the preset without it")
    command.add_argument("--seeds", default="0,1,2", metavar="N,N")
    command.add_argument("--status", action="store_true", help="queue nothing, only print the table")


def sweep(store: Store, options: argparse.Namespace, changes: dict, owner: str) -> int:
    widths = _numbers("widths", options.widths)
    recipes = sweeps.grid(options.preset, changes, _parts(options.models), widths, _numbers("seeds", options.seeds))
    name = sweeps.name_of(options.preset, recipes[0])
    if not options.status:
        new, there = submit_sweep(store, name, recipes, owner)
        print(f"{len(new)} queued" + (f", {len(there)} there already" if there else ""))
    return show(store, name)


def show(store: Store, name: str) -> int:
    ensure(store)
    now = [status(store, run) for run in sweeps.of(store, name)]
    if not now:
        raise ExplorerError(f"the sweep {name} has no runs yet: ask for it without --status")
    print(f"{name}: {spread.states(now)}\n\n{spread.as_text(now)}\n")
    for one in now:
        reason = f": {one.run.reason}" if one.run.reason else ""
        print(f"{one.run.id}  {one.run.state:<11} {one.epoch:>4}/{one.epochs:<4} {title(one.run)}{reason}")
    return 0


def find(store: Store, piece: str) -> str:
    """The one sweep whose name begins like this, or nothing: no run's id begins with a letter."""
    found = [name for name in sweeps.names(store.all()) if name.startswith(piece)]
    if piece in found:
        return piece
    return found[0] if len(found) == 1 and piece[:1].isalpha() else ""


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _numbers(name: str, text: str) -> list[int]:
    parts = _parts(text)
    if not all(part.isdecimal() and len(part) < 20 for part in parts):
        raise ExplorerError(f"{name} is {text[:40]!r}: give whole numbers with commas between, for instance 0,1,2")
    return [int(part) for part in parts]
