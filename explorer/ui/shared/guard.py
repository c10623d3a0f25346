"""Around a page or a part of one: what goes wrong inside becomes one box, and what follows goes on.

An ExplorerError is a friendly sentence; anything else is a bug: it goes to the log under a short id, which is shown.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from explorer.errors import ExplorerError
from explorer.render import GROWN
from explorer.ui.shared.layout import sentence

log = logging.getLogger("explorer")


def presented() -> bool:
    return st.query_params.get("present") in ("1", "true")


PRESENTED = 21 / 16  # type on a projector, as presenter.css has it


@contextmanager
def guard() -> Iterator[None]:
    GROWN.set(PRESENTED if presented() else 1.0)  # here, since a part's own rerun begins here
    try:
        yield
    except ExplorerError as problem:
        st.error(sentence(problem), icon=":material/lightbulb:")
    except Exception:
        short = secrets.token_hex(3)
        log.exception("error %s", short)
        st.error(
            f"Something broke that should not. It is in the server's log as **{short}**; the other pages go on.",
            icon=":material/report:",
        )
