"""Asks at once when a page comes to the front again: timers of a page behind another one, or in a pocket, sleep.

Inside a fragment it is the fragment alone that runs.
"""

from pathlib import Path

from explorer.ui.components.parts import component, pack

_awake = component("awake", Path(__file__).parent)


def awake(key: str) -> None:
    _awake(data=pack({}), key=key, on_awake_change=lambda: None)
