"""The gate as pages use it: two inferences at once, a sentence when it takes too long, and it opens after an error."""

import os
import subprocess
import sys
import threading

import pytest

from explorer.errors import ExplorerError
from explorer.paths import ROOT
from explorer.ui.shared import caches

LONG = 60  # seconds until a thread that does not come counts as lost


def elsewhere(call):
    """What `call` returns or raises in another browser's thread."""
    found = []

    def run():
        try:
            found.append(call())
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(LONG)
    return found[0]


def enter():
    with caches.gate():
        return "came in"


@pytest.fixture
def full():
    """Two other browsers are inside until the test ends."""
    inside, leave = threading.Barrier(caches.AT_ONCE + 1, timeout=LONG), threading.Event()

    def stay():
        with caches.gate():
            inside.wait()
            leave.wait(LONG)

    threads = [threading.Thread(target=stay) for _ in range(caches.AT_ONCE)]
    for thread in threads:
        thread.start()
    inside.wait()
    yield leave
    leave.set()
    for thread in threads:
        thread.join(LONG)


def test_a_full_gate_says_so(full, monkeypatch):
    monkeypatch.setattr(caches, "PATIENCE", 0)
    problem = elsewhere(enter)
    assert isinstance(problem, ExplorerError) and "busy for 0 seconds" in str(problem)


def test_whoever_waits_comes_in_when_another_leaves(full):
    waiting = threading.Timer(0, full.set)
    waiting.start()
    assert elsewhere(enter) == "came in"


def test_whoever_is_inside_passes_and_an_error_leaves_the_gate_open(full):
    full.set()
    for _ in range(2 * caches.AT_ONCE):
        with pytest.raises(ZeroDivisionError), caches.gate(), caches.gate(), caches.gate():
            raise ZeroDivisionError
    assert elsewhere(enter) == "came in"


@pytest.mark.slow
@pytest.mark.parametrize("told", ["", "1"])
def test_two_inferences_share_the_cores_unless_the_environment_says_how_many(told):
    code = """
import os, threading, torch
from explorer.ui.shared import caches
from explorer.paths import ROOT
caches.share_cores()
found = []
thread = threading.Thread(target=lambda: found.append(torch.get_num_threads()))
thread.start(); thread.join()
expected = os.environ.get("OMP_NUM_THREADS") or max(1, len(os.sched_getaffinity(0)) // caches.AT_ONCE)
assert found == [int(expected)], found
"""
    if not hasattr(os, "sched_getaffinity"):
        pytest.skip("needs Linux: the cores of this process are asked of the kernel")
    environment = {key: value for key, value in os.environ.items() if key != "OMP_NUM_THREADS"}
    environment |= {"OMP_NUM_THREADS": told} if told else {}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=environment)
    assert done.returncode == 0, done.stderr


def test_a_film_waits_for_no_network_and_no_network_for_a_film(full):
    def film():
        with caches.gate(caches.FILMS):
            return "came in"

    assert elsewhere(film) == "came in"
