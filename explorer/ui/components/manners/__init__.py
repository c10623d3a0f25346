"""Small manners of the whole page: keys that turn a lesson's steps, a phone's sidebar that closes after a choice, rows
that are wider than the window, and what the browser's Back undoes."""

from pathlib import Path

from explorer.ui.components.parts import component, pack

_manners = component("manners", Path(__file__).parent, ("rows", "steps"))


def manners(present: bool, step: str) -> None:
    """`present`: the keys of a presenter's remote control, Page Down and Page Up, turn the steps as they are.
    Another `step` of a lesson begins at the top of the page."""
    _manners(data=pack({"present": present, "step": step}), key="manners")
