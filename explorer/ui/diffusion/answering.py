"""Which two networks say what they see while the picture diffuses."""

import streamlit as st

from explorer.ui.shared.answering import MOST, bring, choose, names_on, pair
from explorer.ui.shared.frame import Frame

USUAL = "cifar10"  # for patterns


def beside(page: Frame) -> list[str]:
    """The networks by the keys that the browser knows them by; the baseline and its best cable variant at first."""
    offered = names_on(page.picked.known_to or USUAL) or names_on(USUAL)
    if not offered:
        return []
    linked = [key for key in st.query_params.get("networks", "").split(",") if key in offered][:MOST]
    chosen = choose(offered, "answering", linked)
    usual = sorted(chosen) == sorted(pair(offered))
    if usual:
        st.query_params.pop("networks", None)
    elif (wanted := ",".join(chosen)) != st.query_params.get("networks"):
        st.query_params["networks"] = wanted
    return bring(chosen, "live")
