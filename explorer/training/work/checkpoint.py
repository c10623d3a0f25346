"""Checkpoints that a crash at any moment cannot break: last.pt, and prev.pt before it.

A checkpoint is written to a temporary file in the run's folder, flushed and fsynced, then last.pt becomes
prev.pt and the new file last.pt, each by one rename. It is loaded with weights_only=True, so it cannot run code.
There is no random state to keep: every batch draws from (seed, epoch, batch, rank).
"""

import platform
import zipfile
from pathlib import Path
from typing import Any, Protocol

import torch

from explorer import files
from explorer.errors import ExplorerError

LAST, PREV = "last.pt", "prev.pt"
KEYS = {"model", "optimiser", "epoch", "batch", "totals", "seconds", "precision", "recipe", "fingerprint", "versions"}


def versions() -> dict:
    return {"python": platform.python_version(), "torch": str(torch.__version__)}


def save(folder, state: dict) -> None:
    """Write the state as last.pt. Raises OSError and leaves what was there when the disk will not have it."""
    last = Path(folder) / LAST
    files.sweep(last)
    with files.whole(last, keep=Path(folder) / PREV) as file:
        _write(state, file)


class Written(Protocol):
    """What torch asks of a file to write to."""

    def write(self, content: Any, /) -> int: ...

    def flush(self) -> None: ...


class _Heard:
    """A file that remembers what the disk said: torch's zip writer turns it into words of its own."""

    def __init__(self, file: Written):
        self.file, self.said = file, None

    def write(self, content) -> int:
        try:
            return self.file.write(content)
        except OSError as error:
            self.said = error
            raise

    def flush(self) -> None:
        self.file.flush()


def _write(state, file: Written) -> None:
    heard: Any = _Heard(file)  # torch declares files, and asks for no more than this
    try:
        torch.save({**state, "versions": versions()}, heard)
    except RuntimeError as error:
        words = f"the checkpoint could not be written ({str(error).splitlines()[0][:120]})"
        raise heard.said or OSError(words) from error


def read(path, needed: set[str] = KEYS) -> dict:
    """Whatever is wrong with the file is some exception."""
    with zipfile.ZipFile(path) as archive:  # a flipped bit inside a tensor is still a tensor
        if any(item.compress_type != zipfile.ZIP_STORED for item in archive.infolist()):
            raise ValueError("it is compressed, which torch never does")  # and may unpack to any size
        if archive.testzip():
            raise ValueError("its content does not match its checksums")
    state = torch.load(path, map_location="cpu", weights_only=True)
    if not isinstance(state, dict) or not state.keys() >= needed:
        raise ValueError("it lacks fields")
    return state


def load(folder, fingerprint: str) -> tuple[dict | None, str]:
    """The newest state that can be read, and a sentence about what could not; (None, ...) where there is none."""
    notes = []
    for name in (LAST, PREV):
        path = Path(folder) / name
        if not path.exists():
            continue
        try:
            state = read(path)
        except Exception as error:  # a damaged file can make the reader raise anything
            notes.append(f"{name} cannot be read ({type(error).__name__}: {f'{error} '.splitlines()[0][:80].strip()})")
            continue
        if state["fingerprint"] != fingerprint:
            raise ExplorerError(f"{name} belongs to another recipe: start a new run, or put the old recipe back")
        if notes or name == PREV:
            notes.append(f"continued from {name}")
        return state, "; ".join(notes)
    if notes:
        notes.append("started from the beginning")
    return None, "; ".join(notes)
