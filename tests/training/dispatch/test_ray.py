"""Runs on a real Ray cluster of three nodes on this machine, and what is said where there is no such cluster."""

import contextlib
import http.server
import json
import os
import re
import signal
import socketserver
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from explorer.training.dispatch import processes, ray_cluster
from explorer.training.dispatch.dispatcher import Dispatcher
from explorer.training.dispatch.ending import log_tail
from explorer.training.dispatch.launcher import HERE
from explorer.training.dispatch.ray_cluster import Cluster
from explorer.training.dispatch.ray_job import JOB
from explorer.training.dispatch.ray_launcher import Ray
from explorer.training.dispatch.ray_needs import Needs, environment, needed
from explorer.training.recipe.recipe import Recipe
from explorer.training.store.runs import ENDED, Store
from explorer.training.work import checkpoint, metrics
from tests.training.dispatch.ray_stage import Stage, free_port
from tests.training.helpers import recipe, until

pytestmark = pytest.mark.slow  # real processes

LONG = 300  # seconds; only a failure takes them
ENDLESS = 10_000  # epochs
with_ray = pytest.mark.needs("ray")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("shared") / "runs")


@pytest.fixture(scope="module")
def stage(store, tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("stage"), store.root)
    yield stage
    stage.close()


def ended(store, run):
    return until(lambda: (now := store.get(run.id)).state in ENDED and now, LONG)


def trains(store, run, epoch=1):
    """The run, once it has so many epochs behind it and its place is known."""

    def now():
        seen = store.get(run.id)
        assert seen.state not in ENDED, seen.reason
        return seen.alive and len(metrics.read(run.folder)) >= epoch and seen

    return until(now, LONG)


def pids(run):
    return [json.loads(file.read_text())["pid"] for file in run.folder.glob("rank-*.json")]


@with_ray
def test_of_three_runs_two_train_one_waits_and_a_stop_makes_room(stage, store):
    first, second = (store.create(recipe(seed, epochs=ENDLESS)) for seed in (1, 2))
    assert {trains(store, run).device for run in (first, second)} == {"one, 1 CPU", "two, 1 CPU"}
    third, astray = store.create(recipe(3, epochs=2)), store.create(recipe(4, epochs=2))
    until(lambda: store.get(astray.id).reason == "place 2 of 2 in Ray's queue, asks for 1 CPU", LONG)
    until(lambda: store.get(third.id).reason == "place 1 of 2 in Ray's queue, asks for 1 CPU", LONG)
    assert store.get(third.id).state == "queued"
    (astray.folder / JOB).write_text("what a node finds that has another folder under this path")
    store.stop(first.id)
    stopped = ended(store, first)
    assert (stopped.state, stopped.pid) == ("stopped", None) and "ended by" not in stopped.reason
    saved, note = checkpoint.load(first.folder, Recipe.from_dict(first.recipe).fingerprint)
    assert saved["epoch"] >= 1 and not note
    assert (ended(store, third).state, len(metrics.read(third.folder))) == ("finished", 2)
    assert (third.folder / "weights.safetensors").exists() and "epoch 2: " in log_tail(third.folder)
    failed = ended(store, astray)
    assert failed.state == "failed" and re.fullmatch(
        f"the runs folder {store.root} of the app is not the one on node .*: set EXPLORER_RUNS to .*", failed.reason
    )
    assert not (astray.folder / "log.txt").exists()
    store.stop(second.id)
    assert ended(store, second).state == "stopped"


@with_ray
def test_a_run_whose_node_dies_is_interrupted_and_resumes_on_another(stage, store):
    run = store.create(recipe(5, epochs=ENDLESS))
    node = trains(store, run, 2).device.partition(",")[0]
    births = {pid: processes.born(pid) for pid in pids(run)}
    stage.tell(f"kill {node}")
    lost = ended(store, run)
    assert lost.state == "interrupted" and lost.reason.startswith(f"its node died ({node})")
    until(lambda: not any(processes.alive(pid, birth) for pid, birth in births.items()), LONG)
    before = metrics.read(run.folder)[-1]["epoch"]
    store.resume(run.id)
    again = trains(store, run, before + 2)
    assert again.device == {"one": "two, 1 CPU", "two": "one, 1 CPU"}[node]
    epochs = [line["epoch"] for line in metrics.read(run.folder)]
    assert epochs == list(range(1, len(epochs) + 1))
    assert int(re.search(r"resumed at epoch (\d+)", log_tail(run.folder, 10**6))[1]) in (before - 1, before)
    store.stop(run.id)
    assert ended(store, run).state == "stopped"
    stage.tell(f"add {node} 1 0")


@with_ray
def test_what_the_cluster_cannot_hold_waits_with_the_reason(stage, store):
    run = store.create(recipe(6, processes=64))
    until(lambda: store.get(run.id).reason == "asks for 64 CPUs over nodes, and the cluster has 2 in all", LONG)
    assert store.get(run.id).state == "queued"
    store.stop(run.id)
    assert store.get(run.id).state == "stopped"


@with_ray
def test_a_run_that_may_choose_takes_a_gpu_and_the_next_can_be_stopped_while_it_waits(stage, store):
    run = store.create(recipe(9, epochs=ENDLESS, device="auto"))
    assert trains(store, run).device == "three, 1 GPU"
    assert re.match(r"Ray job .* on .*, GPU 0\n", log_tail(run.folder, 10**6))
    later = store.create(recipe(9, device="auto"))
    until(lambda: store.get(later.id).reason == "place 1 of 1 in Ray's queue, asks for 1 GPU", LONG)
    store.stop(later.id)
    assert store.get(later.id).state == "stopped"
    until(lambda: not (later.folder / JOB).exists(), LONG)
    store.stop(run.id)
    assert ended(store, run).state == "stopped"
    desk = Cluster(stage.address)  # Ray stops no job before it begins: it begins now, and finds nothing to do
    until(lambda: not desk.look() and next(j for k, j in desk.jobs.items() if k.startswith(later.id)).end_time, LONG)
    assert not (later.folder / "log.txt").exists()


@with_ray
def test_a_job_that_is_stopped_on_the_cluster_is_interrupted_with_its_work_saved(stage, store):
    run = store.create(recipe(10, epochs=ENDLESS))
    desk = Ray(stage.address, store.root)
    assert desk.look() == ""
    desk.end(trains(store, run), signal.SIGTERM)
    final = ended(store, run)
    assert final.state == "interrupted" and final.reason.endswith("saved before it left")
    assert checkpoint.load(run.folder, Recipe.from_dict(run.recipe).fingerprint)[0]["epoch"] >= 1


@with_ray
def test_a_run_whose_job_the_cluster_has_forgotten_is_interrupted(stage, tmp_path):
    store = Store(tmp_path / "runs")
    run = store.create(recipe())
    store.claim(run.id, "one, 1 CPU")
    store.attach(run.id, 0, "a job of the cluster before this one")
    Dispatcher(store, Ray(stage.address, store.root)).tick()
    final = store.get(run.id)
    assert (final.state, final.reason) == ("interrupted", "the cluster does not know its job any more")


@with_ray
def test_processes_on_two_nodes_make_the_steps_of_one(stage, store):
    slow = {"epochs": 2, "learning_rate": 0.01}  # at a high rate rounding alone leads two runs apart
    one, two = (store.create(recipe(7, processes=count, **slow)) for count in (1, 2))
    assert ended(store, one).state == "finished"
    final = ended(store, two)
    assert (final.state, final.device.partition(", ")[2]) == ("finished", "2 CPUs over nodes"), final.reason
    for theirs, ours in zip(metrics.read(one.folder), metrics.read(two.folder), strict=True):
        assert ours["train_loss"] == pytest.approx(theirs["train_loss"], rel=1e-5)
        assert ours["test_accuracy"] == pytest.approx(theirs["test_accuracy"], abs=0.06)  # one image of 1797
    assert len(set(pids(two))) == 2 and log_tail(two.folder).count("epoch 2: ") == 1


@with_ray
def test_a_sweep_of_two_by_two_from_the_command_line(stage, tmp_path):
    """In a store of its own, whose dispatcher the command starts; the other store's jobs are none of its business."""
    store = Store(tmp_path / "runs")
    variables = {"EXPLORER_RUNS": str(store.root), "EXPLORER_RAY": stage.address, "EXPLORER_RAY_CPUS": "1"}
    grid = ["--models", "digits-cnn,mlp", "--seeds", "0,1", "--preset", "digits", "--epochs", "1", "--device", "cpu"]
    command = [sys.executable, "-m", "explorer.training", "sweep", *grid]
    try:
        said = subprocess.run(command, env={**os.environ, **variables}, cwd=HERE, capture_output=True, text=True)
        assert said.returncode == 0 and "4 queued" in said.stdout, said
        until(lambda: not store.active(), LONG)
    finally:
        with contextlib.suppress(OSError):
            pid = int((store.root / "dispatcher.pid").read_text())
            processes.end(pid, processes.born(pid), signal.SIGKILL)
    assert [run.state for run in store.all()] == ["finished"] * 4, [run.reason for run in store.all()]
    assert all(run.device in ("one, 1 CPU", "two, 1 CPU") for run in store.all())
    assert len({(run.recipe["model"], run.recipe["seed"]) for run in store.all()}) == 4


@with_ray
def test_a_cluster_that_goes_takes_no_run_and_no_process_with_it(stage, store):
    run = store.create(recipe(8, epochs=ENDLESS))
    trains(store, run)
    births = {pid: processes.born(pid) for pid in pids(run)}
    assert stage.close() == "left behind: []\n"
    assert not any(processes.alive(pid, birth) for pid, birth in births.items())
    desk = Dispatcher(store, Ray(stage.address, store.root))
    desk.tick()
    now = store.get(run.id)
    assert now.state == "running" and "cannot be reached" in now.reason


class Answer(http.server.BaseHTTPRequestHandler):
    """Says which Ray it is, and knows nothing else."""

    def do_GET(self):
        known = self.path == "/api/version" and self.server.says
        body = json.dumps(self.server.says if known else {}).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Garbage(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"\x00\x00\x12\x04 no words of HTTP\r\n")


class Silence(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.recv(10_000)
        self.server.over.wait()


@contextlib.contextmanager
def answering(handler, says=None):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.says, server.over = says, threading.Event()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("address", ["head:8265", "ray://head:10001", "auto", ""])
def test_what_is_no_address(address):
    assert re.fullmatch(
        "EXPLORER_RAY is .*, which is no http address: give .* http://head:8265", Cluster(address).look()
    )


def test_who_does_not_answer_or_is_no_cluster(monkeypatch):
    closed = f"http://127.0.0.1:{free_port()}"
    said = f"the cluster at {closed} cannot be reached \\(.*refused\\): start it or mend EXPLORER_RAY"
    assert re.fullmatch(said, Cluster(closed).look())
    for handler, says in ((Answer, None), (Garbage, None), (Answer, {"version": 4})):
        with answering(handler, says) as address:
            assert "where something else than Ray's job server answers" in Cluster(address).look()
    monkeypatch.setattr(ray_cluster, "ANSWER", 0.2)
    with answering(Silence) as address:
        assert "cannot be reached (timed out)" in Cluster(address).look()


@with_ray
def test_another_version_is_named_with_what_to_do():
    with answering(Answer, {"ray_version": "1.13.0"}) as address:
        said = (
            f"the cluster at {address} runs Ray 1.13.0 and this app has Ray .*: install ray\\[default\\]==1.13.0 here"
        )
        assert re.fullmatch(said, Cluster(address).look())
    import ray

    with answering(Answer, {"ray_version": ray.__version__}) as address:  # and answers no question about jobs
        assert "do not understand each other" in Cluster(address).look()


def test_without_ray_the_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with answering(Answer, {"ray_version": "2.60.0"}) as address:
        assert Cluster(address).look().endswith("pip install -r requirements-cluster.txt")


def test_runs_outlive_every_address_that_is_wrong(tmp_path):
    store = Store(tmp_path / "runs")
    waiting, working = store.create(recipe()), store.create(recipe())
    store.claim(working.id, "one, 1 CPU")
    store.attach(working.id, 0, "a job")
    for address in ("head:8265", f"http://127.0.0.1:{free_port()}"):
        desk = Dispatcher(store, Ray(address, store.root))
        assert desk.tick() and desk.tick()
        assert [store.get(run.id).state for run in (waiting, working)] == ["queued", "running"]
        assert {store.get(run.id).reason for run in (waiting, working)} == {desk.launcher.look()}
    store.stop(waiting.id)
    assert store.get(waiting.id).state == "stopped"


def test_cores_that_are_no_number_are_said_of_every_run(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RAY_CPUS", "two")
    store = Store(tmp_path / "runs")
    run = store.create(recipe())
    Dispatcher(store, Ray("http://head:8265", store.root)).tick()
    now = store.get(run.id)
    assert now.state == "queued" and now.reason.startswith("EXPLORER_RAY_CPUS is 'two': give a whole number")


def test_a_job_is_told_what_the_app_was_told_and_where_to_stay(monkeypatch):
    monkeypatch.setenv("EXPLORER_FOLDERS", "/pictures")
    monkeypatch.setenv("EXPLORER_RAY", "http://head:8265")
    monkeypatch.setenv("EXPLORER_THREADS", "3")  # of the app's machine
    told = environment(Needs("CPU", 4), processes=2)
    assert (told["EXPLORER_FOLDERS"], told["OMP_NUM_THREADS"], told["CUDA_VISIBLE_DEVICES"]) == ("/pictures", "2", "")
    assert told["OMP_WAIT_POLICY"] == "PASSIVE"
    assert not {"EXPLORER_RAY", "EXPLORER_THREADS"} & told.keys()
    assert "CUDA_VISIBLE_DEVICES" not in environment(Needs("GPU", 1), 1)


@pytest.mark.parametrize(
    ("device", "count", "expected"),
    [
        ("auto", 1, "1 GPU"),
        ("auto", 4, "4 GPUs"),
        ("auto", 6, "6 GPUs over nodes"),
        ("auto", 7, "14 CPUs"),
        ("cuda:3", 1, "1 GPU"),
        ("cuda", 7, "7 GPUs over nodes"),
        ("cpu", 1, "2 CPUs"),
        ("cpu", 9, "18 CPUs over nodes"),
    ],
)
def test_what_a_run_asks_of_the_cluster(monkeypatch, device, count, expected):
    """Of one with a node of 4 GPUs and 16 CPUs, one of 2 GPUs and 8 CPUs, and one that died."""
    monkeypatch.delenv("EXPLORER_RAY_CPUS", raising=False)
    cluster = Cluster("http://head:8265")
    rooms = [("ALIVE", {"GPU": 4.0, "CPU": 16.0}), ("ALIVE", {"GPU": 2.0, "CPU": 8.0}), ("DEAD", {"GPU": 64.0})]
    cluster.nodes = {at: SimpleNamespace(state=state, resources_total=room) for at, (state, room) in enumerate(rooms)}
    assert str(needed({"device": device, "processes": count}, cluster)) == expected
