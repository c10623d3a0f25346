"""The published runs: what every page offers beside the shipped networks, and the way back."""

import streamlit as st

from explorer.data import catalogue
from explorer.networks.card import Card
from explorer.training.store import publish
from explorer.training.store.runs import Store
from explorer.ui.shared import caches
from explorer.ui.shared.layout import attempt, plain
from explorer.ui.shared.state import page_link
from explorer.ui.training import viewer


def draw(store: Store) -> None:
    if not (cards := publish.published()):
        return
    with st.expander(f"Published: {len(cards)}", icon=":material/publish:", key="train.published"):
        st.caption("On Classify, Feature maps and Results, beside the shipped networks, for everybody here.")
        for name, card in cards.items():
            _row(store, name, card)


def _row(store: Store, name: str, card: Card) -> None:
    accuracy = "" if card.accuracy is None else f" · {card.accuracy:.2f} %"
    about = f"{card.model}, {catalogue.title(card.dataset)}, seed {card.seed}{accuracy}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"published-{name}"):
        st.markdown(f"**{plain(name)}**  \n:gray[{plain(about)}]", width="stretch")
        page_link("Classify", params={"models": name})
        with st.popover("Unpublish …", key=f"unpublish.{name}", on_change="rerun") as popover:
            run = publish.origin(store, card) if popover.open else None
            whose = viewer.whose(run.owner) if run else "Its run was deleted or goes on: whose it was is not known."
            kept = " The run keeps its weights." if run else ""
            st.markdown(plain(f"{name} leaves all pages.{kept} {whose}"))
            if st.button("Unpublish it", type="primary", key=f"unpublish.yes.{name}"):
                attempt(publish.unpublish, name)
                caches.cards.clear()
                st.rerun()
