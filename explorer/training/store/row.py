"""One row of the store as a value, checked field by field: a row that is not as we write it is damaged.

A recipe is kept as it was stored, since one of another version is still a run; only what lists and pages read of it
before it is checked as a whole must have its type.
"""

import json
import math
import re
import sqlite3
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from explorer.errors import is_text

ALIVE = ("running", "stopping")
ACTIVE = ("queued", *ALIVE)
ENDED = ("stopped", "interrupted", "failed", "finished")

ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
MOST = 2**53  # of a whole number: what a float holds as well
LATEST = 2**35  # of a time: the year 3058
READ = {  # of a recipe, by lists and pages
    "dataset": str,
    "model": str,
    "stack": str,
    "width": int,
    "epochs": int,
    "seed": int,
    "holdout": int,
    "fold": int,
}


@dataclass(frozen=True)
class Run:
    """One row of the store, times in seconds since 1970."""

    id: str
    state: str
    recipe: dict  # as stored, so that one row from another version never hides the others
    name: str
    note: str
    owner: str  # who started it: an opaque token
    reason: str  # why it ended, in words
    device: str  # where it runs: "cpu", "cuda:0", "cuda:0,cuda:1"
    pid: int | None
    born: str  # tells this process from a later one with the same number
    created: float
    queued: float
    began: float | None
    heartbeat: float | None  # when the dispatcher last saw the process
    ended: float | None
    sweep: str  # the sweep it belongs to, or nothing
    host: str  # the machine whose process it is; nothing for one that no single machine owns
    folder: Path

    @property
    def recipe_json(self) -> str:
        return json.dumps(self.recipe, indent=1)

    @property
    def alive(self) -> bool:
        return self.state in ALIVE

    @property
    def active(self) -> bool:
        return self.state in ACTIVE


COLUMNS = tuple(one.name for one in fields(Run) if one.name != "folder")
TEXTS = ("name", "note", "owner", "reason", "device", "born", "sweep", "host")
TIMES = ("created", "queued")
PERHAPS = ("began", "heartbeat", "ended")  # times, or nothing yet


@dataclass(frozen=True)
class Damaged:
    """A row that is no run."""

    id: str  # nothing where that is what is damaged
    what: str  # is not as we write it


def read(row: sqlite3.Row, root: Path) -> Run | Damaged:
    values = {name: row[name] for name in COLUMNS}
    run_id = values["id"]
    if not isinstance(run_id, str) or not ID.fullmatch(run_id):
        return Damaged("", "its id")
    values["recipe"] = _recipe(values["recipe"])
    if wrong := [name for name, value in values.items() if not _sound(name, value)]:
        return Damaged(run_id, f"its {wrong[0]}")
    return Run(**values, folder=root / run_id)


def _recipe(text: Any) -> dict | None:
    """The object that the text holds, if lists and pages can read it."""
    try:
        found = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    sound = (
        is_text(found[name]) if kind is str else _whole(found[name]) for name, kind in READ.items() if name in found
    )
    return found if all(sound) else None


def _sound(name: str, value: Any) -> bool:
    if name == "state":
        return value in (*ACTIVE, *ENDED)
    if name in TEXTS:
        return isinstance(value, str)
    if name == "pid":
        return value is None or _whole(value)
    if name in TIMES:
        return _time(value)
    return value is not None if name == "recipe" else name not in PERHAPS or value is None or _time(value)


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value < MOST


def _time(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and 0 <= value < LATEST
