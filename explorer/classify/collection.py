"""Pictures under the names that someone gives them, and the zip that they travel in: NAME/*.png.

Unpacked, the zip is a folder of class folders, as `folder:PATH` reads it. Of a zip that is read nothing is written to
a disk: its names are names, its bytes are decoded like any upload, and what is too much is not looked at.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image
from safetensors.numpy import save

from explorer.classify.teaching import Taught
from explorer.data import images
from explorer.errors import ExplorerError

FEWEST, MOST = 2, 8  # names
MOST_LETTERS = 30
MOST_PICTURES = 40  # of each
LONGEST = 256  # pixels along a side that are kept
MOST_BYTES = 64 * 2**20  # of a zip
MOST_ENTRIES = 2000
BROKEN = (OSError, ValueError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)
SIGNS = " -_'()+"


def names(text: str) -> list[str]:
    """Those between the commas."""
    return checked([" ".join(part.split()) for part in text.split(",") if part.strip()])


def checked(found: list[str]) -> list[str]:
    """Names that folders can have everywhere."""
    for name in found:
        if len(name) > MOST_LETTERS or not all(sign.isalnum() or sign in SIGNS for sign in name):
            raise ExplorerError(
                f"the name {name!r:.60} cannot be a folder's: take letters, digits and spaces, {MOST_LETTERS} at most"
            )
    if len({name.casefold() for name in found}) < len(found):
        raise ExplorerError("a name stands there twice: give each thing a name of its own")
    if not FEWEST <= len(found) <= MOST:
        raise ExplorerError(f"there are {len(found)} names: give {FEWEST} to {MOST}, with commas between")
    return found


def kept(picture: Image.Image) -> bytes:
    """The picture as it is kept, a PNG of 256 pixels at most."""
    small = picture.convert("RGB")
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "PNG")
    return buffer.getvalue()


def zipped(pictures: Mapping[str, Sequence[bytes]], taught: Taught | None, network: str) -> bytes:
    """All pictures in a folder for each name; beside them the layer, and which network's features it reads."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, files in pictures.items():
            for number, data in enumerate(files):
                archive.writestr(f"{name}/{number:03d}.png", data)
        if taught:
            layer = {"weight": taught.weight, "bias": taught.bias}
            numbers = {name: np.ascontiguousarray(values, np.float32) for name, values in layer.items()}
            archive.writestr("layer.safetensors", save(numbers))
            archive.writestr("about.json", json.dumps({"features of": network, "classes": list(pictures)}, indent=2))
    return buffer.getvalue()


def unzipped(data: bytes) -> dict[str, list[bytes]]:
    """The pictures of a zip as they are kept, by the names of their folders; what lies elsewhere is passed over."""
    if len(data) > MOST_BYTES:
        raise ExplorerError(f"the zip has {len(data) / 2**20:.0f} MB: {MOST_BYTES // 2**20} at most")
    if data.count(b"PK\1\2") > MOST_ENTRIES:
        raise ExplorerError(f"the zip lists more than {MOST_ENTRIES:,} files: give one of the pictures alone")
    found: dict[str, list[bytes]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for item in archive.infolist():
                *_, folder, file = ["", "", *item.filename.split("/")]
                if not folder or not file or folder.startswith((".", "__")):
                    continue
                mine = found.setdefault(folder, [])
                if len(found) > MOST or len(mine) == MOST_PICTURES:
                    raise ExplorerError(
                        f"the zip holds more than {MOST} names with {MOST_PICTURES} pictures each: take some out"
                    )
                with archive.open(item) as opened:
                    mine.append(kept(images.decode(opened.read(images.MOST_BYTES + 1))))
    except ExplorerError:
        raise
    except BROKEN:
        raise ExplorerError(
            "the zip cannot be read: give one that was taken away here, or a zip of class folders"
        ) from None
    if not found:
        raise ExplorerError("the zip holds no folder with pictures: one folder for each name, the pictures in it")
    checked(list(found))
    return found
