"""A part of the system that is missing is one sentence with the package's name: a skip, and with CI=true a failure."""

import sys

import pytest

from tests import system

NOBODY = (
    "/venv/playwright/driver/node: error while loading shared libraries: libatomic.so.1: cannot open shared object "
    "file: No such file or directory"
)


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine with no program on its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(system, "SBIN", str(tmp_path))


@pytest.mark.parametrize(
    ("part", "package"),
    [
        ("chromium", "chromium-headless-shell"),
        ("firefox", "firefox-esr"),
        ("nginx", "nginx"),
        ("node", "nodejs"),
        ("npm", "npm"),
    ],
)
def test_what_lacks_is_skipped_with_its_package(part, package, bare, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=rf"needs \w[^:]+: apt-get install {package}$"):
        system.need(part)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere CI cannot install everything")
def test_where_nothing_may_lack_it_fails(bare, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(
        pytest.fail.Exception, match=r"needs Chromium and nginx: apt-get install chromium-headless-shell nginx$"
    ):
        system.need("chromium", "nginx")


def test_what_is_here_is_asked_for_in_silence(monkeypatch):
    monkeypatch.setitem(system.PARTS, "python", lambda: None)
    monkeypatch.setenv("CI", "true")
    system.need("python")


def test_a_library_of_the_driver_is_named_with_its_package():
    said = "needs libatomic.so.1 for playwright's driver: apt-get install libatomic1"
    assert system.sentence([lack := system.missing_library(NOBODY)]) == said
    assert system.sentence([system.Lack("axe-core", "", system.NPM)]) == "needs axe-core: npm ci"
    ray = system.Lack("Ray", "requirements-cluster.txt", system.PIP)
    both = "apt-get install libatomic1 and pip install -r requirements-cluster.txt"
    assert system.sentence([lack, ray]) == f"needs libatomic.so.1 for playwright's driver and Ray: {both}"
    assert system.missing_library(NOBODY.replace("libatomic", "libnew")).package == "the package with libnew.so.1"
    with pytest.raises(RuntimeError, match="does not start: Segmentation fault"):
        system.missing_library("Segmentation fault")
