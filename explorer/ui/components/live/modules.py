"""The engine's files as text: modules joined into one script for the worker, and the kernel as letters."""

import base64
import json
from functools import cache
from pathlib import Path

from explorer.ui.components.parts import plain

HERE = Path(__file__).parent
VIEWS = tuple(  # what a component that shows answers or maps builds on, for parts.component
    f"../{name}"
    for name in (
        "live/hub",
        "live/brain",
        "live/asking",
        "live/strip",
        "live/answers",
        "live/ends",
        "live/colours",
        "canvas/tiles",
        "live/maps",
    )
)
# and one that makes pictures of its own
PICTURES = ("../canvas/controls", *VIEWS, "../live/resize", "../live/picture")
ENGINE = ("ends", "simple", "sums", "net", "resize", "picture", "worker")


def joined(*names: str) -> str:
    return "\n".join(plain((HERE / f"{name}.js").read_text("utf-8")) for name in names)


@cache
def engine() -> str:
    """The worker's script and the kernel, as the constants that start.js gives to the brain."""
    kernel = base64.b64encode((HERE / "kernel.wasm").read_bytes()).decode()
    return f"const WORKER = {json.dumps(joined(*ENGINE))}, KERNEL = {json.dumps(kernel)};\n"
