"""What holds for all tests: one thread, a temporary folder of the run's own, no telemetry, parts of the system.

The tensors of the tests are small: a team of threads makes them no faster, and on a busy machine each operation waits
for the member that has no core, which can turn a second into minutes.
"""

import os
import tempfile
from pathlib import Path

import pytest

from tests import package, system

os.environ.setdefault("OMP_NUM_THREADS", "1")
# onnxruntime keeps a database at home of what it is used for, and at its end waits for a network to send it
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
BROWSER = Path(__file__).with_name("browser")


@pytest.hookimpl(tryfirst=True)  # before pytest looks which of them -m wants
def pytest_collection_modifyitems(items):
    """What lies in tests/browser wants a browser; what is long is slow, so that the inner loop has to name just two."""
    for item in items:
        if BROWSER in item.path.parents:
            item.add_marker("browser")
        if item.get_closest_marker("long"):
            item.add_marker("slow")


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
