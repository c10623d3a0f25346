"""The component that brings networks to the browser's worker: the Python side of loader.js."""

from collections.abc import Callable

import numpy as np
from streamlit.components import v2

from explorer.ui.components import parts
from explorer.ui.components.live.modules import HERE, engine, joined

_live = v2.component(
    "cable_explorer_live",
    js="\n".join(
        [engine(), parts.plain((parts.HERE / "parts.js").read_text("utf-8")), joined("hub", "brain", "loader", "start")]
    ),
    css=(HERE / "loader.css").read_text("utf-8"),
)


def bring(networks: list[dict], numbers: dict[str, np.ndarray], missing: Callable[[list[str]], None], key: str) -> None:
    """Networks as loader.js takes them, with the numbers of those that this browser does not have yet.

    `missing` is called, in the next run and before it, with the keys of those that it turns out to lack.
    """

    def lacks() -> None:
        names = parts.said(key, "missing")
        if isinstance(names, list):
            missing([name for name in names if isinstance(name, str)])

    _live(data=parts.pack({"networks": networks}, **numbers), key=key, on_missing_change=lacks)
