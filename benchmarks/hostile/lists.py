"""Ways in which runs.sqlite can be damaged by a disk, a hand or another version, in one run's row or as a whole; and
what pages, the command line and the dispatcher ask of it."""

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from explorer.training.recipe.recipe import preset
from explorer.training.store.runs import Store
from explorer.training.store.status import statuses

Damage = Callable[[Path, str], None]  # to the file, and to the row of this run


def statement(text: str, *values: object) -> Damage:
    """Run by SQLite itself, with the run's id as the last of the values where the text ends in one."""

    def damage(file: Path, run_id: str) -> None:
        db = sqlite3.connect(file)
        with db:
            db.execute(text, (*values, run_id) if text.endswith("WHERE id = ?") else values)
        db.close()

    return damage


def column(name: str, value: object) -> Damage:
    return statement(f"UPDATE runs SET {name} = ? WHERE id = ?", value)


def recipe(**changes: object) -> Damage:
    def damage(file: Path, run_id: str) -> None:
        db = sqlite3.connect(file)
        with db:
            (text,) = db.execute("SELECT recipe FROM runs WHERE id = ?", (run_id,)).fetchone()
            text = json.dumps({**json.loads(text), **changes})
            db.execute("UPDATE runs SET recipe = ? WHERE id = ?", (text, run_id))
        db.close()

    return damage


def noise(start: int, seed: int = 0) -> Damage:
    """Random bytes from here on."""

    def damage(file: Path, _run_id: str) -> None:
        content = file.read_bytes()
        file.write_bytes(content[:start] + random.Random(seed).randbytes(len(content) - start))

    return damage


def cut(share: float) -> Damage:
    return lambda file, _run_id: os.truncate(file, int(share * file.stat().st_size))


def folder(file: Path, _run_id: str) -> None:
    file.unlink()
    file.mkdir()


def gone(file: Path, _run_id: str) -> None:
    shutil.rmtree(file.parent)


ROWS: dict[str, Damage] = {  # one run is damaged, and nothing else
    "a recipe that is no JSON": column("recipe", "{"),
    "a recipe that is a list": column("recipe", "[1, 2]"),
    "a recipe that is a number": column("recipe", 7),
    "a recipe of bytes": column("recipe", b"\xff\xfe"),
    "a recipe without an end": column("recipe", "[" * 100_000),
    "a text as epochs": recipe(epochs="ten"),
    "epochs that no float can hold": recipe(epochs=10**400),
    "a list as width": recipe(width=[16]),
    "nothing as dataset": recipe(dataset=None),
    "half a letter in the model": recipe(model="\ud800"),
    "an unknown state": column("state", "paused"),
    "a state of bytes": column("state", b"queued"),
    "an id that leads out": column("id", "../../etc"),
    "an id of bytes": column("id", b"\x00"),
    "a name of bytes": column("name", b"\xff"),
    "a time in words": column("created", "yesterday"),
    "a time without an end": column("created", float("inf")),
    "a time before all": column("began", -1e300),
    "a process number in words": column("pid", "mine"),
}
FILES: dict[str, Damage] = {
    "an added column": statement("ALTER TABLE runs ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'"),
    "a column by another name": statement("ALTER TABLE runs RENAME COLUMN sweep TO broom"),
    "a dropped table": statement("DROP TABLE runs"),
    "a dropped table of the leader": statement("DROP TABLE leader"),
    "no leader": statement("DELETE FROM leader"),
    "two leaders": statement("INSERT INTO leader VALUES ('nobody', 7)"),
    "random bytes behind the header": noise(100),
    "random bytes behind the first page": noise(4096),
    "random bytes in the last page": lambda file, run_id: noise(file.stat().st_size - 4096)(file, run_id),
    "random bytes throughout": noise(0),
    "half of it": cut(0.5),
    "a part of its first page": cut(0.1),
    "nothing in it": cut(0),
    "a folder in its place": folder,
    "no folder of runs": gone,
}


def uses(store: Store, run_id: str) -> list[Callable[[], object]]:
    return [
        store.all,
        store.active,
        store.listed,
        store.leader,
        lambda: store.get(run_id),
        lambda: statuses(store, store.all()),
        lambda: store.lead("here", 0),
        lambda: store.step_down("here"),
        lambda: store.claim(run_id, "cpu"),
        lambda: store.attach(run_id, 1, "a birth"),
        lambda: store.beat([run_id]),
        lambda: store.explain(run_id, "a reason"),
        lambda: store.stop(run_id),
        lambda: store.settle(run_id, "failed"),
        lambda: store.rename(run_id, "new"),
        lambda: store.annotate(run_id, "new"),
        lambda: store.resume(run_id),
        lambda: store.delete(run_id),
        lambda: store.create(preset("quick")),
        lambda: Store(store.root).all(),
    ]
