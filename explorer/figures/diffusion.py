"""Figures of the Diffusion page: histograms, a probe's series, amplification factors, errors, and the neuron."""

import numpy as np
import plotly.graph_objects as go

from explorer.diffusion.neuron import Neuron, Pulse, Recording
from explorer.diffusion.pixel import PixelSeries
from explorer.diffusion.schemes import Order
from explorer.diffusion.spectrum import ErrorCurve, GainCurves
from explorer.figures.theme import GRID, QUANTITY, SERIES, scale_stops, style

FIRST, NOW, THIRD = SERIES[6], SERIES[0], SERIES[1]
CHANNELS = (("red", "#D55E00"), ("green", "#009E73"), ("blue", "#3A8FC8"))
BINS = 60
BAND = "rgba(138,143,152,0.22)"


def histogram(first: np.ndarray, now: np.ndarray, n: int) -> go.Figure:
    """How often values occur at step 0 and at step n, on one axis that holds both.

    Counted in halves: the way from the least float to the largest is no float.
    """
    shown = [values[np.isfinite(values)] / 2 for values in (first, now)]
    low, high = (float(pick([pick(values) for values in shown if values.size])) for pick in (min, max))
    edges = np.linspace(low, high if high > low else low + 0.5, BINS + 1)
    figure = go.Figure()
    for values, name, colour in zip(shown, ("step 0", f"step {n:,}"), (FIRST, NOW), strict=True):
        share = np.histogram(values, BINS, (edges[0], edges[-1]))[0] / max(1, values.size)
        figure.add_scatter(
            x=np.repeat(2 * edges, 2),
            y=np.concatenate([[0], np.repeat(share, 2), [0]]),
            name=name,
            fill="tozeroy",
            line={"color": colour, "width": 2},
            hovertemplate="%{y:.1%}",
        )
    style(figure, height=300, title_x="value", title_y="share of pixels", key="histogram")
    return figure.update_yaxes(tickformat=".0%", rangemode="tozero")


def probe(series: PixelSeries, smooth: bool) -> go.Figure:
    """The pixel's values over the steps, the decay of the mean, and the band that they cannot leave."""
    figure = go.Figure()
    low, high = series.low, series.high
    figure.add_scatter(x=series.steps, y=_finite(high), line={"width": 0}, showlegend=False, hoverinfo="skip")
    figure.add_scatter(
        x=series.steps,
        y=_finite(low),
        line={"width": 0},
        fill="tonexty",
        fillcolor=BAND,
        hoverinfo="skip",
        name="cannot leave",
    )
    mean = {"color": FIRST, "dash": "dash", "width": 2}
    figure.add_scatter(x=series.steps, y=_finite(series.centre), name="mean·(1−τ)ⁿ", line=mean)
    names = [("u", NOW)] if len(series.values) == 1 else CHANNELS
    for (name, colour), values in zip(names, series.values, strict=True):
        figure.add_scatter(x=series.steps, y=_finite(values), name=name, line={"color": colour, "width": 2.5})
    style(figure, height=340, title_x="step", title_y="u at the pixel", key="probe")
    seen = series.values[np.isfinite(series.values)]
    reach = max(float(np.ptp(seen)), 1e-12) if seen.size else 1.0
    if not smooth and seen.size:  # the band may be far wider than what happens
        figure.update_yaxes(range=[seen.min() - 0.15 * reach, seen.max() + 0.15 * reach])
    return figure.update_traces(hovertemplate="%{y:.4g}")


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.abs(values) < 1e300, values, np.nan)


def gain(curves: GainCurves) -> go.Figure:
    """g along x, along y and along the diagonal, with the limits ±1."""
    figure = go.Figure()
    low = min(-1.15, float(curves.diagonal.min()) * 1.05)
    limit = {"color": QUANTITY["limit"], "width": 1.5, "dash": "dot"}
    for place in (-1, 1):
        figure.add_hline(
            y=place,
            line=limit,
            annotation_text="grows beyond" if place == -1 else " ",
            annotation_position="bottom left",
        )
    figure.add_hrect(y0=min(low, -1), y1=-1, fillcolor=QUANTITY["limit"], opacity=0.08, line_width=0)
    for values, name, colour, dash in (
        (curves.x, "along x", SERIES[0], "solid"),
        (curves.y, "along y", SERIES[1], "dash"),
        (curves.diagonal, "diagonal", SERIES[2], "solid"),
    ):
        figure.add_scatter(
            x=curves.k,
            y=values,
            name=name,
            line={"color": colour, "width": 3, "dash": dash},
            hovertemplate="g = %{y:.3f}",
        )
    style(figure, height=380, title_x="wave number k, radians a pixel", title_y="g, the factor of one step", key="gain")
    figure.update_xaxes(tickvals=[0, np.pi / 2, np.pi], ticktext=["0 (flat)", "π/2", "π"])
    return figure.update_yaxes(range=[low, max(1.15, float(curves.x.max()))])


def gain_surface(k: np.ndarray, g: np.ndarray, solid: bool) -> go.Figure:
    """g over both wave numbers, seen from above or as a solid surface; the colours saturate at ±1."""
    figure = go.Figure()
    ticks = {"tickvals": [-np.pi, 0, np.pi], "ticktext": ["−π", "0", "π"]}
    look = {"x": k, "y": k, "z": g, "colorscale": scale_stops("signed"), "colorbar": {"title": "g", "thickness": 12}}
    hover = "k_x %{x:.2f}, k_y %{y:.2f}: g = %{z:.3f}<extra></extra>"
    if not solid:
        figure.add_heatmap(**look, zmin=-1, zmax=1, hovertemplate=hover)
        lines = {"coloring": "none", "showlabels": True}
        for place, colour in ((0.0, "#16222E"), (-1.0, QUANTITY["limit"])):
            contours = {**lines, "start": place, "end": place, "size": 1}
            figure.add_contour(
                x=k,
                y=k,
                z=g,
                contours=contours,
                line={"color": colour, "width": 2},
                hoverinfo="skip",
                showscale=False,
                showlegend=False,
            )
        style(figure, height=380, title_x="k_x", title_y="k_y", key="map")
        figure.update_xaxes(**ticks, showgrid=False)
        return figure.update_yaxes(**ticks, showgrid=False, scaleanchor="x")
    figure.add_surface(**look, cmin=-1, cmax=1, hovertemplate=hover)
    style(figure, height=380, key="surface")
    axes = {"xaxis": {"title": "k_x", **ticks}, "yaxis": {"title": "k_y", **ticks}, "zaxis": {"title": "g"}}
    figure.update_layout(scene={**axes, "camera": {"eye": {"x": 1.4, "y": 1.4, "z": 0.7}}})
    return figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})


def errors(curves: list[ErrorCurve]) -> go.Figure:
    """Distance to the exact solution over time for τ, τ/2 and τ/4, on a logarithmic axis."""
    figure = go.Figure()
    for curve, name, colour in zip(curves, ("τ", "τ/2", "τ/4"), SERIES, strict=False):
        figure.add_scatter(
            x=curve.time,
            y=np.where(curve.error < 1e300, curve.error, np.nan),
            name=f"{name} = {curve.tau:.3g}",
            mode="lines+markers",
            line={"color": colour, "width": 2.5},
            customdata=curve.steps,
            hovertemplate="step %{customdata:,.0f}: %{y:.3g}",
        )
    style(figure, height=340, title_x="time t = n·τ", title_y="root mean square error", key="errors")
    return figure.update_yaxes(type="log", exponentformat="power")


def orders(found: list[Order], tau: float) -> go.Figure:
    """Distance to the exact solution at one time by the length of the steps, both logarithmic: slopes are orders."""
    figure = go.Figure()
    for one, colour in zip(found, SERIES, strict=False):
        kept = (one.error < 1e300) & (one.error > 0)
        figure.add_scatter(
            x=one.tau[kept],
            y=one.error[kept],
            name=one.scheme.name,
            mode="lines+markers",
            line={"color": colour, "width": 2.5},
            hovertemplate="τ = %{x:.3g}: %{y:.3g}",
        )
    figure.add_vline(x=tau, line={"color": GRID, "width": 2, "dash": "dot"})
    style(figure, height=340, title_x="length of a step τ", title_y="root mean square error", key="orders")
    figure.update_xaxes(type="log")
    return figure.update_yaxes(type="log", exponentformat="power")


def charging(trace: Recording, neuron: Neuron, pulse: Pulse, unit: str = "") -> go.Figure:
    """v over time where the current goes in and one λ away, beside the analytic curves."""
    figure, stop = go.Figure(), pulse.start + pulse.duration
    during = trace.t <= stop
    away = neuron.lambda_m if pulse.place + neuron.lambda_m < neuron.length else -neuron.lambda_m
    for place, name, colour in ((pulse.place, "at the current", NOW), (pulse.place + away, "one λ away", THIRD)):
        nearest = float(trace.x[np.abs(trace.x - place).argmin()])
        figure.add_scatter(x=trace.t, y=trace.at(place), name=name, line={"color": colour, "width": 3})
        expected = neuron.charging(nearest, trace.t[during], pulse)
        figure.add_scatter(
            x=trace.t[during],
            y=expected,
            name="analytic",
            showlegend=place != pulse.place,
            line={"color": FIRST, "width": 2, "dash": "dash"},
        )
    style(figure, height=320, title_x="time t, ms", title_y=_axis(unit), key="charging")
    return figure.update_traces(hovertemplate="%{y:.4g}").update_yaxes(rangemode="tozero")


def _axis(unit: str) -> str:
    return f"potential v, {unit}" if unit else "potential v"
