"""Parts of the system that some tests want and pip does not bring: is each here, and which Debian package has it?

    @pytest.mark.needs("nginx")          before a test; as pytestmark before all tests of a file
    system.need("chromium", "driver")    in a fixture

A part that is missing skips just the tests that want it, with one sentence; with CI=true it fails them, on Linux, where
.ci/run installs what this says is missing:

    python -m tests.system               one package a line
"""

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

APT, PIP, NPM = "apt-get install", "pip install -r", "npm ci"
ROOT = Path(__file__).parents[1]
SBIN = os.pathsep.join(["/usr/sbin", "/usr/local/sbin", os.environ.get("PATH", "")])  # not on everybody's PATH
LIBRARIES = {"libatomic.so.1": "libatomic1", "libstdc++.so.6": "libstdc++6", "libgcc_s.so.1": "libgcc-s1"}


@dataclass(frozen=True)
class Lack:
    """What is not here, and what brings it."""

    part: str
    package: str
    by: str = APT


def chromium() -> str | None:
    """The one without a window first: it draws the same for less of the processor."""
    programs = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, programs)), None)


def firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


def nginx() -> str | None:
    return shutil.which("nginx", path=SBIN)


def _program(find: Callable[[], str | None], part: str, package: str) -> Callable[[], Lack | None]:
    return lambda: None if find() else Lack(part, package)


@functools.cache
def _driver() -> Lack | None:
    """Playwright's driver is a program of its own, linked with libraries that a bare system has not all."""
    if not importlib.util.find_spec("playwright"):
        return Lack("playwright", "requirements-dev.txt", PIP)
    asked = subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True, text=True)
    return missing_library(asked.stderr) if asked.returncode else None


def missing_library(said: str) -> Lack:
    """What the loader's complaint comes down to."""
    found = re.search(r"error while loading shared libraries: ([^:\s]+):", said)
    if not found:
        raise RuntimeError(f"playwright's driver does not start: {said}")
    return Lack(f"{found[1]} for playwright's driver", LIBRARIES.get(found[1], f"the package with {found[1]}"))


def _ray() -> Lack | None:
    here = sys.platform == "linux" and importlib.util.find_spec("ray")
    return None if here else Lack("Ray on Linux", "requirements-cluster.txt", PIP)


def _module(name: str) -> Callable[[], Lack | None]:
    return lambda: None if (ROOT / "node_modules" / name).is_dir() else Lack(name, "", NPM)


PARTS: dict[str, Callable[[], Lack | None]] = {
    "axe": _module("axe-core"),
    "chromium": _program(chromium, "Chromium", "chromium-headless-shell"),
    "driver": _driver,
    "firefox": _program(firefox, "Firefox", "firefox-esr"),
    "nginx": _program(nginx, "nginx", "nginx"),
    "node": _program(lambda: shutil.which("node"), "Node.js", "nodejs"),
    "npm": _program(lambda: shutil.which("npm"), "npm", "npm"),
    "puppeteer": _module("puppeteer-core"),
    "ray": _ray,
}


def need(*parts: str) -> None:
    """Ends the test that asks, unless all these parts are here."""
    if lacks := [lack for part in parts if (lack := PARTS[part]())]:
        if os.environ.get("CI") == "true" and sys.platform == "linux":
            pytest.fail(sentence(lacks), pytrace=False)
        pytest.skip(sentence(lacks))


def sentence(lacks: list[Lack]) -> str:
    ways = {by: [lack.package for lack in lacks if lack.by == by] for by in (APT, PIP, NPM)}
    how = " and ".join(" ".join([by, *packages]).strip() for by, packages in ways.items() if packages)
    return f"needs {' and '.join(lack.part for lack in lacks)}: {how}"


if __name__ == "__main__":
    for part in PARTS.values():
        if (lack := part()) and lack.by == APT:
            print(lack.package)
