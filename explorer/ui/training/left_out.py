"""The rows of the list of runs that are no runs: what is wrong with each, and the way to be rid of it."""

import streamlit as st

from explorer.training.store.row import Damaged
from explorer.training.store.runs import Store
from explorer.ui.shared.layout import attempt


def draw(store: Store, rows: list[Damaged]) -> None:
    if not rows:
        return
    several = len(rows) > 1
    label = f"{len(rows)} damaged run{'s are' if several else ' is'} left out"
    with st.expander(label, icon=":material/warning:", key="train.damaged"):
        for place, one in enumerate(rows):
            _row(store, one, place)


def _row(store: Store, one: Damaged, place: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"damaged-{place}"):
        run = f"Run {one.id}" if one.id else "A run"
        st.markdown(f"{run}: {one.what} in the list of runs cannot be read.", width="stretch")
        if one.id:
            with st.popover("Delete …", icon=":material/delete:", key=f"damaged.{one.id}"):
                st.markdown("Its folder goes with it: curves, checkpoints and weights. There is no way back.")
                if st.button("Delete it", type="primary", key=f"damaged.yes.{one.id}"):
                    attempt(store.delete, one.id)
                    st.rerun()
