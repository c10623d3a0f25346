"""Which networks answer in the browser beside a picture that moves or is drawn: at most two, trained on one dataset."""

from collections.abc import Sequence

import streamlit as st

from explorer.data import KNOWN
from explorer.data.catalogue import ELSEWHERE
from explorer.errors import ExplorerError
from explorer.results import rows
from explorer.ui.shared import caches, live
from explorer.ui.shared.layout import left_out
from explorer.ui.shared.naming import all_spoken

MOST = 2


def datasets() -> list[str]:
    """Those with a name that a network was trained on."""
    there = {card.dataset for card in caches.cards().values()}
    return [name for name in KNOWN if name in there]


def in_colour() -> list[str]:
    """Those whose networks can look through a camera, first what knows everyday things."""
    there = {card.dataset for card in caches.cards().values() if card.channels == 3}
    return [name for name in (*ELSEWHERE, *KNOWN) if name in there]


def names_on(dataset: str) -> list[str]:
    """The trained networks of a dataset: the narrow ones first, the baseline before its cable variants."""
    cards = {name: card for name, card in caches.cards().items() if card.dataset == dataset}
    return sorted(cards, key=lambda name: (cards[name].width, cards[name].model != "original", cards[name].model, name))


def pair(names: list[str]) -> list[str]:
    """The baseline and the best cable variant of the same width, by the same recipe where there is one; else the two
    best."""
    cards = caches.cards()
    best = sorted((name for name in names if name in cards), key=lambda name: -(cards[name].accuracy or 0))
    for baseline in (name for name in names if name in cards and cards[name].model == "original"):
        cable = [name for name in best if cards[name].model.startswith("cabeq")]
        same = [name for name in cable if cards[name].width == cards[baseline].width]
        same.sort(key=lambda name: not rows.beside_baseline(cards[name], cards.values()))
        if same:
            return [baseline, same[0]]
    return best[:2] or names[:2]


def choose(offered: list[str], key: str, linked: Sequence[str] = ()) -> list[str]:
    """The networks that are chosen, with the widget that chooses them; at first those of a link, or the usual two."""
    names = all_spoken(offered)
    with st.expander("The networks beside the picture", icon=":material/neurology:"):
        return st.multiselect(
            "Networks",
            offered,
            list(linked) or pair(offered),
            key=f"{key}.{offered[0]}",
            max_selections=MOST,
            format_func=names.__getitem__,
            label_visibility="collapsed",
            placeholder="none: only the picture",
        )


def bring(chosen: list[str], key: str) -> list[str]:
    """The keys that the browser knows the networks by; what cannot be loaded is left out and said."""
    found, problems = {}, []
    for name, called in all_spoken(chosen).items():
        try:
            found[called] = caches.subject(name)
        except ExplorerError as problem:
            problems.append(problem)
    left_out(problems)
    return live.networks(list(found.values()), list(found), key)


def beside(dataset: str, key: str) -> list[str]:
    """The networks of a dataset that answer: chosen where this is called, and brought to the browser."""
    return bring(choose(names_on(dataset), key), f"{key}.live")
