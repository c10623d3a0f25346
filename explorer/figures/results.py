"""Figures of the Results page: training curves over each other, and accuracies beside the papers' own."""

import itertools
from collections.abc import Sequence

import plotly.graph_objects as go

from explorer.figures.theme import OKABE_ITO, QUANTITY, SERIES, faint, style
from explorer.results.differences import Difference

DASHES = ("solid", "dash", "dot")  # where there are more lines than colours


def curves(found: dict[str, tuple[Sequence[float], Sequence[float]]], words: str) -> go.Figure:
    """One line a network: (epochs, values)."""
    figure = go.Figure()
    looks = itertools.cycle(itertools.product(DASHES, SERIES))
    for (name, (epochs, values)), (dash, colour) in zip(found.items(), looks, strict=False):
        figure.add_scatter(
            x=list(epochs),
            y=list(values),
            name=name,
            mode="lines",
            line={"color": colour, "width": 2, "dash": dash},
            hovertemplate=f"{name}, epoch %{{x}}: %{{y:.4g}}<extra></extra>",
        )
    style(figure, height=420, title_x="epoch", title_y=words, key=words)
    return figure.update_layout(legend={"yref": "container", "y": 0, "yanchor": "bottom"}, margin={"t": 8})


def beside(lines: Sequence[tuple[str, float | None, float, float | None]], key: str) -> go.Figure:
    """(network, the paper's percent, our mean, our spread) as two marks a network, the first network on top."""
    names = [name for name, *_ in lines]
    figure = go.Figure()
    figure.add_scatter(
        x=[paper for _, paper, _, _ in lines],
        y=names,
        name="the paper",
        mode="markers",
        marker={"symbol": "diamond-open", "size": 11, "color": OKABE_ITO["grey"], "line": {"width": 2}},
        hovertemplate="%{y}, the paper: %{x:g} %<extra></extra>",
    )
    figure.add_scatter(
        x=[mean for _, _, mean, _ in lines],
        y=names,
        name="ours, ± standard deviation over seeds",
        mode="markers",
        error_x={"array": [spread or 0 for *_, spread in lines], "thickness": 2, "width": 5},
        marker={"size": 11, "color": SERIES[0]},
        hovertemplate="%{y}, ours: %{x:.2f} %<extra></extra>",
    )
    style(figure, height=90 + 34 * len(names), title_x="test accuracy, %", key=key)
    figure.update_yaxes(type="category", autorange="reversed")
    return figure.update_layout(margin={"t": 36})


def differences(lines: Sequence[tuple[str, Difference]], bound: float, key: str) -> go.Figure:
    """(name, difference in points) as a mark with its 95 % interval, the first on top; 0 and the bound within which
    nobody would care are marked. Where there are too few pairs for an interval the mark is empty."""
    figure = go.Figure()
    figure.add_vrect(x0=-bound, x1=bound, fillcolor=faint(OKABE_ITO["grey"]), line_width=0, layer="below")
    figure.add_vline(x=0, line={"color": OKABE_ITO["grey"], "width": 2})
    for name, one in lines:
        known = one.low is not None
        colour = {1: QUANTITY["good"], -1: QUANTITY["bad"], 0: OKABE_ITO["grey"]}[one.sign]
        ends = f"{one.low:+.2f} to {one.high:+.2f}" if known else "too few for an interval"
        figure.add_scatter(
            x=[one.mean],
            y=[name],
            mode="markers",
            showlegend=False,
            error_x=_ends(one),
            marker={"size": 12, "symbol": "circle" if known else "circle-open", "color": colour, "line": {"width": 2}},
            hovertemplate=f"%{{y}}: {one.mean:+.2f} points, {ends}, {one.pairs} pairs<extra></extra>",
        )
    style(figure, height=96 + 40 * len(lines), title_x="points of accuracy", key=key)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False, ticksuffix="  ")
    return figure.update_layout(margin={"t": 12})


def _ends(one: Difference) -> dict | None:
    if one.low is None or one.high is None:
        return None
    above, below = one.high - one.mean, one.mean - one.low
    return {"symmetric": False, "array": [above], "arrayminus": [below], "thickness": 2.5, "width": 6}


def bands(found: dict[str, tuple[Sequence[float], Sequence[Sequence[float]]]], words: str) -> go.Figure:
    """A line a kind, the mean of its networks, in a band from the lowest to the highest: {kind: (epochs, values)}."""
    figure = go.Figure()
    for (name, (epochs, values)), colour in zip(found.items(), itertools.cycle(SERIES), strict=False):
        columns = list(zip(*values, strict=True))
        around = [*map(max, columns), *[min(column) for column in columns][::-1]]
        figure.add_scatter(
            x=[*epochs, *list(epochs)[::-1]],
            y=around,
            fill="toself",
            fillcolor=faint(colour),
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
            legendgroup=name,
        )
        figure.add_scatter(
            x=list(epochs),
            y=[sum(column) / len(column) for column in columns],
            name=name,
            legendgroup=name,
            mode="lines",
            line={"color": colour, "width": 2.5},
            hovertemplate=f"{name}, epoch %{{x}}: %{{y:.4g}}<extra></extra>",
        )
    style(figure, height=420, title_x="epoch", title_y=words, key=words)
    return figure.update_layout(legend={"yref": "container", "y": 0, "yanchor": "bottom"}, margin={"t": 8})
