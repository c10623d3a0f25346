"""The active cable: its beginning and its law go to the browser, where it runs; see nerve.js."""

from dataclasses import asdict
from pathlib import Path

from explorer.diffusion.nerve import Beginning, Nerve
from explorer.render import TABLES
from explorer.ui.components.parts import component, pack

_nerve = component("nerve", Path(__file__).parent, before=("../canvas/controls", "excitable"))


def nerve(law: Nerve, begin: Beginning, name: str, *, key: str = "active-cable") -> None:
    """Runs on while the law changes; begins anew when `name`, that of its beginning, is another."""
    facts = {"law": asdict(law), "limit": law.limit, "begin": name}
    arrays = {"v": begin.v, "w": begin.w, "passive": begin.passive, "colours": TABLES["magnitude"]}
    _nerve(data=pack(facts, **arrays), key=key)
