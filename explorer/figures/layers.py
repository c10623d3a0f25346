"""Figures of the Layers page: activation curves, vanishing gradients, bars of a vector, histograms, fits."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from explorer.figures.theme import QUANTITY, SERIES, style
from explorer.layers.overfit import Fit, parabola
from explorer.networks import activations

REACH = 6.0
FUNCTION, SLOPE, BEFORE, AFTER = SERIES[0], SERIES[1], SERIES[6], SERIES[0]


def curves(name: str, parameters: dict[str, float], values: np.ndarray) -> go.Figure:
    """f and f' over x, above a histogram of the values that they are applied to."""
    kind = activations.get(name)
    reach = max(REACH, float(np.abs(values).max(initial=0)) * 1.05)
    x = np.linspace(-reach, reach, 601)
    figure = go.Figure()
    heights, edges = np.histogram(values, bins=60, range=(-reach, reach))
    figure.add_bar(
        x=(edges[1:] + edges[:-1]) / 2,
        y=heights / max(1, heights.sum()),
        yaxis="y2",
        width=2 * reach / 60,
        marker={"color": "rgba(138,143,152,0.35)"},
        name="the map's values",
        hovertemplate="%{y:.1%}<extra></extra>",
    )
    for curve, label, colour, dash in ((kind.f, "f", FUNCTION, "solid"), (kind.slope, "f′", SLOPE, "dash")):
        figure.add_scatter(
            x=x,
            y=curve(x, **parameters),
            name=label,
            line={"color": colour, "width": 3, "dash": dash},
            hovertemplate=f"{label}(%{{x:.2f}}) = %{{y:.3f}}<extra></extra>",
        )
    style(figure, height=330, title_x="x", key=name)
    near = np.concatenate([curve(x[np.abs(x) <= 4], **parameters) for curve in (kind.f, kind.slope)])
    low, high = min(-0.4, near.min() - 0.2), near.max() + 0.2
    figure.update_layout(
        yaxis={"range": [low, high]},
        yaxis2={"overlaying": "y", "side": "right", "visible": False, "range": [0, 4 * max(heights / heights.sum())]},
        bargap=0,
    )
    return figure


def vanishing(lengths: dict[str, np.ndarray]) -> go.Figure:
    """Length of the gradient after 1, 2, 3 ... layers for several activations, on a logarithmic axis."""
    figure, layers = go.Figure(), np.arange(1, 1 + len(next(iter(lengths.values()))))
    for number, (name, values) in enumerate(lengths.items()):
        figure.add_scatter(
            x=layers,
            y=np.maximum(values, 1e-30),
            name=activations.get(name).label,
            mode="lines+markers",
            line={"color": SERIES[number % len(SERIES)], "width": 4 if number == 0 else 2},
            hovertemplate="layer %{x}: %{y:.2e}",
        )
    figure.add_scatter(x=layers, y=0.25**layers, name="0.25ⁿ", line={"color": QUANTITY["limit"], "dash": "dot"})
    style(figure, height=330, title_x="layers gone back", title_y="gradient / first gradient", key="vanishing")
    figure.update_yaxes(type="log", exponentformat="power", range=[-24, 3])
    return figure


def bars(values: np.ndarray, marked: int, title: str, names: str = "class") -> go.Figure:
    """A vector as bars; the marked one in a colour of its own, and the numbers on them where there is room."""
    colours = [QUANTITY["warning"] if n == marked else SERIES[0] for n in range(len(values))]
    room = len(values) <= 6
    figure = go.Figure()
    figure.add_bar(
        x=[str(n) for n in range(len(values))],
        y=values,
        marker={"color": colours},
        text=[f"{value:.3g}" for value in values] if room else None,
        textposition="outside" if room else None,
        cliponaxis=False,
        hovertemplate=f"{names} %{{x}}: %{{y:.6g}}<extra></extra>",
    )
    style(figure, height=220, title_x=names, title_y=title, key=title)
    figure.update_xaxes(type="category")
    return figure


def histograms(before: np.ndarray, after: np.ndarray) -> go.Figure:
    """The values of maps before and after a layer, over one axis."""
    figure = go.Figure()
    low, high = min(before.min(), after.min()), max(before.max(), after.max())
    for values, name, colour in ((before, "before", BEFORE), (after, "after", AFTER)):
        heights, edges = np.histogram(values, bins=60, range=(low, max(high, low + 1e-9)))
        figure.add_scatter(
            x=(edges[1:] + edges[:-1]) / 2,
            y=heights / heights.sum(),
            name=name,
            fill="tozeroy",
            line={"color": colour, "shape": "hvh"},
            hovertemplate="%{x:.3g}: %{y:.1%}",
        )
    style(figure, height=260, title_x="value", title_y="share", key="histograms")
    figure.update_yaxes(tickformat=".0%")
    return figure


def fitted(fit: Fit) -> go.Figure:
    """The points, the curve through them, and the parabola that they are of."""
    x = np.linspace(-1, 1, 301)
    figure = go.Figure()
    figure.add_scatter(x=x, y=parabola(x), name="the parabola", line={"color": BEFORE, "dash": "dash", "width": 2})
    figure.add_scatter(x=x, y=fit(x), name=f"degree {fit.degree}", line={"color": FUNCTION, "width": 3})
    marks = {"color": QUANTITY["warning"], "size": 10}
    figure.add_scatter(x=fit.x, y=fit.y, name="its points", mode="markers", marker=marks)
    style(figure, height=330, title_x="x", title_y="y", key="fitted")
    return figure.update_yaxes(range=[-1.6, 1.6]).update_traces(hovertemplate="%{y:.3g}")


def fit_errors(fits: Sequence[Fit], chosen: int) -> go.Figure:
    """Both errors by degree, on a logarithmic axis, with the chosen degree marked."""
    degrees, figure = [fit.degree for fit in fits], go.Figure()
    for name, errors, colour in (
        ("on its points", [max(fit.error, 1e-3) for fit in fits], QUANTITY["train"]),
        ("on new points", [fit.unseen for fit in fits], QUANTITY["test"]),
    ):
        figure.add_scatter(x=degrees, y=errors, name=name, mode="lines+markers", line={"color": colour, "width": 3})
    figure.add_vline(x=chosen, line={"color": QUANTITY["limit"], "dash": "dot"})
    style(figure, height=330, title_x="degree", title_y="error", key="fit-errors")
    return figure.update_yaxes(type="log").update_traces(hovertemplate="%{y:.3g}")


def losses(values: Sequence[float], at: int) -> go.Figure:
    """The loss before each batch, with the chosen one marked."""
    figure = go.Figure()
    figure.add_scatter(x=np.arange(len(values)), y=values, name="loss", line={"color": QUANTITY["train"], "width": 3})
    figure.add_vline(x=at, line={"color": QUANTITY["limit"], "dash": "dot"})
    style(figure, height=220, title_x="batches done", title_y="loss", key="losses")
    return figure.update_yaxes(rangemode="tozero").update_traces(hovertemplate="%{y:.4g}")
