import json
import multiprocessing
import sqlite3

import pytest

from explorer.errors import ExplorerError
from explorer.training.runs import Store, default_root
from tests.training.helpers import recipe


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs")


def test_root_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "elsewhere"))
    assert Store().root == default_root() == tmp_path / "elsewhere"


def test_a_run_comes_back_as_it_was_put_in(store):
    wish = recipe(epochs=7)
    run = store.create(wish, name="  first\x00 run ", note="why\nnot", owner="token")
    assert (run.state, run.name, run.note, run.owner, run.recipe) == (
        "queued", "first run", "why\nnot", "token", wish.to_dict())  # fmt: skip
    assert json.loads(run.recipe_json) == wish.to_dict()
    assert Store(store.root).get(run.id) == run
    assert run.folder.is_dir() and run.folder.parent == store.root


@pytest.mark.parametrize(
    "bad", ["", "..", "../runs", "20261121-083012-ab12/..", "20261121-083012-AB12", "' OR 1=1 --", "é" * 1000, None, 7]
)
def test_ids_that_are_none_are_refused(store, bad):
    for use in (store.get, store.stop, store.delete, store.resume):
        with pytest.raises(ExplorerError, match="is no run id"):
            use(bad)


def test_unknown_id_says_so(store):
    with pytest.raises(ExplorerError, match="there is no run 20000101-000000-0000"):
        store.get("20000101-000000-0000")


def test_states_move_only_along_the_arrows(store):
    run = store.create(recipe())
    assert not store.settle(run.id, "finished"), "a queued run cannot end"
    with pytest.raises(ExplorerError, match="only an ended run"):
        store.resume(run.id)
    assert store.claim(run.id, "cpu")
    assert not store.claim(run.id, "cpu"), "claimed twice"
    with pytest.raises(ExplorerError, match="stop it before"):
        store.delete(run.id)
    assert store.stop(run.id).state == "stopping"
    assert (run.folder / "stop").exists()
    assert store.settle(run.id, "stopped", "stopped in epoch 2")
    assert not store.settle(run.id, "failed"), "ended twice"
    assert store.get(run.id).reason == "stopped in epoch 2"
    assert store.resume(run.id).state == "queued"
    store.delete(run.id)
    assert not run.folder.exists()
    assert store.all() == []


def test_a_waiting_run_is_stopped_at_once_and_a_stopped_one_stays(store):
    run = store.create(recipe())
    assert store.stop(run.id).state == "stopped"
    assert store.stop(run.id).state == "stopped"


def test_more_epochs_extend_a_finished_run_and_keep_its_fingerprint(store):
    wish = recipe(epochs=3)
    run = store.create(wish)
    store.claim(run.id, "cpu")
    store.settle(run.id, "finished")
    with pytest.raises(ExplorerError, match="how many epochs more"):
        store.resume(run.id)
    longer = wish.from_dict(store.resume(run.id, 4).recipe)
    assert (longer.epochs, longer.fingerprint) == (7, wish.fingerprint)


def test_queue_places_count_only_those_who_wait(store):
    first, second, third = (store.create(recipe()) for _ in range(3))
    store.claim(first.id, "cpu")
    assert [store.place(run.id) for run in (first, second, third)] == [0, 1, 2]
    store.settle(first.id, "interrupted")
    store.resume(first.id)
    assert store.place(first.id) == 3, "a resumed run waits behind those who wait already"


def test_a_claim_without_a_process_waits_again_at_its_place(store):
    first, second = store.create(recipe()), store.create(recipe())
    store.claim(first.id, "cpu")
    store.requeue(first.id)
    assert [run.id for run in store.active()] == [first.id, second.id]
    store.claim(first.id, "cpu")
    store.stop(first.id)
    store.requeue(first.id)
    assert store.get(first.id).state == "stopped", "asked to stop before it was a process"


def test_an_unusable_folder_is_said_in_one_sentence(tmp_path, store):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExplorerError, match="point EXPLORER_RUNS elsewhere"):
        Store(tmp_path / "file" / "runs")
    store.file.write_bytes(b"this is no database" * 100)
    with pytest.raises(ExplorerError, match="cannot be used"):
        Store(store.root)


def test_a_row_of_another_version_hides_no_other(store):
    kept, odd = store.create(recipe()), store.create(recipe())
    with sqlite3.connect(store.file) as db:
        db.execute("UPDATE runs SET recipe = ? WHERE id = ?", ('{"momentum2": 1}', odd.id))
    db.close()
    assert {run.id for run in store.all()} == {kept.id, odd.id}
    store.stop(odd.id)
    with pytest.raises(ExplorerError, match="momentum2"):
        store.resume(odd.id)


def _create_and_claim(root, count, answers):
    store = Store(root)
    made = [store.create(recipe()).id for _ in range(count)]
    won = [run.id for run in store.all() if store.claim(run.id, "cpu")]
    answers.put((made, won))


def test_five_processes_create_and_claim_fifty_runs_once_each(tmp_path):
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    workers = [context.Process(target=_create_and_claim, args=(tmp_path / "runs", 10, answers)) for _ in range(5)]
    for worker in workers:
        worker.start()
    results = [answers.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    made = [run_id for ids, _ in results for run_id in ids]
    won = [run_id for _, ids in results for run_id in ids]
    store = Store(tmp_path / "runs")
    won += [run.id for run in store.all() if store.claim(run.id, "cpu")]  # created after everyone's last look
    assert len(set(made)) == 50
    assert sorted(won) == sorted(made), "every run was claimed exactly once"
