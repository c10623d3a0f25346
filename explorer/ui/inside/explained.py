"""One number of one layer, written out as the sum that makes it."""

from html import escape

import numpy as np
import streamlit as st

from explorer.inside.explanation import Explanation, Term, explain
from explorer.inside.tracing import module
from explorer.networks.cable_layer import CableLayer
from explorer.render import colour, enlarge, number, scale_of
from explorer.ui.inside.view import Look, View
from explorer.ui.shared import grids

LARGEST = 7  # kernels up to this size are written as numbers, others drawn
SHOWN = 6  # terms written out; the others are summed in one line
COLOURS = ("red", "green", "blue")
STYLE = """<style>
.sum { border-collapse: collapse; width: 100%; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
.sum td { padding: 0.2rem 0.1rem; border-bottom: 1px solid rgba(128, 136, 148, 0.25); overflow-wrap: anywhere; }
.sum td:last-child { text-align: right; white-space: nowrap; padding-left: 1rem; }
.sum tr.total td { font-weight: 700; border-bottom: 0; }
</style>"""
FILTERED = ("convolution", "cable layer", "fixed blur")
RULES = {
    "convolution": "window · kernel, summed over every input channel, plus the bias",
    "cable layer": "one step of the cable equation from every input channel, summed; no bias",
    "fixed blur": "a quarter of the pixel, an eighth of each side, a sixteenth of each corner; nothing is learned",
    "dense layer": "every input times its weight, plus the bias",
    "max pool": "the largest value of the window wins, the others are forgotten",
    "average pool": "every value of the window, divided by how many there are",
    "batch norm": "(x − mean) · γ/√(variance + ε) + β, with the mean and variance remembered from training",
    "residual sum": "what the block computed, plus what skipped it",
    "log softmax": "the logit minus the log of the sum of all exponentials",
    "softmax": "the exponential of the logit, divided by the sum of all exponentials",
    "input": "the pixel, minus the mean of its colour, divided by its standard deviation",
    "flatten": "the same number, in a row with all others",
    "dropout": "nothing happens: dropout only acts during training",
}


def explained(view: View) -> Explanation:
    at, name = view.at, view.layer.name
    return explain(at.subject.model, name, view.index, view.y, view.x, at.batch, at.heard(name))


def terms(at: Look, told: Explanation) -> None:
    """The rule, and the terms with their sum."""
    where = f"row {told.y}, column {told.x}" if at.layer(told.layer).has_maps else f"unit {told.channel}"
    rule = RULES.get(told.kind, f"{told.kind.removeprefix('activation ')} of the value before it")
    st.markdown(f"**Where the {number(told.value)} at {where} comes from**  \n:small[:gray[{rule}]]")
    lines = [_line(fact.name, fact.value) for fact in told.facts]
    if len(told.terms) == 1:
        lines.append(_line(told.terms[0].name, told.total, "total"))
    else:
        lines += [_line(_name(at, told, term), term.value) for term in _written_out(told.terms)]
        lines.append(_line("sum", told.total, "total"))
    st.html(f'{STYLE}<table class="sum">{"".join(lines)}</table>')
    if abs(told.total - told.value) > 1e-4 * max(1.0, abs(told.value)):
        st.error(f"The terms add up to {told.total:.6g}, the layer put out {told.value:.6g}.", icon=":material/error:")


def _line(name: str, value: float, kind: str = "") -> str:
    return f'<tr class="{kind}"><td>{escape(name)}</td><td>{number(value)}</td></tr>'


def _name(at: Look, told: Explanation, term: Term) -> str:
    if told.kind not in FILTERED or term.channel is None:
        return term.name
    return f"{_source(at, told, term.channel)} window · kernel"


def _source(at: Look, told: Explanation, channel: int) -> str:
    """What to call an input channel."""
    first = at.subject.channels == 3 and told.layer == at.layers[1].name
    return COLOURS[channel] if first else f"{channel}:"


def _written_out(terms: tuple[Term, ...]) -> list[Term]:
    """The largest, and the sum of the others; the bias always has a line."""
    bias = [term for term in terms if term.name == "bias"]
    others = [term for term in terms if term.name != "bias"]
    rest = others[SHOWN:]
    if len(rest) > 1:
        others = [*others[:SHOWN], Term(f"{len(rest)} smaller ones together", sum(term.value for term in rest))]
    return others + bias


def window(at: Look, told: Explanation) -> None:
    """The window behind the largest term: window ⊙ kernel = products; or the window of a pool."""
    if told.window is None or told.kind == "dense layer":
        return
    if told.kind in ("max pool", "average pool"):
        marks = None
        if told.winner is not None:
            marks = np.zeros(told.window.shape[1:], bool)
            marks[told.winner[0] - told.top, told.winner[1] - told.left] = True
        grids.show([grids.grid(told.window[0], f"the window from row {told.top}, column {told.left}", marks=marks)])
        return
    ranked = [term.channel for term in told.terms if term.channel is not None]
    channel = ranked[0]
    if len(ranked) > 1:
        names = {one: _source(at, told, one).removesuffix(":") for one in ranked}
        channel = st.selectbox(
            "Input channel, the largest part first", ranked, format_func=names.__getitem__, width=240
        )
    assert told.kernel is not None  # as every layer that sums over channels has
    window, kernel = told.window[channel - told.first], told.kernel[channel - told.first]
    titles = (f"window from row {told.top}, column {told.left}", "kernel", f"sum {number((window * kernel).sum())}")
    scales = (scale_of(window), scale_of(kernel, "signed"), scale_of(window * kernel, "signed"))
    parts = list(zip((window, kernel, window * kernel), titles, scales, strict=True))
    if max(kernel.shape) <= LARGEST:
        first, second, third = (grids.grid(values, title, scale=scale) for values, title, scale in parts)
        grids.show([first, grids.sign("⊙"), second, grids.sign("="), third])
    else:
        for column, (values, title, scale) in zip(st.columns(3, gap="small"), parts, strict=True):
            column.image(enlarge(colour(values, scale), 160), width="stretch", alt=title, caption=f"{title}, {scale}")
    layer = module(at.subject.model, told.layer)
    if isinstance(layer, CableLayer):
        pair = told.channel, channel
        values = {"Φ": layer.phi, "Ψ": layer.psi, "τ": layer.tau}
        words = ", ".join(f"{name} = {number(value.detach()[pair].item())}" for name, value in values.items())
        st.caption(f"This channel pair has {words}; zeros stand outside the image.")
