"""A disk that is full: what can be done says so in one sentence, and deleting a run makes room."""

import contextlib
import os
import shutil
import subprocess

import pytest

from explorer.errors import ExplorerError
from explorer.training.dispatch.dispatcher import Dispatcher
from explorer.training.dispatch.ending import verdict
from explorer.training.dispatch.launcher import Local
from explorer.training.recipe.recipe import preset
from explorer.training.store import limits
from explorer.training.store.runs import Store
from explorer.training.work import control, loop
from tests.training.helpers import recipe

SIZE = 4 * 2**20


@pytest.fixture
def disk(tmp_path):
    """A small file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root on Linux may mount the small disk that this fills")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(disk, but=0):
    """Nothing more fits, or so many bytes."""
    with open(disk / "filler", "ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    os.truncate(disk / "filler", (disk / "filler").stat().st_size - but)


def failed(store):
    run = store.create(recipe())
    store.claim(run.id, "cpu")
    store.settle(run.id, "failed", "a reason")
    return store.get(run.id)


def test_what_cannot_be_written_says_so_and_deleting_a_run_makes_room(disk):
    store = Store(disk / "runs")
    large, small = failed(store), failed(store)
    (large.folder / "last.pt").write_bytes(bytes(200_000))
    fill(disk)

    def queue():
        with limits.queueing(store):
            store.resume(small.id)

    writers = (
        lambda: store.rename(small.id, "new"),
        lambda: store.annotate(small.id, "new"),
        lambda: store.resume(small.id),
        queue,
        lambda: store.create(recipe()),
    )
    for write in writers:
        with pytest.raises(ExplorerError, match=r"^the disk is full: delete a run"):
            write()
    assert store.all() == [small, large] == Store(store.root).all()
    assert {folder.name for folder in store.root.iterdir() if folder.is_dir()} == {small.id, large.id}
    store.delete(large.id)
    store.rename(small.id, "new")
    assert [run.name for run in store.all()] == ["new"] and not large.folder.exists()


@pytest.mark.parametrize("room", [0, 60_000])
def test_a_run_that_fills_the_disk_says_that_it_is_full(disk, room):
    folder = disk / "run"
    wish = preset("digits", epochs=3, device="cpu", precision="float32")
    assert loop.train(wish, folder, should_stop=iter([False] * 3 + [True] * 9).__next__).state == "stopped"
    fill(disk, but=room)
    (folder / "recipe.json").unlink(missing_ok=True)
    outcome = loop.train(wish, folder)
    assert (outcome.state, outcome.reason) == ("failed", control.FULL)
    os.truncate(disk / "filler", 0)
    assert loop.train(wish, folder).state == "finished"


def test_a_run_that_could_not_write_why_it_ended_tells_it_by_its_exit_code(tmp_path, monkeypatch):
    store = Store(tmp_path / "runs")
    run = store.create(recipe())
    (run.folder / "recipe.json").write_text(run.recipe_json)
    monkeypatch.setattr(loop, "train", lambda recipe, folder: control.Outcome("failed", control.FULL))
    assert verdict(run, {}, loop.main(str(run.folder)), "", False) == ("failed", control.FULL)


def test_an_end_that_the_store_cannot_take_is_kept_until_it_can(disk):
    store = Store(disk / "runs")
    run = store.create(recipe())

    class Once(Local):
        """Its exit code can be asked for once, as that of a child can."""

        def __init__(self):
            super().__init__()
            self.ends = [("failed", "ended with exit code 5")]

        def alive(self, run):
            return False

        def verdict(self, run, means):
            return self.ends.pop()

    desk = Dispatcher(store, Once())
    store.claim(run.id, "cpu", desk.host)
    store.attach(run.id, 1, "a birth")
    fill(disk)
    with pytest.raises(ExplorerError, match="the disk is full"):
        desk.watch(store.get(run.id))
    os.truncate(disk / "filler", 0)
    desk.watch(store.get(run.id))
    assert store.get(run.id).reason == "ended with exit code 5"


@pytest.mark.slow
def test_a_dispatcher_begins_on_a_full_disk_and_waits_for_room(disk, capsys):
    store = Store(disk / "runs")
    run = store.create(recipe())

    class Roomy(Dispatcher):
        looks = 0

        def tick(self):
            self.looks += 1
            if self.looks == 3:
                os.truncate(disk / "filler", 0)
            super().tick()
            self.idle = 600 * (store.get(run.id).state == "queued")  # then there is nothing left to wait for
            return False

    class Idle(Local):
        def start(self, run, places):
            return 0, "never born"

    fill(disk)
    Roomy(store, Idle(), pause=0, idle=600).work()
    assert store.get(run.id).state == "running"
    assert capsys.readouterr().out.count("the disk is full") == 1
