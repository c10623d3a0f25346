"""Decoded pictures in `root`/.cache/NAME-FINGERPRINT.npz: never pickled, checked when read, made anew if broken."""

import contextlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np

from explorer import files

Arrays = dict[str, np.ndarray]


def cached(root: Path, name: str, fingerprint: str, make: Callable[[], Arrays]) -> Arrays:
    """The arrays of `make()`, which runs only when no sound file is there; earlier fingerprints' files are deleted."""
    folder = root / ".cache"
    path = folder / f"{name}-{fingerprint}.npz"
    arrays = _read(path)
    if arrays is None:
        arrays = make()
        with contextlib.suppress(OSError):  # a full or read-only disk costs the time next time, nothing else
            path.parent.mkdir(parents=True, exist_ok=True)
            with files.whole(path, durable=False) as file:
                np.savez(file, **cast(dict[str, Any], arrays))
            for old in folder.glob(f"{name}-*.npz"):
                if old != path and len(old.stem) == len(path.stem):
                    old.unlink()
    return arrays


def _read(path: Path) -> Arrays | None:
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as arrays:  # zip's checksums find flipped bits
            return dict(arrays)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, NotImplementedError):
        return None
