"""Classify: trained networks asked about the chosen image, and what their cable layers learned."""

import streamlit as st

from explorer.ui.classify import answers, batch, fooling, learned, minds, mine, neighbours, source, tested
from explorer.ui.shared.frame import frame
from explorer.ui.shared.layout import controls_and_picture

TABS = [
    "Answers",
    "Diffuse it first",
    "Fool it",
    "Neighbours",
    "My classes",
    "What was learned",
    "Over the test set",
    "Batch",
]

with frame(
    "Classify", "Choose an image and see what the networks say; then diffuse it until they change their minds."
) as page:
    controls, picture = controls_and_picture("classify")
    with controls:
        dataset, asked = source.choose(page.picked)
        fit = page.fit
        source.elsewhere(page.picked, asked)
    with picture:
        shown = TABS[:-1] if page.present else TABS
        for name, tab in zip(shown, st.tabs(shown, key="tab", bind="query-params"), strict=True):
            if not tab.open:
                continue
            with tab, page.guard():
                if name == "Answers":
                    answers.draw(page.picked, dataset, asked, source.answers(asked, page.picked.image, fit), fit)
                elif name == "Diffuse it first":
                    minds.draw(page.picked, asked, fit, controls)
                elif name == "Fool it":
                    fooling.draw(page.picked, dataset, asked, fit, controls)
                elif name == "Neighbours":
                    neighbours.draw(page.picked, dataset, asked, fit)
                elif name == "My classes":
                    mine.draw(page.picked, fit, controls)
                elif name == "What was learned":
                    learned.draw(page.picked, asked, fit, controls)
                elif name == "Over the test set":
                    tested.draw(page.picked, dataset, asked, fit)
                else:
                    batch.draw(asked)
