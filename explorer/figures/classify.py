"""Figures of the Classify page: top classes, probability along a changed image, calibration, accuracy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from explorer.classify.testset import Calibration
from explorer.data.disturb import UTMOST
from explorer.figures.theme import OKABE_ITO, QUANTITY, SERIES, faint, literal, style

ENOUGH = 20  # images from which a share says something
BESIDE = 0.2  # of a strength, to the left and right of the outermost
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "5px,2px")


def top(answers: Sequence[tuple[str, float]], true: str | None, key: str) -> go.Figure:
    """The likeliest classes as bars, the first on top; the true one in green."""
    names = [literal(name) for name, _ in answers][::-1]
    shares = [share for _, share in answers][::-1]
    colours = [
        QUANTITY["good"] if name == literal(true or "") else SERIES[0] if name == names[-1] else SERIES[6]
        for name in names
    ]
    figure = go.Figure(
        go.Bar(
            x=shares,
            y=names,
            orientation="h",
            marker={"color": colours, "line": {"width": 0}},
            cliponaxis=False,
            text=[f"{share:.1%}" for share in shares],
            textposition="outside",
            hovertemplate="%{y}: %{x:.3%}<extra></extra>",
        )
    )
    style(figure, height=36 * len(names) + 20, key=key)
    figure.update_layout(margin={"l": 8, "r": 8, "t": 4, "b": 4}, bargap=0.25)
    figure.update_xaxes(range=[0, 1.22], visible=False)
    return figure.update_yaxes(type="category", showgrid=False)


@dataclass(frozen=True)
class Axis:
    title: str
    ticks: Mapping[float, str] | None = None  # place -> words; the places themselves where there are none

    def on(self, figure: go.Figure) -> go.Figure:
        if self.ticks:
            figure.update_xaxes(tickvals=list(self.ticks), ticktext=list(self.ticks.values()), tickangle=0)
            figure.update_xaxes(range=[min(self.ticks) - BESIDE, max(self.ticks) + BESIDE])
        return figure.update_xaxes(title_text=self.title)


def strengths(levels: Mapping[int, float], quantity: str) -> Axis:
    """Strengths along the axis, and under each its level, which the title names."""
    words: dict[float, str] = {place: f"<b>{place}</b><br>{level:.2g}" for place, level in levels.items()}
    named: dict[float, str] = {0: "as it is"}
    if UTMOST in levels:
        named[UTMOST] = f"utmost<br>{levels[UTMOST]:.2g}"
    return Axis(quantity, words | named)


def courses(
    places: Sequence[float], curves: dict[str, np.ndarray], classes: Sequence[str], shown: Sequence[int], axis: Axis
) -> go.Figure:
    """Probability of each class in `shown` along the axis: a colour a class and a dash a model, or a colour a model
    where there is one class; the legend names each colour and each dash once."""
    figure = go.Figure()
    alone = len(shown) == 1
    classes = [literal(name) for name in classes]
    for model, (name, shares) in enumerate((literal(name), shares) for name, shares in curves.items()):
        for place, number in enumerate(shown):
            colour, dash = (model, 0) if alone else (place, model)
            figure.add_scatter(
                x=list(places),
                y=shares[:, number],
                mode="lines",
                name=name if alone else classes[number],
                showlegend=alone or model == 0,
                line={"color": SERIES[colour % len(SERIES)], "dash": DASHES[dash % len(DASHES)], "width": 2.2},
                hovertemplate=f"{classes[number]}, {name}: %{{y:.1%}} at %{{x:.3g}}<extra></extra>",
            )
        if not alone and len(curves) > 1:
            line = {"color": OKABE_ITO["grey"], "dash": DASHES[model % len(DASHES)], "width": 2.2}
            figure.add_scatter(x=[None], y=[None], mode="lines", name=name, line=line)
    of = f"probability of {classes[shown[0]]}" if alone else "probability"
    style(figure, height=300, title_y=of, key=f"{axis.title} {of}")
    return axis.on(figure).update_yaxes(range=[-0.02, 1.02], tickformat=".0%")


def disturbed(found: Mapping[str, Sequence[Sequence[float]]], axis: Axis, chance: float) -> go.Figure:
    """Test accuracy against strength, for every network (accuracy, low, high) in percent at 0, 1, ..., in its band."""
    figure = go.Figure()
    figure.add_hline(
        chance,
        line_dash="dot",
        line_width=1,
        line_color=OKABE_ITO["grey"],
        annotation={"text": "chance", "font_size": 12, "yanchor": "bottom"},
    )
    for place, (name, rows) in enumerate((literal(name), rows) for name, rows in found.items()):
        middle, low, high = np.array(rows).T
        colour, where = SERIES[place % len(SERIES)], np.arange(len(middle))
        figure.add_scatter(
            x=np.concatenate([where, where[::-1]]),
            y=np.concatenate([high, low[::-1]]),
            fill="toself",
            mode="lines",
            line={"width": 0},
            fillcolor=faint(colour),
            hoverinfo="skip",
            legendgroup=name,
            showlegend=False,
        )
        figure.add_scatter(
            x=where,
            y=middle,
            name=name,
            legendgroup=name,
            mode="lines+markers",
            customdata=np.stack([low, high], 1),
            line={"color": colour, "width": 2.2, "dash": DASHES[place // len(SERIES) % len(DASHES)]},
            hovertemplate=f"{name}: %{{y:.1f}} % (%{{customdata[0]:.1f}} to %{{customdata[1]:.1f}})<extra></extra>",
        )
    style(figure, height=360, title_y="test accuracy, %", key=f"disturbed {axis.title}")
    figure.update_yaxes(range=[0, 101])
    return axis.on(figure)


def calibration(found: dict[str, Calibration]) -> go.Figure:
    """Share right against confidence, where enough images tell; on the diagonal a model is as right as it is sure."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name="calibrated",
        hoverinfo="skip",
        line={"color": OKABE_ITO["grey"], "dash": "dash", "width": 1.5},
    )
    for place, (name, one) in enumerate(found.items()):
        filled = one.counts >= ENOUGH
        figure.add_scatter(
            x=one.confidence[filled],
            y=one.accuracy[filled],
            name=f"{literal(name)}, off by {100 * one.error:.1f} points",
            mode="lines+markers",
            line={"color": SERIES[place % len(SERIES)], "width": 2.2},
            customdata=one.counts[filled],
            hovertemplate="%{x:.1%} sure, %{y:.1%} right, %{customdata} images<extra></extra>",
        )
    style(figure, height=420, title_x="how sure the network is", title_y="share right", key="calibration")
    return figure.update_xaxes(tickformat=".0%", range=[0, 1.02]).update_yaxes(tickformat=".0%", range=[0, 1.02])


def classes(percent: dict[str, np.ndarray], names: Sequence[str]) -> go.Figure:
    """Test accuracy of every class, the models beside each other: marks, for a bar would have to begin at zero."""
    figure = go.Figure()
    for place, (model, values) in enumerate((literal(name), values) for name, values in percent.items()):
        figure.add_scatter(
            x=[literal(name) for name in names],
            y=values,
            name=model,
            mode="markers",
            offsetgroup=model,
            marker={"size": 11, "color": SERIES[place % len(SERIES)]},
            hovertemplate=f"%{{x}}, {model}: %{{y:.2f}} %<extra></extra>",
        )
    style(figure, height=380, title_y="test accuracy, %", key="classes beside each other")
    figure.update_layout(scattermode="group", scattergap=0.3)
    every = np.concatenate(list(percent.values()))
    figure.update_yaxes(range=[max(0, np.nanmin(every) - 3), min(102, np.nanmax(every) + 3)])
    return figure.update_xaxes(type="category", showgrid=True)


def growth(course: Sequence[tuple[int, Sequence[float]]], chance: float) -> go.Figure:
    """The share that is recognised against pictures of each thing: the mean of its draws in their range."""
    counts = [count for count, _ in course]
    means = [float(np.mean(shares)) for _, shares in course]
    low, high = ([edge(shares) for _, shares in course] for edge in (min, max))
    figure = go.Figure()
    figure.add_hline(chance, line_dash="dot", line_width=1, line_color=OKABE_ITO["grey"])
    figure.add_scatter(
        x=[*counts, *counts[::-1]],
        y=[*high, *low[::-1]],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor=faint(SERIES[0]),
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=counts,
        y=means,
        mode="lines+markers",
        line={"color": SERIES[0], "width": 2.2},
        hovertemplate="%{x} of each: %{y:.0%}<extra></extra>",
    )
    style(figure, height=240, title_y="recognised of the others", key="growth")
    figure.update_layout(showlegend=False)
    figure.update_xaxes(title_text="pictures of each thing; the dotted line is chance", tickvals=counts)
    return figure.update_yaxes(range=[-0.02, 1.02], tickformat=".0%")
