"""What holds for all tests: one thread each, as many processes as cores, a temporary folder of the run's own, no
telemetry, parts of the system.

The tensors of the tests are small: a team of threads makes them no faster, and on a busy machine each operation waits
for the member that has no core, which can turn a second into minutes.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from tests import package, system

os.environ.setdefault("OMP_NUM_THREADS", "1")
# onnxruntime keeps a database at home of what it is used for, and at its end waits for a network to send it
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
BROWSER, PAGES = (Path(__file__).with_name(name) for name in ("browser", "pages"))
# what of it is not long: each page by a link on a fresh server, the player, what all pages draw on, a training
SHORT = {"test_canvas", "test_package", "test_pages", "test_player", "test_train"}
# what drives whole pages and is not slow: each is opened, with bad values in its address too, and the first is used
QUICK = {"test_home", "test_imports", "test_urls"}
OWN = pytest.StashKey[Path]()


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks
def pytest_cmdline_main(config):
    """Who names no tests gets one process a core (-n0: just one); for a few it would only take longer."""
    alone = hasattr(config, "workerinput") or config.args_source is pytest.Config.ArgsSource.ARGS
    if not alone and config.getoption("numprocesses", 0) is None:  # 0: there is no pytest-xdist
        config.option.numprocesses, config.option.dist = "logical", "worksteal"  # in order: fixtures are made once


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["own"] = str(node.config.stash[OWN] / node.workerinput["workerid"])


def pytest_configure(config):
    """A home, a temporary folder and a runs folder of the process's own, before anything asks for one: nothing from
    before is found there, and what programs leave (a browser's profile, the caches of torch and matplotlib) goes with
    them."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())  # what failed is kept where it always was
    beside = getattr(config, "workerinput", None)
    own = config.stash[OWN] = Path(beside["own"] if beside else tempfile.mkdtemp(prefix="cable-"))
    own.mkdir(exist_ok=True)
    for variable, name in {"HOME": "home", "TMPDIR": "tmp", "EXPLORER_RUNS": "runs"}.items():
        (own / name).mkdir()
        os.environ[variable] = str(own / name)
    for variable in [name for name in os.environ if name.startswith("XDG_") and name.endswith("_HOME")]:
        del os.environ[variable]
    tempfile.tempdir = None  # so that it is asked for again


def pytest_unconfigure(config):
    shutil.rmtree(config.stash[OWN], ignore_errors=True)


@pytest.hookimpl(tryfirst=True)  # before pytest looks which of them -m wants
def pytest_collection_modifyitems(items):
    """What lies in tests/browser wants a browser, and most of it is long; what drives pages or is long is slow, so that
    the inner loop has to name just two."""
    for item in items:
        if BROWSER in item.path.parents:
            item.add_marker("browser")
            if item.path.stem not in SHORT:
                item.add_marker("long")
        if item.get_closest_marker("long") or (PAGES in item.path.parents and item.path.stem not in QUICK):
            item.add_marker("slow")


def pytest_runtest_setup(item):
    for mark in item.iter_markers("needs"):
        system.need(*mark.args)


@pytest.fixture(autouse=True)
def numbers_as_they_were():
    """Training in this process takes the smallest numbers for 0; what comes after it may want them."""
    yield
    if torch := sys.modules.get("torch"):
        torch.set_flush_denormal(False)


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> package.Installed:
    """The package, built from this checkout and installed where nothing else lies."""
    return package.install(tmp_path_factory.mktemp("package"))
