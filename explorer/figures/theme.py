"""What all figures share: Okabe-Ito colours for categories, the scales of `render`, quiet axes on both themes.

The same quantity has the same colour on every page: look it up in QUANTITY before choosing one.
"""

from html import escape

import plotly.graph_objects as go

from explorer.render import GROWN, TABLES

OKABE_ITO = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermilion": "#D55E00",
    "sky": "#56B4E9",
    "purple": "#CC79A7",
    "yellow": "#F0E442",
    "grey": "#8A8F98",
}

# Readable on white and on the dark theme alike: pure blue is too dark for the one, yellow too light for the other.
SERIES = ["#3A8FC8", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8A8F98"]

QUANTITY = {
    "phi": "#3A8FC8",
    "psi": "#E69F00",
    "tau": "#009E73",
    "train": "#8A8F98",
    "test": "#3A8FC8",
    "rate": "#CC79A7",
    "baseline": "#8A8F98",
    "cable": "#3A8FC8",
    "limit": "#D55E00",
    "good": "#009E73",
    "warning": "#E69F00",
    "bad": "#D55E00",
}

GRID = "rgba(128, 136, 148, 0.25)"


def literal(text: str) -> str:
    """Text of a stranger for the words of a figure, where plotly takes <a href=...> and %{x} for more than text."""
    return escape(text, quote=False).replace("%{", "&#37;{")


def faint(colour: str) -> str:
    """The colour of a line as that of the band around it, through which other lines are seen."""
    return "rgba({},{},{},0.16)".format(*(int(colour[place : place + 2], 16) for place in (1, 3, 5)))


def scale_stops(kind: str) -> list[list]:
    """The colours of `render` as a plotly colour scale, so that figures and pictures agree."""
    table = TABLES[kind]
    return [[i / 15, "rgb({},{},{})".format(*table[round(i * 255 / 15)])] for i in range(16)]


def style(
    figure: go.Figure, *, height: int = 320, title_x: str = "", title_y: str = "", key: str = "same"
) -> go.Figure:
    """Transparent ground, thin grid, units on the axes, legend above; higher where words are larger.

    `key` keeps zoom as long as it stays the same.
    """
    figure.update_layout(
        height=round(height * GROWN.get()),
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        colorway=SERIES,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "xanchor": "left", "x": 0.0},
        font={"size": 14},
        hoverlabel={"namelength": -1},
        uirevision=key,
    )
    axis = {"gridcolor": GRID, "zerolinecolor": GRID, "automargin": True}
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    if title_x:
        figure.update_xaxes(title_text=title_x)
    if title_y:
        figure.update_yaxes(title_text=title_y)
    return figure
