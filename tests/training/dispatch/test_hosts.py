"""Several machines on one store, played by processes of this one that go by other names. No test is decided by time:
a lease or a silence is either far longer than a test or has run out at once.
"""

import os
import signal
import subprocess
import sys

import pytest
from filelock import FileLock

from explorer import files
from explorer.training.dispatch import lost, processes
from explorer.training.dispatch.dispatcher import Dispatcher
from explorer.training.dispatch.launcher import Local
from explorer.training.store.runs import Store
from explorer.training.work import metrics
from explorer.training.work.control import held
from tests.training import standin
from tests.training.helpers import STANDIN, bury, dispatcher, ended, recipe, starts, until

pytestmark = pytest.mark.slow  # real processes


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "runs")
    yield store
    bury(store, str(STANDIN))


@pytest.fixture
def machine(store):
    """Starts the dispatcher of a machine and sees that none is left."""
    started = []

    def machine(host, **patience):
        started.append(dispatcher(store, host=host, **patience))
        return started[-1]

    yield machine
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def leads(store, host):
    return lambda: store.leader()[0] == host


def desk(store, host, **patience):
    """A dispatcher in this process, to be moved look by look."""
    return Dispatcher(store, Local(program=(str(STANDIN),)), host=host, **{"lease": 1e9, "silence": 1e9, **patience})


def kill(process):
    process.kill()
    process.wait()


def test_of_two_machines_one_gives_out_places_and_both_show_the_same(store, machine):
    first, *others = (store.create(recipe(standin.ENDLESS, epochs=10_000)), *(store.create(recipe()) for _ in range(4)))
    one = machine("a")
    until(leads(store, "a"))
    two = machine("b")
    until((store.root / "dispatcher-b.lock").exists)
    store.stop(first.id)
    until(lambda: not store.active())
    assert {run.host for run in Store(store.root).all()} == {"a"}
    assert [len(starts(run)) for run in others] == [1] * 4
    assert one.stdout.read() == "worked\n" and two.stdout.read() == "worked\n", "both have left by themselves"
    assert store.leader()[0] == ""


def test_a_leader_that_dies_is_replaced_and_its_run_goes_on_where_it_is(store, machine):
    theirs = store.create(recipe(standin.ENDLESS, epochs=10_000))
    one = machine("a")
    until(lambda: store.get(theirs.id).pid and starts(theirs))
    waiting = store.create(recipe())
    kill(one)
    machine("b", lease=0.5)
    until(leads(store, "b"))
    assert until(ended(store, waiting)).host == "b"
    assert store.get(theirs.id).state == "running" and len(starts(theirs)) == 1
    machine("a")  # comes back, does not lead, and looks after its own run
    before = store.get(theirs.id).heartbeat
    until(lambda: store.get(theirs.id).heartbeat > before)
    store.stop(theirs.id)
    assert until(ended(store, theirs)).state == "stopped"


def test_a_dispatcher_that_dies_is_replaced_on_its_own_machine_without_waiting(store, machine):
    run = store.create(recipe(standin.ENDLESS, epochs=10_000))
    one = machine("a")
    until(lambda: store.get(run.id).pid)
    waiting = store.create(recipe())
    kill(one)
    machine("a", lease=1e9)
    store.stop(run.id)
    assert until(ended(store, waiting)).state == "finished"


def test_a_number_of_another_machine_is_neither_taken_nor_hurt_nor_missed(store, machine):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as alien:
        alike, gone = store.create(recipe()), store.create(recipe())
        for run, pid, birth in ((alike, alien.pid, processes.born(alien.pid)), (gone, alien.pid, "another boot:1")):
            store.claim(run.id, "cpu", "far")
            store.attach(run.id, pid, birth)
            store.stop(run.id)
        ours = store.create(recipe())
        machine("here")
        assert until(ended(store, ours)).host == "here", "a place of another machine is none of ours"
        assert alien.poll() is None
        assert [store.get(run.id).state for run in (alike, gone)] == ["stopping", "stopping"]
        alien.kill()


def test_a_run_whose_machine_is_gone_is_interrupted_and_goes_on_elsewhere(store, machine):
    run = store.create(recipe(standin.ENDLESS, epochs=30))
    one = machine("a")
    until(lambda: starts(run) and store.get(run.id).pid)
    kill(one)
    os.kill(starts(run)[0], signal.SIGKILL)
    machine("b", lease=0.5, silence=0.5)
    lost_one = until(ended(store, run))
    assert lost_one.state == "interrupted" and lost_one.reason.startswith("nothing was heard of it on a for")
    store.resume(run.id)
    machine("b", lease=0.5)
    final = until(ended(store, run))
    assert (final.state, final.host, len(starts(run))) == ("finished", "b", 2)


def test_a_silent_run_is_not_lost_while_a_process_holds_its_folder(store):
    run = store.create(recipe())
    store.claim(run.id, "cpu", "far")
    here = desk(store, "here", silence=-1)
    with FileLock(run.folder / "lock"):
        here.tick()
        here.tick()
        assert store.get(run.id).state == "running"
    here.tick()
    assert store.get(run.id).state == "interrupted"


@pytest.mark.parametrize(
    ("said", "state"), [("finished", "finished"), ("failed", "failed"), ("stopped", "interrupted")]
)
def test_what_a_run_said_of_its_end_counts_on_every_machine(store, said, state):
    run = store.create(recipe())
    store.claim(run.id, "cpu", "far")
    files.write(run.folder / "outcome.json", f'{{"state": "{said}", "reason": "so it is"}}'.encode())
    desk(store, "here", silence=-1).tick()
    assert store.get(run.id).state == state


def test_silence_is_timed_from_the_last_change_by_our_own_clock(store):
    run = store.create(recipe())
    store.claim(run.id, "cpu", "far")
    still = lost.Still()
    still.seconds(lost.signs(store.get(run.id)))
    since = still.since
    still.seconds(lost.signs(store.get(run.id)))
    assert still.since == since, "nothing has changed"
    metrics.write_progress(run.folder, {"epoch": 1})
    still.seconds(lost.signs(store.get(run.id)))
    assert still.since > since
    since = still.since
    store.beat([run.id])
    still.seconds(lost.signs(store.get(run.id)))
    assert still.since > since, "its own dispatcher has seen it"
    store.delete(store.create(recipe()).id)
    assert lost.signs(store.get(run.id)) and not held(run.folder)


def test_the_lead_is_kept_by_who_speaks_and_lost_by_who_does_not(store):
    a, b = desk(store, "a"), desk(store, "b")
    assert a.lead() and not b.lead() and a.lead() and not b.lead()
    b.lease = -1
    assert b.lead() and not a.lead(), "a waits in its turn"
    store.step_down("b")
    assert a.lead() and desk(store, "a").lead(), "a new one on the same machine, whose lock shows that the old is gone"


def test_only_the_leader_minds_a_run_that_no_machine_owns(store):
    run = store.create(recipe())
    store.claim(run.id, "a node of a cluster")
    a, b = desk(store, "a"), desk(store, "b")
    a.leading = True
    assert a.mine(store.get(run.id)) and not b.mine(store.get(run.id))


def test_the_name_of_a_machine(monkeypatch):
    monkeypatch.setenv("EXPLORER_HOST", "lab-7")
    assert processes.host() == "lab-7"
    monkeypatch.setenv("EXPLORER_HOST", " ")
    assert processes.host() == os.uname().nodename
