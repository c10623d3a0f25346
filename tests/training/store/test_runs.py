import json
import multiprocessing
import sqlite3

import pytest

from explorer import paths
from explorer.errors import ExplorerError
from explorer.training.store import database
from explorer.training.store.runs import Store
from tests.training.helpers import recipe


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs")


def test_root_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "elsewhere"))
    assert Store().root == paths.runs() == tmp_path / "elsewhere"


def test_a_run_comes_back_as_it_was_put_in(store):
    wish = recipe(epochs=7)
    run = store.create(wish, name="  first\x00 run ", note="why\nnot", owner="token")
    assert (run.state, run.name, run.note, run.owner, run.recipe) == (
        "queued",
        "first run",
        "why\nnot",
        "token",
        wish.to_dict(),
    )
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


@pytest.mark.slow
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


def old_store(root):
    """A store as version 1 of the tables was, in WAL mode, with one run that ended and one that waits."""
    root.mkdir()
    with sqlite3.connect(root / "runs.sqlite") as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(database.VERSIONS[0])
        db.execute("PRAGMA user_version = 1")
        for number, state in ((1, "finished"), (2, "queued")):
            db.execute(
                "INSERT INTO runs (id, state, recipe, name, note, owner, created, queued) VALUES (?,?,?,?,'','',?,?)",
                (f"20260101-00000{number}-abcd", state, recipe().to_json(), "from before", number, number),
            )
    db.close()


def journal(store):
    with database.opened(store.file) as db:
        return db.execute("PRAGMA journal_mode").fetchone()[0]


def test_a_store_from_before_opens_with_its_runs_and_without_a_write_ahead_log(tmp_path):
    old_store(tmp_path / "runs")
    store = Store(tmp_path / "runs")
    assert [(run.name, run.state, run.sweep, run.host) for run in store.all()] == [
        ("from before", "queued", "", ""),
        ("from before", "finished", "", ""),
    ]
    assert journal(store) == journal(Store(store.root)) == "delete"
    assert not list(store.root.glob("runs.sqlite-*"))
    assert store.claim("20260101-000002-abcd", "cpu", "a") and store.get("20260101-000002-abcd").host == "a"
    assert store.create(recipe(), sweep="grid").sweep == "grid"


def _open(root, answers):
    answers.put([run.id for run in Store(root).all()])


def test_five_processes_open_an_old_store_at_once(tmp_path):
    old_store(tmp_path / "runs")
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    workers = [context.Process(target=_open, args=(tmp_path / "runs", answers)) for _ in range(5)]
    for worker in workers:
        worker.start()
    assert {tuple(answers.get(timeout=120)) for _ in workers} == {("20260101-000002-abcd", "20260101-000001-abcd")}
    for worker in workers:
        worker.join()


def test_a_store_from_a_newer_version_is_left_alone(store):
    with sqlite3.connect(store.file) as db:
        db.execute(f"PRAGMA user_version = {len(database.VERSIONS) + 1}")
    db.close()
    with pytest.raises(ExplorerError, match="written by a newer version"):
        Store(store.root)


def test_of_two_machines_that_want_the_lead_one_gets_it_and_keeps_it_while_it_speaks(store):
    assert store.leader() == ("", 0)
    assert store.lead("a", 0) and not store.lead("b", 0), "both had read the same"
    assert store.leader() == ("a", 1)
    assert store.lead("a", 1) and not store.lead("b", 1), "a has spoken since b looked"
    store.step_down("b")
    assert store.leader()[0] == "a", "only the leader steps down"
    store.step_down("a")
    host, beat = store.leader()
    assert host == "" and store.lead("b", beat)
