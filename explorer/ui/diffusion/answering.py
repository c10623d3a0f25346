"""Which two networks say what they see while the picture diffuses."""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.ui.classify.source import names_on, pair, titles
from explorer.ui.inside.source import load
from explorer.ui.shared import live
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import left_out

USUAL = "cifar10"  # for patterns and pictures of one's own
MOST = 2


def choose(page: Frame) -> list[str]:
    """The networks by the keys that the browser knows them by; the baseline and its best cable variant at first."""
    offered = names_on(page.picked.dataset or USUAL) or names_on(USUAL)
    if not offered:
        return []
    linked = [key for key in st.query_params.get("networks", "").split(",") if key in offered][:MOST]
    names = dict(zip(offered, titles(offered, {}), strict=True))
    with st.expander("The networks beside the picture", icon=":material/neurology:"):
        chosen = st.multiselect(
            "Networks",
            offered,
            linked or pair(offered),
            key=f"answering.{offered[0]}",
            max_selections=MOST,
            format_func=names.__getitem__,
            label_visibility="collapsed",
            placeholder="none: only the picture",
        )
    usual = sorted(chosen) == sorted(pair(offered))
    if usual:
        st.query_params.pop("networks", None)
    elif (wanted := ",".join(chosen)) != st.query_params.get("networks"):
        st.query_params["networks"] = wanted
    found, problems = {}, []
    for key in chosen:
        try:
            found[key] = load(key, 16, 0)
        except ExplorerError as problem:
            problems.append(problem)
    left_out(problems)
    return live.networks(list(found.values()), [names[key] for key in found])
