"""The package as a user gets it: built from this checkout, installed without its dependencies into an empty folder."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 600  # only a failure takes them
OFFLINE = ("--no-deps", "--no-index", "--disable-pip-version-check", "--quiet")


@dataclass(frozen=True)
class Installed:
    wheel: Path
    code: Path  # what sys.path holds so that explorer is found
    command: Path  # the program that pip makes

    def python(self, code: str, folder: Path) -> str:
        """What Python says with this package and not with the checkout, started in a folder."""
        env = {**os.environ, "PYTHONPATH": str(self.code), "EXPLORER_RUNS": str(folder / "runs")}
        told = subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr[-3000:]
        return told.stdout


def install(folder: Path) -> Installed:
    """Takes what builds a wheel from the environment, and so needs no network."""
    _pip("wheel", *OFFLINE, "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (wheel,) = folder.glob("*.whl")
    code = folder / "installed"
    _pip("install", *OFFLINE, "--target", str(code), str(wheel))
    return Installed(wheel, code, code / "bin" / "cable-explorer")


def _pip(*arguments: str) -> None:
    told = subprocess.run([sys.executable, "-m", "pip", *arguments], capture_output=True, text=True, timeout=SECONDS)
    assert told.returncode == 0, told.stderr[-3000:]
