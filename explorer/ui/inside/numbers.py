"""The Statistics tab: the layer's values as a histogram, and five numbers a map."""

import numpy as np
import pandas as pd
import streamlit as st

from explorer.figures import inside as figures
from explorer.inside import maps
from explorer.render import number
from explorer.ui.inside.view import View
from explorer.ui.shared.layout import numbers


def draw(view: View) -> None:
    layer = view.layer
    values = maps.as_maps(view.at.output(layer.name))
    stats = maps.statistics(values)
    finite = values[np.isfinite(values)]
    if not finite.size:
        st.warning(
            "No value of this layer is a number: the network overflows on this image.", icon=":material/warning:"
        )
        return
    numbers(
        [
            ("Smallest", number(finite.min())),
            ("Largest", number(finite.max())),
            ("Mean", number(finite.mean())),
            ("Zeros", f"{(values == 0).mean():.1%}", "Values that are exactly 0: what ReLU has silenced"),
        ]
    )
    chosen = view.index if layer.has_maps else None
    st.plotly_chart(
        figures.histogram(values, chosen, layer.name),
        width="stretch",
        key="histogram",
        config={"displayModeBar": False},
    )
    dead = int((stats.zeros == 1).sum())
    if dead:
        st.caption(f"{dead} of the {len(values)} {'maps are' if dead > 1 else 'map is'} 0 everywhere on this image.")
    table = pd.DataFrame({view.noun: np.arange(len(values)), **vars(stats)}).iloc[maps.order(stats, view.sort)]
    plain = st.column_config.NumberColumn(format="%.3g")
    columns = {name: plain for name in ("minimum", "maximum", "mean", "std")}
    columns["zeros"] = st.column_config.ProgressColumn("share of zeros", format="percent", min_value=0, max_value=1)
    st.dataframe(table, hide_index=True, width="stretch", height=320, column_config=columns)
