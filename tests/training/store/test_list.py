"""A damaged runs.sqlite: one damaged row hides only itself, and of a damaged file one sentence comes out."""

import sqlite3

import pytest
from filelock import FileLock

from benchmarks.hostile.lists import FILES, ROWS, uses
from explorer.errors import ExplorerError
from explorer.training.dispatch.dispatcher import Dispatcher
from explorer.training.dispatch.launcher import Local
from explorer.training.store import database, spread
from explorer.training.store.runs import Store
from explorer.training.store.status import statuses, title
from explorer.training.work.control import LOCK, STOP
from tests.training.helpers import recipe


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs")


class Idle(Local):
    """Notes which runs it would start."""

    def __init__(self):
        super().__init__()
        self.begun = []

    def start(self, run, places):
        self.begun.append(run.id)
        return 0, "never born"


@pytest.mark.parametrize("kind", ROWS)
def test_a_damaged_row_hides_itself_alone(store, kind):
    before, bad, after = (store.create(recipe(), name=name, sweep="grid") for name in ("a", "b", "c"))
    ROWS[kind](store.file, bad.id)
    runs, (damaged,) = Store(store.root).listed()
    assert [run.id for run in runs] == [after.id, before.id] == [run.id for run in store.all()]
    assert {run.id for run in store.active()} == {before.id, after.id}
    assert damaged.id in ("", bad.id) and damaged.what.startswith("its ")
    assert len(spread.rows(list(statuses(store, runs).values()))) == 1 and all(map(title, runs))
    with pytest.raises(ExplorerError, match="is damaged in the list" if damaged.id else "there is no run"):
        store.get(bad.id)
    desk = Dispatcher(store, Idle())
    assert desk.tick() and desk.launcher.begun == [before.id]
    if damaged.id:
        store.delete(damaged.id)
        assert store.listed()[1] == [] and not bad.folder.exists()


@pytest.mark.parametrize("kind", ["a text as epochs", "an unknown state", "a process number in words"])
def test_a_damaged_row_whose_run_still_trains_is_told_to_stop_and_deleted_once_it_has(store, kind):
    run = store.create(recipe())
    store.claim(run.id, "cpu")
    ROWS[kind](store.file, run.id)
    with FileLock(run.folder / LOCK):
        with pytest.raises(ExplorerError, match="still trains and was told to stop"):
            store.delete(run.id)
        assert (run.folder / STOP).exists() and len(store.listed()[1]) == 1
    store.delete(run.id)
    assert store.listed() == ([], []) and not run.folder.exists()


@pytest.mark.parametrize("kind", FILES)
def test_of_a_damaged_file_comes_one_sentence_or_nothing(store, kind):
    run = store.create(recipe())
    FILES[kind](store.file, run.id)
    for use in uses(store, run.id):
        try:
            use()
        except ExplorerError as problem:
            assert str(problem).isprintable() and len(str(problem)) < 400


@pytest.mark.parametrize("kind", ["an added column", "a dropped table of the leader", "no leader", "two leaders"])
def test_what_the_runs_do_not_need_is_mended_or_passed_over(store, kind):
    run = store.create(recipe())
    FILES[kind](store.file, run.id)
    assert Store(store.root).get(run.id) == run
    desk = Dispatcher(store, Idle(), lease=0)
    desk.tick()
    desk.beaten = 0
    desk.tick()
    assert desk.leading and desk.launcher.begun == [run.id]


@pytest.mark.parametrize(
    "kind",
    ["random bytes behind the first page", "random bytes throughout", "a dropped table", "a column by another name"],
)
def test_a_file_that_is_lost_says_what_to_do_and_can_be_moved_away(store, kind):
    run = store.create(recipe())
    FILES[kind](store.file, run.id)
    with pytest.raises(database.Trouble, match=r"is damaged .*: put a copy in its place, or move it away"):
        Store(store.root).all()
    store.file.rename(store.file.with_suffix(".damaged"))
    assert Store(store.root).all() == [] and run.folder.is_dir()


def test_a_letter_that_is_no_utf8_spoils_itself_alone(store):
    run = store.create(recipe(), name="caf?")
    with sqlite3.connect(store.file) as db:
        db.execute("UPDATE runs SET name = CAST(X'636166E9' AS TEXT)")
    db.close()
    assert store.get(run.id).name == "caf\N{REPLACEMENT CHARACTER}"


@pytest.mark.slow
def test_a_dispatcher_says_once_what_its_store_lacks_and_goes_on_when_it_is_back(store, capsys):
    run = store.create(recipe())
    content = store.file.read_bytes()
    FILES["a dropped table"](store.file, run.id)

    class Mended(Dispatcher):
        looks = 0

        def tick(self):
            self.looks += 1
            if self.looks == 3:
                self.store.file.write_bytes(content)
            super().tick()
            self.idle = 600 * (not self.launcher.begun)  # then there is nothing left to wait for
            return False

    Mended(store, Idle(), pause=0, idle=600).work()
    assert capsys.readouterr().out.count("no such table") == 1 and store.get(run.id).state == "running"
