"""One way into the queue: page and command line meet the same limits, and nobody waits for one who queues many."""

import threading

import pytest

from explorer.errors import ExplorerError
from explorer.training import __main__ as command
from explorer.training.dispatch import submit
from explorer.training.recipe.recipe import preset
from explorer.training.store import sweeps
from explorer.training.store.limits import Visitor
from explorer.training.store.runs import Store
from tests.training.helpers import unserved

RECIPE = preset("digits", epochs=1)


@pytest.fixture
def store(tmp_path, monkeypatch):
    return unserved(tmp_path, monkeypatch)


def test_the_queue_has_an_end_for_the_command_line_as_for_the_page(store, monkeypatch, capsys):
    monkeypatch.setenv("EXPLORER_MAX_QUEUE", "2")
    assert command.main(["start", "--preset", "digits", "--epochs", "1"]) == 0
    run = submit.submit(store, RECIPE, Visitor("me"))
    assert command.main(["start", "--preset", "digits"]) == 2
    assert "this server allows 2, so wait for one to end" in capsys.readouterr().err
    with pytest.raises(ExplorerError, match="allows 2"):
        submit.submit(store, RECIPE, Visitor("you"))
    store.stop(run.id)
    submit.submit(store, RECIPE, "terminal:me")
    assert command.main(["resume", run.id]) == 2 and store.get(run.id).state == "stopped"
    assert len(store.all()) == 3


def test_a_visitor_has_an_end_of_their_own_and_a_terminal_has_not(store, monkeypatch):
    monkeypatch.setenv("EXPLORER_MAX_QUEUE_EACH", "2")
    first, _ = (submit.submit(store, RECIPE, Visitor("me")) for _ in range(2))
    with pytest.raises(ExplorerError, match="2 of your runs wait or run already: this server allows 2 a visitor"):
        submit.submit(store, RECIPE, Visitor("me"))
    submit.submit(store, RECIPE, Visitor("you"))
    for _ in range(4):
        submit.submit(store, RECIPE, "terminal:me")
    first = store.stop(first.id)
    submit.submit(store, RECIPE, Visitor("me"))
    with pytest.raises(ExplorerError, match="a visitor"):
        submit.resume(store, first, Visitor("me"))
    submit.resume(store, first, "terminal:me")


def test_a_teachers_sweep_is_resumed_from_the_page_whatever_a_visitor_may_have(store):
    recipes = [preset("digits", epochs=1, seed=seed) for seed in range(8)]
    runs, _ = submit.submit_sweep(store, "some", recipes, "terminal:teacher")
    sweeps.stop(store, "some")
    assert submit.resume_sweep(store, "some", Visitor("me")) == len(runs) == 8


def test_of_many_who_ask_at_once_no_more_than_fit_are_queued(store, monkeypatch):
    monkeypatch.setenv("EXPLORER_MAX_QUEUE", "3")
    refused, start = [], threading.Barrier(8)

    def ask(number):
        start.wait()
        try:
            submit.submit(Store(), RECIPE, Visitor(str(number)))
        except ExplorerError as error:
            refused.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.active()) == 3 and len(refused) == 5


def test_everybodys_first_run_comes_before_anybodys_second(store):
    order = [store.create(RECIPE, owner=owner) for owner in ("a", "a", "a", "b", "c", "b")]
    assert [store.place(run.id) for run in order] == [1, 4, 6, 2, 3, 5]
    assert [run.id for run in store.active()] == [order[place].id for place in (0, 3, 4, 1, 5, 2)]
    store.claim(order[0].id, "cpu")  # one of a's is at work: it is their first
    assert [run.id for run in store.active()] == [order[place].id for place in (0, 3, 4, 1, 5, 2)]
    assert store.place(store.create(RECIPE, owner="d").id) == 3
