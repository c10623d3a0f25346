"""The store of runs: one SQLite file and one folder a run, under runs/ or where EXPLORER_RUNS points.

    create ─▶ queued ─claim─▶ running ─────process gone─────▶ finished · failed · interrupted
                 │               │ stop                            ▲
            stop │           stopping ──────process gone───────────┤
                 └────────────────────────────────────────────▶ stopped
    stopped · interrupted · failed · finished ─resume─▶ queued

Every change of state is one UPDATE that names the states it may start from, so of many processes that want the
same change exactly one gets it. Pages and the command line write wishes here; only the dispatcher starts and ends.
"""

import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from explorer import files, paths
from explorer.errors import ExplorerError
from explorer.training.store import database, row
from explorer.training.store.row import ALIVE, COLUMNS, ENDED, ID, Damaged, Run
from explorer.training.work.control import ask_to_stop, held

if TYPE_CHECKING:  # the dispatcher stays small: a recipe knows the networks, and with them torch
    from explorer.training.recipe.recipe import Recipe


class Store:
    """All runs below one folder. Cheap to make; every call opens and closes its own connection."""

    def __init__(self, root: str | Path | None = None):
        self.root = Path(root).absolute() if root else paths.runs()
        self.file = self.root / database.NAME
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise database.Trouble(
                f"the runs folder {self.root} cannot be used ({files.trouble(error)}): mend it or point EXPLORER_RUNS "
                "elsewhere"
            ) from None
        database.prepare(self.file)

    def create(self, recipe: "Recipe", *, name: str = "", note: str = "", owner: str = "", sweep: str = "") -> Run:
        """A new run at the end of the queue, with its folder."""
        text, now = recipe.to_json(), time.time()
        while True:
            run_id = time.strftime("%Y%m%d-%H%M%S-", time.gmtime(now)) + secrets.token_hex(2)
            folder = self.root / run_id
            try:
                folder.mkdir()
                break
            except FileExistsError:
                continue
            except OSError as error:
                words = f"the runs folder {self.root} cannot be written ({files.trouble(error)}): mend it"
                raise database.Trouble(words) from None
        try:
            self._write(
                "INSERT INTO runs (id, state, recipe, name, note, owner, created, queued, sweep)"
                " VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?)",
                (run_id, text, clean(name, 60), clean(note, 2000), owner, now, now, sweep),
            )
        except database.Trouble:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return self.get(run_id)

    def get(self, run_id: str) -> Run:
        _check_id(run_id)
        found, damaged = self._select("WHERE id = ?", (run_id,))
        if damaged:
            raise ExplorerError(f"the run {run_id} is damaged in the list of runs ({damaged[0].what}): delete it")
        if not found:
            raise _unknown(run_id)
        return found[0]

    def all(self) -> list[Run]:
        """Newest first."""
        return self.listed()[0]

    def listed(self) -> tuple[list[Run], list[Damaged]]:
        """All runs, newest first, and the rows of the list that are none."""
        return self._select("ORDER BY created DESC, id DESC")

    def active(self) -> list[Run]:
        """Queued, running and stopping ones; those that wait in the order in which they will begin."""
        return in_turn(self._select("WHERE state IN ('queued', 'running', 'stopping') ORDER BY queued, id")[0])

    def place(self, run_id: str) -> int:
        """1 for the next run of the queue, 0 for one that does not wait."""
        return places(self.active()).get(run_id, 0)

    def claim(self, run_id: str, device: str, host: str = "") -> bool:
        """True for the one caller that may start this run now."""
        changes = "device = ?, host = ?, pid = NULL, born = '', reason = '', began = ?, heartbeat = ?, ended = NULL"
        now = time.time()
        return self._move(run_id, ("queued",), "running", changes, (device, host, now, now))

    def attach(self, run_id: str, pid: int, born: str) -> None:
        """Remembers which process a claimed run is."""
        self._write("UPDATE runs SET pid = ?, born = ? WHERE id = ?", (pid, born, run_id))

    def explain(self, run_id: str, reason: str) -> None:
        """Why a run still waits, or what hinders it; claim and settle write it anew."""
        statement = "UPDATE runs SET reason = ? WHERE id = ? AND state IN ('queued', 'running', 'stopping')"
        self._write(statement, (reason, run_id))

    def beat(self, run_ids: list[str]) -> None:
        marks = ", ".join("?" * len(run_ids))
        self._write(f"UPDATE runs SET heartbeat = ? WHERE id IN ({marks})", (time.time(), *run_ids))

    def requeue(self, run_id: str) -> bool:
        """A run that was claimed but never became a process waits again, at its old place; one to stop is stopped."""
        self._move(run_id, ("stopping",), "stopped", "ended = ?", (time.time(),))
        return self._move(run_id, ("running",), "queued", "device = ''")

    def settle(self, run_id: str, state: str, reason: str = "") -> bool:
        """The process is gone: the run ends as `state`."""
        return self._move(run_id, ALIVE, state, "reason = ?, pid = NULL, ended = ?", (reason, time.time()))

    def stop(self, run_id: str) -> Run:
        """Asks a run to stop; one that still waits is stopped at once."""
        run = self.get(run_id)
        gone = self._move(
            run_id, ("queued",), "stopped", "reason = 'stopped before it began', ended = ?", (time.time(),)
        )
        if gone or self._move(run_id, ("running",), "stopping") or self.get(run_id).state == "stopping":
            ask_to_stop(run.folder)  # the dispatcher asks again; one that waits on a cluster hears it there
        return self.get(run_id)

    def resume(self, run_id: str, more_epochs: int = 0) -> Run:
        """Queues an ended run again, into the same folder and curves, for `more_epochs` beyond its recipe."""
        run = self.get(run_id)
        if run.active:
            raise ExplorerError(f"the run {run_id} is {run.state}: only an ended run can be resumed")
        if run.state == "finished" and more_epochs < 1:
            raise ExplorerError(f"the run {run_id} is finished: say how many epochs more, for instance +5")
        from explorer.training.recipe.recipe import Recipe

        recipe = Recipe.from_dict(run.recipe)
        if more_epochs:
            recipe = recipe.extended(more_epochs)
        changes = "recipe = ?, queued = ?, reason = ''"
        if self._move(run_id, ENDED, "queued", changes, (recipe.to_json(), time.time())):
            return self.get(run_id)
        raise ExplorerError(f"the run {run_id} was resumed by someone else a moment ago: look at its state")

    def leader(self) -> tuple[str, int]:
        """The machine whose dispatcher gives out places, and a number that grows while it does; "" for none. A row
        that has gone is put back: without it nobody would ever lead, and every run would wait."""
        with database.of_runs(self.file) as db:
            db.execute(database.LEADER)
            if not (found := db.execute("SELECT host, beat FROM leader").fetchone()):
                db.execute("INSERT INTO leader SELECT '', 0 WHERE NOT EXISTS (SELECT * FROM leader)")
            return (found["host"], found["beat"]) if found else ("", 0)

    def lead(self, host: str, beat: int) -> bool:
        """This machine leads, or goes on leading, unless someone else has moved since `beat` was read."""
        return self._write("UPDATE leader SET host = ?, beat = beat + 1 WHERE beat = ?", (host, beat))

    def step_down(self, host: str) -> None:
        self._write("UPDATE leader SET host = '' WHERE host = ?", (host,))

    def rename(self, run_id: str, name: str) -> None:
        self._write("UPDATE runs SET name = ? WHERE id = ?", (clean(name, 60), self.get(run_id).id))

    def annotate(self, run_id: str, note: str) -> None:
        self._write("UPDATE runs SET note = ? WHERE id = ?", (clean(note, 2000), self.get(run_id).id))

    def delete(self, run_id: str) -> None:
        """Takes the run and its folder away; never one whose process may live. The folder goes first, so that there
        is room for the rest on a full disk; meanwhile nobody else can write, and so start it. Of a damaged row only the
        lock of the folder tells whether it lives, and nobody else can end it: then it is told to stop."""
        _check_id(run_id)
        with database.of_runs(self.file) as db:
            db.execute("BEGIN IMMEDIATE")
            found = db.execute(f"SELECT {', '.join(COLUMNS)} FROM runs WHERE id = ?", (run_id,)).fetchone()
            if not found:
                raise _unknown(run_id)
            if isinstance(row.read(found, self.root), Damaged):
                if held(self.root / run_id):
                    ask_to_stop(self.root / run_id)
                    raise ExplorerError(f"the run {run_id} still trains and was told to stop: delete it in a moment")
            elif found["state"] in ALIVE:
                raise ExplorerError(f"the run {run_id} is {found['state']}: stop it before you delete it")
            shutil.rmtree(self.root / run_id, ignore_errors=True)
            db.execute("DELETE FROM runs WHERE id = ?", (run_id,))
            db.execute("COMMIT")

    def _select(self, clause: str, values: tuple = ()) -> tuple[list[Run], list[Damaged]]:
        """The one place where rows are read."""
        with database.of_runs(self.file) as db:
            rows = db.execute(f"SELECT {', '.join(COLUMNS)} FROM runs {clause}", values).fetchall()
        found = [row.read(one, self.root) for one in rows]
        return [one for one in found if isinstance(one, Run)], [one for one in found if isinstance(one, Damaged)]

    def _write(self, statement: str, values: tuple) -> bool:
        """The one place where they are written."""
        with database.of_runs(self.file) as db:
            return db.execute(statement, values).rowcount > 0

    def _move(self, run_id: str, before: tuple, after: str, changes: str = "", values: tuple = ()) -> bool:
        changes, marks = (f", {changes}" if changes else ""), ", ".join("?" * len(before))
        statement = f"UPDATE runs SET state = ?{changes} WHERE id = ? AND state IN ({marks})"
        return self._write(statement, (after, *values, run_id, *before))


def _check_id(run_id: str) -> None:
    if not isinstance(run_id, str) or not ID.fullmatch(run_id):
        raise ExplorerError(f"{str(run_id)[:40]!r} is no run id: they look like 20261121-083012-ab12")


def _unknown(run_id: str) -> ExplorerError:
    return ExplorerError(f"there is no run {run_id}: it may have been deleted")


def places(runs: Iterable[Run]) -> dict[str, int]:
    """The place in the queue of each of these that waits, from 1 on."""
    waiting = [run.id for run in in_turn(run for run in runs if run.active) if run.state == "queued"]
    return {run_id: place for place, run_id in enumerate(waiting, start=1)}


def in_turn(active: Iterable[Run]) -> list[Run]:
    """Those at work, then those that wait: everybody's first run before anybody's second, so that nobody who queues
    many keeps the others waiting for all of them. A run at work counts as its owner's first."""
    active = sorted(active, key=lambda run: (not run.alive, run.queued, run.id))
    before, turns = Counter(), {}
    for run in active:
        turns[run.id] = before[run.owner]
        before[run.owner] += 1
    return sorted(active, key=lambda run: (not run.alive, turns[run.id] * (not run.alive)))


def clean(text: str, limit: int) -> str:
    """User text as it may stand in lists and logs: printable, without surrounding blanks, not endless."""
    return "".join(c for c in str(text) if c.isprintable() or c == "\n").strip()[:limit]
