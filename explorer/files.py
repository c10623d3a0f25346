"""One way to write a whole file: whoever reads it, or a crash at any moment, finds the old content or the new."""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

FULL = "the disk is full"


@contextlib.contextmanager
def whole(path: Path, *, durable: bool = True, keep: Path | None = None) -> Iterator[BinaryIO]:
    """An open file that takes `path`'s place when the block ends well; what was there goes to `keep`, if anywhere.

    A durable one is on the disk, with its name, before this returns; OSError leaves what was there.
    """
    path = Path(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "wb") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if keep:
            with contextlib.suppress(FileNotFoundError):
                os.replace(path, keep)
        os.replace(temporary, path)
        if durable:
            _sync(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write(path: Path, content: bytes, *, durable: bool = True) -> None:
    with whole(path, durable=durable) as file:
        file.write(content)


def sweep(path: Path) -> None:
    """Delete what processes that were killed while writing `path` have left beside it."""
    for stale in Path(path).parent.glob(f"{Path(path).name}.*.tmp"):
        stale.unlink(missing_ok=True)


def trouble(error: OSError) -> str:
    """What the system says, in words and without the path, which is nobody's business on a page."""
    if is_full(error):
        return FULL
    return error.strerror or str(error)


def is_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quota


def _sync(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
