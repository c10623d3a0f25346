"""Who is looking at the runs, so that one's own are stopped without a question."""

from explorer.training.store.limits import Visitor
from explorer.ui.shared import browser


def token() -> str:
    return browser.token("cable explorer")


def whose(owner: str) -> str:
    """Whose run it is where it is not this browser's own, for the question before it is changed; nothing otherwise."""
    if owner == token():
        return ""
    kind, _, name = owner.partition(":")
    known = kind == "terminal" and name
    return f"{name} started this run from a terminal." if known else "Someone else started this run."


def visitor() -> Visitor:
    return Visitor(token())
