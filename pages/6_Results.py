"""Results: the papers' figures beside ours, and what the benchmarks measured."""

import streamlit as st

from explorer.ui.results import views
from explorer.ui.shared.frame import frame

TABS = {
    "Accuracy": views.accuracies,
    "Parameters": views.parameters,
    "Curves": views.curves,
    "Benchmarks": views.benchmarks,
}

with frame(
    "Results", "Compare the papers' figures with ours; each names the card or the command it comes from."
) as page:
    for (_, draw), tab in zip(TABS.items(), st.tabs(list(TABS), key="tab", bind="query-params"), strict=True):
        if tab.open:
            with tab, page.guard():
                draw()
