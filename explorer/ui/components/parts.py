"""What our browser components share: how arrays travel to them, and how their files become one component.

Streamlit passes bytes only as the whole of `data=`, so everything a component needs is one block of bytes:

    12-byte header, three little-endian uint32:  length of the text | number of arrays | length of the block
    JSON text: the facts, and for each array its name, type, shape and offset; padded to 4 bytes
    the arrays, one after the other, little-endian
"""

import base64
import binascii
import json
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.components import v2

from explorer.data import images
from explorer.errors import ExplorerError

HERE = Path(__file__).parent
_PNG = "data:image/png;base64,"
_IMPORT = re.compile(r"^import .*?;\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
TYPES = {"float64": "f8", "float32": "f4", "uint8": "u1"}  # those that the browser has typed arrays for


def pack(facts: dict, **arrays: np.ndarray) -> bytes:
    """Facts that JSON can hold, and named arrays, as the block that `unpack` of parts.js reads."""
    table, body = {}, bytearray()
    for name, array in arrays.items():
        if array.dtype.name not in TYPES:
            raise TypeError(f"array {name} is {array.dtype}: give one of {', '.join(TYPES)}")
        table[name] = [TYPES[array.dtype.name], list(array.shape), len(body)]
        body += array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
    text = json.dumps({"facts": facts, "arrays": table}, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<III", len(text), len(arrays), 12 + len(text) + len(body)) + text + bytes(body)


def component(name: str, folder: Path, before: tuple[str, ...] = ()):
    """Register name.js and name.css of `folder` as one component; `before` are the files it builds on, in order.

    Streamlit takes one script and one style sheet a component, so they are joined: parts, those of `before`, its own.
    """
    stems = [HERE / "parts", *(folder / other for other in (*before, name))]
    js, css = (
        "\n".join(plain(file.read_text("utf-8")) for stem in stems if (file := Path(f"{stem}.{kind}")).exists())
        for kind in ("js", "css")
    )
    return v2.component(f"cable_explorer_{name}", js=js, css=css)


def plain(text: str) -> str:
    """A file that may be a module of its own, for node and the type checker, as a piece of a joined script: what it
    imports stands before it, so the import lines and the word export are left out."""
    return _EXPORT.sub("", _IMPORT.sub("", text))


def place(into: tuple[str, str], shape: tuple[int, int], key: str, middle: bool = False):
    """The (row, column) kept in st.session_state under the two names `into`, inside the shape, and what a component
    calls when another place was picked in it. Where nobody chose yet it is the first place, or the middle one."""
    sizes = list(zip(into, shape, strict=True))
    row, column = (min(max(held(name, size // 2 if middle else 0), 0), size - 1) for name, size in sizes)

    def keep() -> None:
        picked = said(key, "picked")
        if isinstance(picked, list) and len(picked) == 2 and all(isinstance(number, int) for number in picked):
            for (name, size), number in zip(sizes, picked, strict=True):
                st.session_state[name] = min(max(number, 0), size - 1)

    return (row, column), keep


def hears(key: str, what: str, hear: Callable[[object], None]) -> Callable[[], None]:
    """What the component called `key` calls when its `what` has changed: `hear` gets what the browser sent."""

    def told() -> None:
        if key in st.session_state:  # else it has gone meanwhile
            hear(said(key, what))

    return told


def said(key: str, what: str) -> Any:
    """What the browser sent as `what` of the component called `key`: it may be anything. Nothing, where the component
    has gone meanwhile, since its last word may come after the run that left it out."""
    return (st.session_state.get(key) or {}).get(what)


def received(sent: object, what: str) -> Image.Image:
    """A picture that a component sent as the address of a PNG; it may have sent anything."""
    try:
        if not isinstance(sent, str) or not sent.startswith(_PNG):
            raise ValueError
        return images.decode(base64.b64decode(sent.removeprefix(_PNG), validate=True))
    except (ValueError, binascii.Error) as error:
        raise ExplorerError(f"the {what} did not arrive: try again") from error


def held(name: str, start: int) -> int:
    """The number that st.session_state keeps under `name`; `start` where nobody chose yet, or an input was cleared."""
    value = st.session_state.setdefault(name, start)
    return start if value is None else int(value)
