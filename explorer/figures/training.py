"""The figures of the Train page: curves of one run or several, Φ, Ψ and τ over the epochs, confusion, classes.

Curves grow while someone looks at them, so they are plain values here, drawn by explorer.ui.components.curves.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from explorer.figures.theme import OKABE_ITO, QUANTITY, SERIES, literal, scale_stops, style

SYMBOLS = {"phi": "Φ", "psi": "Ψ", "tau": "τ"}
MOST_PAIRS = 36  # channel pairs of a cable layer that are drawn
MOST_POINTS = 400  # a line has at most; more than a screen can show


@dataclass(frozen=True)
class Series:
    """One run as the figures see it."""

    label: str
    lines: Sequence[dict]  # of metrics.jsonl
    watched: str = "test"  # or "held-out": which images the curves are of

    def of(self, name: str) -> tuple[list[int], list[float | None]]:
        """Epochs and values, where the run has them; a number that is none becomes a gap."""
        points = [(line["epoch"], line[name]) for line in self.lines if line.get(name) is not None]
        points = points[:: math.ceil(len(points) / MOST_POINTS)] + points[-1:] if len(points) > MOST_POINTS else points
        return [epoch for epoch, _ in points], [value if math.isfinite(value) else None for _, value in points]


@dataclass(frozen=True)
class Line:
    name: str
    colour: str
    x: list[int]
    y: list[float | None]
    dash: str = "full"  # or "dotted", "dashed"
    width: float = 2.2
    legend: bool = True
    marks: bool = True


@dataclass(frozen=True)
class Curves:
    title: str
    lines: list[Line]
    unit: str = ""
    digits: int = 4  # significant ones in the tooltip
    log: bool = False
    zero: bool = False  # the axis begins at 0


def loss(runs: Sequence[Series]) -> Curves:
    """Training and test loss; logarithmic, since it falls by factors. Of several runs, training is dotted."""
    lines = [line for name in ("train_loss", "test_loss") for line in _lines(runs, name)]
    return Curves("Loss (cross-entropy)", lines, log=True)


def accuracy(runs: Sequence[Series], reported: tuple[float, str] | None = None) -> Curves:
    """Test accuracy in percent, that of training where the run is alone, and a paper's figure as a dashed line."""
    names = ("train_accuracy", "test_accuracy") if len(runs) == 1 else ("test_accuracy",)
    lines = [line for name in names for line in _lines(runs, name)]
    if reported:
        value, source = reported
        epochs = [line["epoch"] for run in runs for line in run.lines] or [1]
        span = [min(epochs), max(epochs)]
        lines.append(Line(f"{value:g} % {source}", QUANTITY["limit"], span, [value, value], "dashed", 1.5))
    return Curves("Accuracy, %", lines, unit=" %")


def rate(runs: Sequence[Series]) -> Curves:
    """The learning rate at the end of each epoch."""
    return Curves("Learning rate", list(_lines(runs, "learning_rate")), digits=3, zero=True)


def _lines(runs, name):
    kind = {"train_loss": "train", "train_accuracy": "train", "learning_rate": "rate"}.get(name, "test")
    for place, run in enumerate(runs):
        words = {"train": "training", "test": run.watched, "rate": "learning rate"}[kind]
        if len(runs) == 1:
            yield Line(words, QUANTITY[kind], *run.of(name), width=1.3 if kind == "train" else 2.2)
        else:
            training = kind == "train"
            label = f"{run.label}, training" if training else run.label
            yield Line(
                label,
                SERIES[place % len(SERIES)],
                *run.of(name),
                dash="dotted" if training else "full",
                width=1.3 if training else 2.2,
                legend=not training,
            )


def cable_curves(lines: Sequence[dict], layer: str) -> list[Curves]:
    """Φ, Ψ and τ of every channel pair of one layer over the epochs, thin lines, one chart a quantity."""
    epochs, values = cable_values(lines, layer)
    every = max(1, math.ceil(len(epochs) / MOST_POINTS))
    charts = []
    for name, symbol in SYMBOLS.items():
        pairs = list(np.ndindex(values[name].shape[1:]))
        shown = pairs[:: math.ceil(len(pairs) / MOST_PAIRS)]
        thin = [
            Line(
                f"{into + 1}→{out + 1}",
                QUANTITY[name],
                epochs[::every],
                values[name][::every, out, into].tolist(),
                width=1.3,
                legend=False,
                marks=len(epochs) < 2,
            )
            for out, into in shown
        ]
        some = f", {len(shown)} of {len(pairs)} pairs" if len(shown) < len(pairs) else ""
        charts.append(Curves(symbol + some, thin, digits=3))
    return charts


def cable_values(lines: Sequence[dict], layer: str) -> tuple[list[int], dict[str, np.ndarray]]:
    """Epochs, and for phi, psi and tau an array (epochs, out, in)."""
    kept = [line for line in lines if layer in line.get("cable", {})]
    return [line["epoch"] for line in kept], {
        name: np.array([line["cable"][layer][name] for line in kept], dtype=float) for name in SYMBOLS
    }


def confusion(counts: np.ndarray, classes: Sequence[str]) -> go.Figure:
    """Rows are the true classes, columns what the network said; the colour is the share of the row."""
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    names, numbers = [literal(name) for name in classes], len(classes) <= 12
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=names,
            y=names,
            colorscale=scale_stops("magnitude"),
            zmin=0,
            zmax=1,
            customdata=counts,
            xgap=1,
            ygap=1,
            colorbar={"tickformat": ".0%", "thickness": 12},
            text=counts if numbers else None,
            texttemplate="%{text}" if numbers else None,
            hovertemplate="%{y} taken for %{x}: %{customdata} images, %{z:.1%} of its class<extra></extra>",
        )
    )
    style(figure, height=430, title_x="the network says", title_y="it is", key="confusion")
    kind = "category" if numbers else None
    return figure.update_yaxes(autorange="reversed", type=kind).update_xaxes(type=kind)


def per_class(percent: np.ndarray, classes: Sequence[str]) -> go.Figure:
    """Test accuracy of every class; the line is their mean."""
    figure = go.Figure(
        go.Bar(
            x=[literal(name) for name in classes],
            y=percent,
            marker_color=QUANTITY["test"],
            hovertemplate="%{x}: %{y:.2f} %<extra></extra>",
        )
    )
    figure.add_hline(float(np.nanmean(percent)), line_dash="dot", line_color=OKABE_ITO["grey"])
    low = float(np.nanmin(percent))
    style(figure, height=430, title_y="test accuracy, %", key="classes")
    return figure.update_xaxes(type="category").update_yaxes(range=[max(0, min(low - 5, 90)), 100])
