"""Figures of the Results page: training curves of the shipped networks over each other."""

from collections.abc import Sequence

import plotly.graph_objects as go

from explorer.figures.theme import SERIES, style


def curves(found: dict[str, tuple[Sequence[float], Sequence[float]]], words: str) -> go.Figure:
    """One line a network: (epochs, values)."""
    figure = go.Figure()
    for place, (name, (epochs, values)) in enumerate(found.items()):
        figure.add_scatter(x=list(epochs), y=list(values), name=name, mode="lines",
                           line={"color": SERIES[place % len(SERIES)], "width": 2},
                           hovertemplate=f"{name}, epoch %{{x}}: %{{y:.4g}}<extra></extra>")  # fmt: skip
    style(figure, height=420, title_x="epoch", title_y=words, key=words)
    return figure.update_layout(legend={"y": -0.2, "yanchor": "top"}, margin={"t": 8})
