"""Real processes: stand-ins for runs, real dispatchers, real signals. No test is decided by time."""

import itertools
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys

import pytest

from explorer.errors import ExplorerError
from explorer.training.dispatch import launcher, on_demand, processes
from explorer.training.dispatch.dispatcher import Dispatcher
from explorer.training.dispatch.ending import log_tail, verdict
from explorer.training.dispatch.launcher import HERE, Local, environment, wanted
from explorer.training.store.database import Trouble
from explorer.training.store.runs import Store
from tests.training import standin
from tests.training.helpers import STANDIN, bury, dispatcher, ended, recipe, starts, until

pytestmark = pytest.mark.slow  # real processes


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "runs")
    yield store
    bury(store, str(STANDIN))


@pytest.fixture
def watch(store):
    """Starts dispatchers and sees that none is left."""
    started = []

    def start(gpus=0):
        started.append(dispatcher(store, gpus))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def stepping(store, run):
    return lambda: (run.folder / "progress.json").exists() and store.get(run.id).pid


def _create_ten(root):
    for _ in range(10):
        Store(root).create(recipe(epochs=1, device="auto"))


def test_fifty_runs_from_five_processes_run_once_each_under_two_dispatchers(store, watch):
    makers = [multiprocessing.get_context("fork").Process(target=_create_ten, args=(store.root,)) for _ in range(5)]
    for maker in makers:
        maker.start()
    until(store.all)
    first, second = watch(gpus=3), watch(gpus=3)
    for maker in makers:
        maker.join()
    until(lambda: len(store.all()) == 50 and not store.active(), 180)
    assert {run.state for run in store.all()} == {"finished"}
    assert [len(starts(run)) for run in store.all()] == [1] * 50
    assert min(first.stdout.read(), second.stdout.read()) == "another one works\n"


def test_one_cpu_run_at_a_time_in_the_order_of_the_queue(store, watch):
    runs = [store.create(recipe()) for _ in range(3)]
    watch()
    until(lambda: not store.active())
    times = [(store.get(run.id).began, store.get(run.id).ended) for run in runs]
    assert times == sorted(times)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(times)), times


def test_stop_is_asked_first_and_the_run_leaves_by_itself(store, watch):
    run = store.create(recipe(standin.ENDLESS, epochs=10_000))
    watch()
    pid = until(stepping(store, run))
    store.stop(run.id)
    final = until(ended(store, run))
    assert (final.state, final.pid) == ("stopped", None)
    assert "ended by" not in final.reason
    assert processes.born(pid) == ""


def test_a_deaf_run_is_ended_and_only_then_called_stopped(store, watch):
    run = store.create(recipe(standin.DEAF))
    watch()
    pid = until(stepping(store, run))
    birth = processes.born(pid)
    store.stop(run.id)
    until(lambda: not processes.alive(pid, birth) or store.get(run.id).state == "stopping")
    final = until(ended(store, run))
    assert not processes.alive(pid, birth)
    assert final.state == "stopped" and "ended by SIGKILL" in final.reason


def test_a_killed_dispatcher_leaves_the_run_alone_and_the_next_adopts_it(store, watch):
    run = store.create(recipe(standin.ENDLESS, epochs=10_000))
    first = watch()
    pid = until(stepping(store, run))
    first.kill()
    first.wait()
    birth = processes.born(pid)
    assert processes.alive(pid, birth)
    watch()
    before = store.get(run.id).heartbeat
    until(lambda: store.get(run.id).heartbeat > before)
    assert store.get(run.id).state == "running" and starts(run) == [pid]
    store.stop(run.id)
    assert until(ended(store, run)).state == "stopped"


def test_a_run_claimed_by_a_dispatcher_that_died_before_noting_the_number_is_found(store, watch):
    run = store.create(recipe(standin.ENDLESS, epochs=10_000))
    store.claim(run.id, "cpu")
    dead = Local(program=(str(STANDIN),))
    dead.start(run, ["cpu"])
    until(lambda: starts(run))
    watch()
    assert until(lambda: store.get(run.id).pid) == starts(run)[0]
    store.stop(run.id)
    assert until(ended(store, run)).state == "stopped"
    dead.children[run.id].wait()


def test_a_run_claimed_but_never_begun_begins(store, watch):
    run = store.create(recipe())
    store.claim(run.id, "cpu")
    watch()
    assert until(ended(store, run)).state == "finished"
    assert len(starts(run)) == 1


def test_a_killed_run_is_interrupted_with_the_reason_and_resumes(store, watch):
    run = store.create(recipe(standin.ENDLESS, epochs=40))
    watch()
    pid = until(stepping(store, run))
    until((run.folder / "state.txt").exists)
    os.kill(pid, signal.SIGKILL)
    final = until(ended(store, run))
    assert final.state == "interrupted"
    assert final.reason.startswith("killed by SIGKILL") and "the stand-in begins" in final.reason
    store.resume(run.id)
    watch()
    assert until(ended(store, run)).state == "finished"
    assert len(starts(run)) == 2


def test_a_run_that_died_unwatched_is_interrupted(store, watch):
    run = store.create(recipe())
    store.claim(run.id, "cpu")
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    store.attach(run.id, gone.pid, "another boot:1")
    watch()
    final = until(ended(store, run))
    assert final.state == "interrupted" and "was gone when it was looked for" in final.reason


def test_an_alien_process_with_the_same_number_is_neither_taken_nor_hurt(store, watch):
    run = store.create(recipe())
    alien = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    store.claim(run.id, "cpu")
    store.attach(run.id, alien.pid, "another boot:1")
    store.stop(run.id)
    watch()
    assert until(ended(store, run)).state == "stopped"
    assert alien.poll() is None
    alien.kill()
    alien.wait()


def test_failures_and_odd_ends_are_told_apart(store, watch):
    failed, odd = store.create(recipe(standin.FAILS)), store.create(recipe(standin.CRASHES))
    watch()
    assert until(ended(store, failed)).reason == "the loss is nan in epoch 1: lower the learning rate"
    assert store.get(failed.id).state == "failed"
    final = until(ended(store, odd))
    assert final.state == "interrupted"
    assert final.reason == "ended with exit code 5; last words: the stand-in begins / it cannot go on"


def test_a_folder_that_cannot_be_written_fails_the_run_and_not_the_dispatcher(store, watch):
    broken, whole = store.create(recipe()), store.create(recipe())
    broken.folder.rmdir()
    broken.folder.write_text("a file stands where the folder should be")
    watch()
    assert until(ended(store, whole)).state == "finished"
    final = store.get(broken.id)
    assert final.state == "failed" and final.reason.startswith("it could not be started")


def test_a_device_that_is_not_there_fails_with_what_is(store, watch):
    run = store.create(recipe(device="cuda:3"))
    watch()
    final = until(ended(store, run))
    assert final.state == "failed"
    assert "asks for cuda:3" in final.reason and "has cpu" in final.reason


def test_the_dispatcher_survives_a_store_that_does_not_answer(store, capsys):
    class Sulking(Dispatcher):
        ticks = 0

        def tick(self):
            self.ticks += 1
            if self.ticks == 1:
                raise Trouble("disk I/O error")
            self.idle = 0  # seen enough
            return False

    sulking = Sulking(store, Local(), pause=0, idle=60)
    assert sulking.run() and sulking.ticks > 1
    assert "disk I/O error" in capsys.readouterr().out


def test_the_dispatcher_leaves_when_the_folder_of_the_runs_is_gone(tmp_path):
    store = Store(tmp_path / "gone")
    run, process = store.create(recipe(epochs=500)), dispatcher(store)
    try:
        until(stepping(store, run))
        shutil.rmtree(store.root, ignore_errors=True)
        for pid in processes.find(str(STANDIN), str(run.folder)):
            os.kill(pid, signal.SIGKILL)  # it would make its part of the folder anew
        shutil.rmtree(store.root, ignore_errors=True)
        process.wait(timeout=120)
    finally:
        process.kill()
        process.communicate()


def test_ensure_starts_one_only_when_there_is_work(store, monkeypatch):
    calls = []
    monkeypatch.setattr(processes, "detached", lambda *command: calls.append(command))
    on_demand.ensure(store)
    assert calls == []
    store.create(recipe())
    on_demand.ensure(store)
    on_demand.ensure(store)
    assert len(calls) == 1, "a second one within seconds of the first"


def test_the_dispatcher_stays_small():
    """It may live for days beside a run on a GPU, and starts in a fraction of a second."""
    script = (
        "import sys, explorer.training.dispatch.dispatcher; print({'torch', 'numpy', 'streamlit'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=HERE)
    assert answer.stdout == "set()\n", answer.stderr


@pytest.mark.parametrize(
    ("device", "count", "free", "expected"),
    [
        ("auto", 1, ["cuda:1", "cpu"], ["cuda:1"]),
        ("auto", 2, ["cuda:0", "cuda:1", "cpu"], ["cuda:0", "cuda:1"]),
        ("auto", 3, ["cuda:0", "cuda:1", "cpu"], ["cpu"]),
        ("auto", 1, [], ["cuda:0"]),
        ("cpu", 4, [], ["cpu"]),
        ("cuda:1", 1, [], ["cuda:1"]),
    ],
)
def test_which_places_a_run_takes(monkeypatch, device, count, free, expected):
    monkeypatch.setattr(launcher, "cores", lambda: 4)
    assert wanted({"device": device, "processes": count}, ["cuda:0", "cuda:1", "cpu"], set(free)) == expected


@pytest.mark.parametrize(
    ("device", "count", "sentence"),
    [
        ("cuda:1", 2, "asks for cuda:1 for 2 processes, and this machine has cuda:0, cuda:1, cpu: start it with"),
        ("cuda", 3, "asks for cuda for 3 processes"),
        ("cuda:7", 1, "asks for cuda:7, and"),
        ("cpu", 5, "processes is 5: this machine has 4 cores for them, so give no more"),
        ("auto", 64, "processes is 64: this machine has 4 cores"),
    ],
)
def test_what_this_machine_does_not_have_is_refused(monkeypatch, device, count, sentence):
    monkeypatch.setattr(launcher, "cores", lambda: 4)
    with pytest.raises(ExplorerError, match=sentence):
        wanted({"device": device, "processes": count}, ["cuda:0", "cuda:1", "cpu"], set())


def test_threads_that_wait_do_not_spin(monkeypatch):
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    for places in (["cpu"], ["cuda:0"]):
        assert environment(places, 1, {})["OMP_WAIT_POLICY"] == "PASSIVE"
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    assert environment(["cpu"], 1, {})["OMP_WAIT_POLICY"] == "ACTIVE"


def test_gpus_are_shared_out_and_a_large_run_is_not_starved(store):
    class Silent(Local):
        def start(self, run, places):
            return 0, "never born"

    desk = Dispatcher(store, Silent(gpus=2))
    one, two, later = (store.create(recipe(device="auto", processes=count, batch_size=64)) for count in (1, 2, 1))
    on_cpu = store.create(recipe())
    desk.dispatch()
    assert [store.get(run.id).device for run in (one, two, later, on_cpu)] == ["cuda:0", "", "", "cpu"]
    store.settle(one.id, "finished")
    desk.dispatch()
    assert [store.get(run.id).device for run in (two, later)] == ["cuda:0,cuda:1", ""]


def test_a_run_sees_its_own_devices(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,7")
    assert environment(["cuda:1"], 1, {"device": "auto"})["CUDA_VISIBLE_DEVICES"] == "7"
    assert environment(["cuda:1"], 1, {"device": "cuda:1"})["CUDA_VISIBLE_DEVICES"] == "4,7"
    assert environment(["cpu"], 1, {})["CUDA_VISIBLE_DEVICES"] == ""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    assert environment(["cuda:0", "cuda:1"], 2, {})["CUDA_VISIBLE_DEVICES"] == "0,1"


@pytest.mark.parametrize(
    ("state", "said", "code", "means", "memory", "expected"),
    [
        ("running", {"state": "finished"}, 0, "", False, ("finished", "")),
        ("stopping", {"state": "finished"}, 0, "asked", False, ("finished", "")),
        ("running", {"state": "stopped", "reason": "SIGTERM"}, 0, "", False, ("interrupted", "SIGTERM")),
        ("stopping", {"state": "failed", "reason": "the disk is full"}, 1, "asked", False, ("failed", "disk is full")),
        ("running", {}, -9, "", True, ("interrupted", "out of memory; a smaller batch")),
        ("running", {}, -9, "", False, ("interrupted", "by hand, or by the system")),
        ("running", {}, -11, "", False, ("interrupted", "killed by SIGSEGV")),
        ("running", {}, 1, "", False, ("failed", "exit code 1")),
        ("stopping", {}, None, "SIGTERM", False, ("stopped", "ended by SIGTERM")),
    ],
)
def test_verdicts(store, state, said, code, means, memory, expected):
    run = store.create(recipe())
    store.claim(run.id, "cpu")
    if state == "stopping":
        store.stop(run.id)
    found, reason = verdict(store.get(run.id), said, code, means, memory)
    assert found == expected[0] and expected[1] in reason


def test_the_log_is_read_from_its_end_by_whole_lines(tmp_path):
    assert log_tail(tmp_path) == ""
    (tmp_path / "log.txt").write_bytes(b"first line\n" + "τ".encode() * 30 + b"\n10%\r20%\nlast \xff")
    assert log_tail(tmp_path, 20) == "20%\nlast �"
    assert log_tail(tmp_path).startswith("first line\n")
