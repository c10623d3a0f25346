"""What a visitor said in a lesson, kept by the browser's tab: a reload begins another session, which knows nothing."""

from collections.abc import Callable
from pathlib import Path

from explorer.ui.components.parts import component, hears, pack

_keeping = component("keeping", Path(__file__).parent)


def keeping(what: dict, fresh: bool, hear: Callable[[object], None], *, key: str) -> None:
    """The tab keeps `what`; of a `fresh` session `hear` gets what it kept of the one before, or anything else."""
    _keeping(data=pack({"what": what, "fresh": fresh}), key=key, on_kept_change=hears(key, "kept", hear))
