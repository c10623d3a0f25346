"""What holds for all tests: one thread, a temporary folder of the run's own, no telemetry, parts of the system.

The tensors of the tests are small: a team of threads makes them no faster, and on a busy machine each operation waits
for the member that has no core, which can turn a second into minutes.
"""

import os
import tempfile
from pathlib import Path

import pytest

from tests import package, system

BROWSER = Path(__file__).with_name("browser")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# onnxruntime keeps a database at home of what it is used for, and at its end waits for a network to send it
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(*parts): parts of the system, as tests/system.py names them")
    config.addinivalue_line("markers", "slow: more than a few seconds of work; left out of the inner loop")
    config.addinivalue_line("markers", "browser: in a real browser; all of tests/browser, left out of the inner loop")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if BROWSER in item.path.parents:
            item.add_marker("browser")


def pytest_runtest_setup(item):
    for mark in item.iter_markers("needs"):
        system.need(*mark.args)


@pytest.fixture(scope="session", autouse=True)
def a_place_for_everything(tmp_path_factory):
    """What programs leave in the temporary folder (a browser's profile, a cache of torch) goes with that of the run."""
    before, own = os.environ.get("TMPDIR"), str(tmp_path_factory.mktemp("t", numbered=False))
    os.environ["TMPDIR"] = tempfile.tempdir = own
    yield
    tempfile.tempdir = None
    if before is None:
        del os.environ["TMPDIR"]
    else:
        os.environ["TMPDIR"] = before


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> package.Installed:
    """The package, built from this checkout and installed where nothing else lies."""
    return package.install(tmp_path_factory.mktemp("package"))
