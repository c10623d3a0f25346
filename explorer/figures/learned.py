"""Figures of what cable layers learned: what they do to waves, before training, now and over the epochs."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer import equation
from explorer.figures.theme import OKABE_ITO, QUANTITY, SERIES, style
from explorer.networks import gains
from explorer.networks.gains import Gains


def responses(phi: np.ndarray, psi: np.ndarray, tau: np.ndarray, names: Sequence[str], key: str) -> go.Figure:
    """g of every channel pair for waves along x, along y and both, with the ±1 between which a wave is bounded."""
    outputs, inputs = phi.shape
    k = np.linspace(0, np.pi, 33)
    titles = [f"{names[i]} → {names[o]}" for o in range(outputs) for i in range(inputs)]
    figure = make_subplots(
        outputs,
        inputs,
        subplot_titles=titles,
        shared_xaxes=True,
        shared_yaxes=True,
        horizontal_spacing=0.03,
        vertical_spacing=0.1,
    )
    for o in range(outputs):
        for i in range(inputs):
            law = tau[o, i], phi[o, i] ** -2, psi[o, i] ** -2
            for colour, waves, words in (
                (QUANTITY["phi"], (k, 0), "along x"),
                (QUANTITY["psi"], (0, k), "along y"),
                (SERIES[6], (k, k), "chequered, both"),
            ):
                figure.add_scatter(
                    x=k / np.pi,
                    y=equation.gain(*law, *waves),
                    mode="lines",
                    name=words,
                    row=o + 1,
                    col=i + 1,
                    line={"color": colour, "width": 2},
                    legendgroup=words,
                    showlegend=not o and not i,
                    hovertemplate=f"g = %{{y:.3f}} at k = %{{x:.2f}}π {words}<extra></extra>",
                )
    for limit in (-1, 1):
        figure.add_hline(limit, line_dash="dot", line_width=1, line_color=QUANTITY["limit"])
    style(figure, height=150 * outputs + 90, key=key)
    figure.update_layout(legend={"y": 1.06}, margin={"t": 60})
    figure.update_annotations(font_size=13)
    return figure.update_xaxes(title_text="k / π", row=outputs)


def waves(now: Gains, start: Gains | None, key: str) -> go.Figure:
    """How much of a wave comes out, by its fineness, over all colours: the average in three directions, the colour
    that is raised the most, and the average before training."""
    lines = [
        ("checkerboard", now.average[gains.DIAGONAL], SERIES[2], "solid"),
        ("along x", now.average[gains.ALONG_X], QUANTITY["phi"], "solid"),
        ("along y", now.average[gains.ALONG_Y], QUANTITY["psi"], "solid"),
        ("its worst colour", now.worst[gains.DIAGONAL], SERIES[2], "dash"),
    ]
    if start is not None:
        lines.append(("before training", start.average[gains.DIAGONAL], OKABE_ITO["grey"], "dot"))
    figure = go.Figure()
    for name, values, colour, dash in lines:
        figure.add_scatter(
            x=now.waves / np.pi,
            y=values,
            name=name,
            mode="lines",
            line={"color": colour, "dash": dash, "width": 2.2},
            hovertemplate=f"×%{{y:.3g}} at k = %{{x:.2f}}π, {name}<extra></extra>",
        )
    style(figure, height=330, title_x="k / π: from flat areas to the finest", title_y="gain", key=key)
    figure.update_layout(margin={"t": 64})
    return figure.update_yaxes(rangemode="tozero")


def sharpening(epochs: Sequence[int], ratios: np.ndarray, start: float | None, key: str) -> go.Figure:
    """Finest checkerboard against flat areas after every epoch, on a scale on which ×2 and ×1/2 are as far from 1."""
    figure = go.Figure()
    x, y = [*([0] if start is not None else []), *epochs], [*([start] if start is not None else []), *ratios]
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines+markers",
        line={"color": SERIES[6], "width": 2.2},
        showlegend=False,
        hovertemplate="after epoch %{x}: ×%{y:.3g}<extra></extra>",
    )
    figure.add_hline(1, line_dash="dot", line_width=1, line_color=QUANTITY["limit"])
    style(figure, height=230, title_x="epoch", title_y="checkerboard / flat", key=key)
    return figure.update_yaxes(type="log")
