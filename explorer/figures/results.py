"""Figures of the Results page: training curves over each other, and accuracies beside the papers' own."""

import itertools
from collections.abc import Sequence

import plotly.graph_objects as go

from explorer.figures.theme import OKABE_ITO, SERIES, style

DASHES = ("solid", "dash", "dot")  # where there are more lines than colours


def curves(found: dict[str, tuple[Sequence[float], Sequence[float]]], words: str) -> go.Figure:
    """One line a network: (epochs, values)."""
    figure = go.Figure()
    looks = itertools.cycle(itertools.product(DASHES, SERIES))
    for (name, (epochs, values)), (dash, colour) in zip(found.items(), looks, strict=False):
        figure.add_scatter(x=list(epochs), y=list(values), name=name, mode="lines",
                           line={"color": colour, "width": 2, "dash": dash},
                           hovertemplate=f"{name}, epoch %{{x}}: %{{y:.4g}}<extra></extra>")  # fmt: skip
    style(figure, height=420, title_x="epoch", title_y=words, key=words)
    return figure.update_layout(legend={"yref": "container", "y": 0, "yanchor": "bottom"}, margin={"t": 8})


def beside(lines: Sequence[tuple[str, float | None, float, float | None]], key: str) -> go.Figure:
    """(network, the paper's percent, our mean, our spread) as two marks a network, the first network on top."""
    names = [name for name, *_ in lines]
    figure = go.Figure()
    figure.add_scatter(
        x=[paper for _, paper, _, _ in lines], y=names, name="the paper", mode="markers",
        marker={"symbol": "diamond-open", "size": 11, "color": OKABE_ITO["grey"], "line": {"width": 2}},
        hovertemplate="%{y}, the paper: %{x:g} %<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[mean for _, _, mean, _ in lines], y=names, name="ours, ± standard deviation over seeds", mode="markers",
        error_x={"array": [spread or 0 for *_, spread in lines], "thickness": 2, "width": 5},
        marker={"size": 11, "color": SERIES[0]}, hovertemplate="%{y}, ours: %{x:.2f} %<extra></extra>",
    )  # fmt: skip
    style(figure, height=90 + 34 * len(names), title_x="test accuracy, %", key=key)
    figure.update_yaxes(type="category", autorange="reversed")
    return figure.update_layout(margin={"t": 36})
