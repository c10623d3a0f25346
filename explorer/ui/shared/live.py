"""Networks for this browser: packed once for all visitors, sent once a session, and asked for again when they are lost.

A network is named by the hash of its numbers. The browser says which it lacks; until then the server believes that
what it sent has arrived.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.live import pack
from explorer.networks.subject import Subject
from explorer.ui.components.live import bring
from explorer.ui.shared import caches
from explorer.ui.shared.layout import plain, sentence
from explorer.ui.shared.memory import Bounded

HEAVY = 10 * 2**20  # bytes above which a network is sent only when someone asks for it
SENT, AGREED, ASKED = "live.sent", "live.agreed", "live.asked"
PACKED = Bounded(2**28)
AGAIN = 5  # times that one network is sent to one session: a browser that cannot keep it is not tried for ever


@dataclass(frozen=True)
class Packed:
    key: str
    graph: dict
    numbers: bytes


def _packed(subject: Subject) -> Packed:
    with caches.gate():
        graph, numbers = pack(subject.model, (subject.channels, subject.size, subject.size))
    about = json.dumps([graph, subject.mean, subject.std])
    return Packed(hashlib.sha256(about.encode() + numbers).hexdigest()[:20], graph, numbers)


def networks(subjects: Sequence[Subject], titles: Sequence[str], key: str = "live") -> list[str]:
    """Bring the networks to the browser; the keys by which its components know those that it gets.

    What cannot be packed, and what waits for a click, is said where this is called.
    """
    ready, facts, arrays = [], [], {}
    sent: dict[str, int] = st.session_state.setdefault(SENT, {})
    asked: set[str] = st.session_state.setdefault(ASKED, set())
    for subject, title in zip(subjects, titles, strict=True):
        try:
            packed = PACKED.get(
                (subject.key, subject.version), partial(_packed, subject), lambda found: len(found.numbers)
            )
        except ExplorerError as problem:
            st.caption(f"{plain(title)} does not answer live: {sentence(problem)}")
            continue
        if not _agreed(packed, title, key):
            continue
        wanted = {"size": subject.size, "channels": subject.channels, "mean": subject.mean, "std": subject.std}
        about = {"key": packed.key, "title": title, "classes": subject.classes, "wanted": wanted}
        if packed.key not in sent or (packed.key in asked and sent[packed.key] < AGAIN):
            arrays[packed.key] = np.frombuffer(packed.numbers, np.uint8)
            about["graph"] = packed.graph
            sent[packed.key] = sent.get(packed.key, 0) + 1
        about["copies"] = sent[packed.key]  # or data equal to that of the last time would not reach the component
        asked.discard(packed.key)
        ready.append(packed.key)
        facts.append(about)

    def missing(names: list[str]) -> None:
        asked.update(name for name in names if name in sent)

    bring(facts, arrays, missing, key)
    return ready


def _agreed(packed: Packed, title: str, key: str) -> bool:
    """Whether the network may be sent: at once, or after a click that says how large it is."""
    agreed: set[str] = st.session_state.setdefault(AGREED, set())
    size = len(packed.numbers)
    if size <= HEAVY or packed.key in agreed:
        return True
    words = f"Bring {plain(title)} to this browser: {size / 1e6:.0f} MB"
    st.button(words, key=f"{key}.{packed.key}", icon=":material/download:", on_click=agreed.add, args=(packed.key,))
    return False
