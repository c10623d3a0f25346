"""Results: whether the cable layer helps, and the papers' figures beside ours."""

import streamlit as st

from explorer.ui.results import texts, views
from explorer.ui.results.question import question
from explorer.ui.shared.frame import frame

TABS = {
    "Does it help?": question,
    "Curves": views.curves,
    "Accuracy": views.accuracies,
    "Parameters": views.parameters,
}

with frame(
    "Results", "See whether the cable layer helps, then compare the papers' figures with ours; each names its source."
) as page:
    for (_, draw), tab in zip(TABS.items(), st.tabs(list(TABS), key="tab", bind="query-params"), strict=True):
        if tab.open:
            with tab, page.guard():
                draw()
    every = st.expander(texts.title(), icon=":material/menu_book:", key="texts", on_change="rerun", bind="query-params")
    if every.open:
        with every, page.guard():
            texts.draw()
    about = st.expander(
        "About: how fast it is, as measured",
        icon=":material/speed:",
        key="about",
        on_change="rerun",
        bind="query-params",
    )
    if about.open:
        with about, page.guard():
            views.benchmarks()
