"""Layers: what one layer does to the chosen image, forwards and backwards, then whole stacks of them."""

import streamlit as st

from explorer.ui.layers import activation, backward, classification, convolution, pooling, stack
from explorer.ui.shared.frame import frame

TABS = {
    "Convolution": convolution.draw,
    "Activation": activation.draw,
    "Pooling": pooling.draw,
    "Backward": backward.draw,
    "Classification": classification.draw,
    "Stack": stack.draw,
}

with frame(
    "Layers", "Choose a filter, then click a value of its map to see the sum that made it; each tab goes one layer on."
) as page:
    for tab, draw in zip(st.tabs(list(TABS), key="tab", bind="query-params"), TABS.values(), strict=True):
        if tab.open:
            with tab, page.guard():
                draw(page)
