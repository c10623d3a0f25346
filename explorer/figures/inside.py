"""Figures of the Feature maps page: a layer's values, units of a dense layer, norms of filters."""

import numpy as np
import plotly.graph_objects as go

from explorer.figures.theme import QUANTITY, SERIES, literal, style

MOST_BARS = 256


def histogram(maps: np.ndarray, chosen: int | None, layer: str) -> go.Figure:
    """How often each value occurs in the layer, and in the chosen map; zeros are counted beside it, not drawn."""
    values = maps[np.isfinite(maps)]
    drawn = values[values != 0]
    figure = go.Figure()
    if drawn.size:
        edges = np.histogram_bin_edges(drawn, bins=64)
        one = maps[chosen][np.isfinite(maps[chosen]) & (maps[chosen] != 0)] if chosen is not None else np.empty(0)
        middle = (edges[1:] + edges[:-1]) / 2
        for part, name, colour in ((drawn, f"all of {layer}", SERIES[6]), (one, f"map {chosen}", SERIES[0])):
            if part.size:
                share = np.histogram(part, edges)[0] / part.size
                figure.add_scatter(
                    x=middle,
                    y=share,
                    name=name,
                    mode="lines",
                    line={"shape": "hvh", "color": colour, "width": 2},
                    fill="tozeroy",
                    hovertemplate="around %{x:.3g}: %{y:.2%}",
                )
    style(figure, height=300, title_x="value (zeros left out)", title_y="share", key=f"histogram {layer}")
    figure.update_yaxes(tickformat=".0%")
    return figure


def units(values: np.ndarray, chosen: int, names: list[str] | None, layer: str) -> go.Figure:
    """A dense layer's outputs as bars; very long vectors as a line."""
    places = [literal(name) for name in names] if names else list(range(len(values)))
    figure = go.Figure()
    if len(values) <= MOST_BARS:
        colours = [QUANTITY["limit"] if unit == chosen else SERIES[0] for unit in range(len(values))]
        figure.add_bar(x=places, y=values, marker={"color": colours}, hovertemplate="%{x}: %{y:.4g}<extra></extra>")
    else:
        figure.add_scatter(
            x=places,
            y=values,
            mode="lines",
            line={"color": SERIES[0], "width": 1},
            showlegend=False,
            hovertemplate="unit %{x}: %{y:.4g}<extra></extra>",
        )
        figure.add_scatter(
            x=[places[chosen]],
            y=[values[chosen]],
            mode="markers",
            showlegend=False,
            marker={"color": QUANTITY["limit"], "size": 11},
            hoverinfo="skip",
        )
    return style(figure, height=320, title_x="" if names else "unit", title_y="output", key=f"units {layer}")


def two_units(first: np.ndarray, second: np.ndarray, names: list[str] | None, titles: tuple[str, str]) -> go.Figure:
    """The outputs of one dense layer in two networks, side by side."""
    places = [literal(name) for name in names] if names else list(range(len(first)))
    figure = go.Figure()
    for values, title, colour in zip((first, second), titles, (SERIES[0], SERIES[1]), strict=True):
        figure.add_bar(
            x=places,
            y=values,
            name=literal(title),
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate="%{x}: %{y:.4g}",
        )
    return style(figure, height=320, title_x="" if names else "unit", title_y="output", key="two units")


def chances(first: np.ndarray, second: np.ndarray, names: list[str], titles: tuple[str, str]) -> go.Figure:
    """The probabilities of a few classes, twice."""
    figure = go.Figure()
    for values, title, colour in zip((first, second), titles, (SERIES[0], SERIES[1]), strict=True):
        figure.add_bar(
            y=[literal(name) for name in names],
            x=values,
            name=literal(title),
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate="%{y}: %{x:.1%}",
        )
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_yaxes(autorange="reversed")
    return style(figure, height=320, title_x="probability", title_y="", key="chances")


def norms(lengths: np.ndarray, chosen: int, layer: str) -> go.Figure:
    """The length of each filter: √Σ w²."""
    colours = [QUANTITY["limit"] if number == chosen else SERIES[0] for number in range(len(lengths))]
    figure = go.Figure()
    figure.add_bar(
        x=list(range(len(lengths))),
        y=lengths,
        marker={"color": colours, "line": {"width": 0}},
        hovertemplate="filter %{x}: %{y:.3g}<extra></extra>",
    )
    return style(figure, height=260, title_x="filter", title_y="√Σ w²", key=f"norms {layer}")
