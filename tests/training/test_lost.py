"""What is lost is said on the page: checkpoints that cannot be read, a run's folder; and no path of this machine is."""

import shutil
from pathlib import Path

import pytest

from explorer.paths import CODE, private
from explorer.training.dispatch.ending import verdict
from explorer.training.recipe.recipe import preset
from explorer.training.store.runs import Store
from explorer.training.store.status import status
from explorer.training.work.loop import train
from tests.training.helpers import recipe


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    return Store()


def test_a_run_that_begins_again_for_want_of_checkpoints_says_so_while_it_runs_and_after(store):
    run = store.create(preset("digits", epochs=1, device="cpu", precision="float32"))
    store.claim(run.id, "cpu")
    for name in ("last.pt", "prev.pt"):
        (run.folder / name).write_bytes(b"not a checkpoint")
    told = []

    def look(_progress):
        told.extend(status(store, store.get(run.id)).remarks)

    wish = preset("digits", epochs=1, device="cpu", precision="float32")
    assert train(wish, run.folder, on_progress=look).state == "finished"
    store.settle(run.id, "finished")
    (remark,) = status(store, store.get(run.id)).remarks
    assert "last.pt cannot be read" in remark and "prev.pt cannot be read" in remark
    assert "started from the beginning" in remark and set(told) == {remark}


def test_a_run_whose_folder_was_deleted_says_so_and_can_be_deleted(store):
    run = store.create(recipe())
    assert status(store, run).remarks == ()
    shutil.rmtree(run.folder)
    (remark,) = status(store, run).remarks
    assert "folder of this run was deleted" in remark
    store.stop(run.id)
    store.delete(run.id)
    assert store.all() == []


@pytest.mark.parametrize("code", [1, 0, -9, None])
def test_a_run_whose_folder_is_deleted_while_it_runs_ends_as_that(store, code):
    run = store.create(recipe())
    shutil.rmtree(run.folder)
    assert verdict(run, {}, code, "", False) == (
        "failed",
        "its folder was deleted while it ran: what it had learned is gone",
    )


def test_a_run_that_loses_its_folder_fails_in_these_words(store):
    run = store.create(preset("digits", epochs=2, device="cpu", precision="float32"))

    def delete(progress):
        if progress["phase"] == "testing":
            shutil.rmtree(run.folder, ignore_errors=True)

    outcome = train(preset("digits", epochs=2, device="cpu", precision="float32"), run.folder, on_progress=delete)
    assert outcome.state == "failed" and "its folder was deleted" in outcome.reason and not run.folder.exists()


def test_a_path_of_our_own_is_shown_from_its_last_folder_on(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "school" / "runs"))
    where = tmp_path / "school" / "runs"
    assert private(f"the folder {where} is odd, {where}/20260101-000000-abcd/last.pt too.") == (
        "the folder runs is odd, runs/20260101-000000-abcd/last.pt too."
    )
    assert private(f"{where}x and {where}-2") == f"{where}x and {where}-2"
    assert str(CODE) not in private(f'File "{CODE}/explorer/paths.py", line 3') and "/" in private("3/4 of / and /etc")
    assert str(Path.home()) not in private(f"{Path.home()}/data")
