"""Diffuse it first: the image is changed more and more, and the networks change their minds.

Diffusion has numbers of its own; the other disturbances are those that whole test sets are measured under, strength 1
to 5 as there, and from there on to the utmost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

import numpy as np
import streamlit as st
from torch import Tensor

from explorer.classify.predict import MOST_LEVELS, changes, course, diffused, disturbed, pixels, without_leak
from explorer.data.disturb import DISTURBANCES, UTMOST, disturbance
from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.figures import classify as figures
from explorer.render import number
from explorer.ui.classify.source import Asked, in_words
from explorer.ui.classify.strip import strip
from explorer.ui.shared import caches
from explorer.ui.shared.layout import matters, plain
from explorer.ui.shared.widgets import URL, named

DIFFUSION = "diffusion"
TITLES = {DIFFUSION: "Diffusion"} | {name: one.title for name, one in DISTURBANCES.items()}
FRAMES = 6
LARGE, FEW = 128, 24  # pixels a side from which an answer takes tens of milliseconds, and how many are asked for then
BETWEEN = 4  # places from one strength to the next


class Linked(TypedDict):
    """What makes a widget's value part of the URL and lets it outlive a visit to another page."""

    bind: Literal["query-params"]
    persist_state: Literal["session"]


LINKED: Linked = {"bind": URL, "persist_state": "session"}
TOGETHER = 2  # networks whose curves of several classes can still be told apart


@dataclass(frozen=True)
class Way:
    """Along which the image is changed, from nothing at all."""

    change: Callable[[Tensor], Tensor]  # pixels (C, H, W) -> (places, C, H, W)
    places: Sequence[float]  # on the axis
    levels: Sequence[float]  # there, in the words of `quantity`
    quantity: str
    axis: figures.Axis
    shown: list[int]  # places of the strip


def draw(picked, asked: list[Asked], fit: str, controls) -> None:
    with controls:
        with matters("change"):
            what = named("Change the image by", "change", TITLES, DIFFUSION)
        large = any(one.subject.size > LARGE for one in asked)
        way = _diffusion(FEW if large else MOST_LEVELS // 2) if what == DIFFUSION else _disturbance(what)
    curves = {}
    with caches.gate():
        fields = way.change(pixels(asked[0].subject, picked.image, fit))
        for place, one in enumerate(asked):
            changed = way.change(pixels(one.subject, picked.image, fit)) if place else fields
            curves[one.name] = course(one.subject, changed)
    classes = asked[0].subject.classes
    if any(one.subject.classes != classes for one in asked):
        st.info("These networks know different classes: choose networks of one dataset to lay them over each other.")
        return
    _verdicts(curves, in_words(asked), classes, way)
    strip(
        [
            (fields[place], f"{way.levels[place]:.3g}", f"The image at {way.quantity} {way.levels[place]:.3g}")
            for place in way.shown
        ]
    )
    shown = interesting(curves)
    if len(curves) > TOGETHER:
        shown = [_one_of(shown, classes)]
    figure = figures.courses(way.places, curves, classes, shown, way.axis)
    words = f"Probabilities against {way.quantity}"
    st.plotly_chart(figure, key="courses", config={"displayModeBar": False}, alt=words)
    st.caption(
        f"The image is changed as the network's own pixels and clipped to what a picture can hold. Where a "
        f"network changes its mind is told by the {way.quantity}."
    )


def _verdicts(curves: dict[str, np.ndarray], words: dict[str, str], classes: Sequence[str], way: Way) -> None:
    """Where each network changes its mind, in a line."""
    lines = []
    for name, shares in curves.items():
        turns = changes(shares)
        told = _turns(turns, classes, way.levels)
        lines.append(
            f"- **{plain(words[name])}**: {told or f'says {plain(classes[int(shares[0].argmax())])} all the way'}"
        )
    st.container(key="verdict").markdown("\n".join(lines))


def _diffusion(most: int) -> Way:
    left, right = st.columns(2, gap="small")
    alpha = left.number_input("α", 0.0, 1e6, 2.0, 0.5, key="alpha", **LINKED)
    tau = right.number_input("τ", 0.0, 1e3, 0.06, 0.01, key="tau", **LINKED)
    last = left.number_input("Steps", 1, 10_000, 50, 10, key="step", **LINKED)
    h = right.number_input("h", 1e-3, 1e6, 1.0, 0.1, key="h_x", **LINKED)
    edges = st.selectbox("Edges", BOUNDARIES, key="edges", **LINKED)
    leaks = leak()
    cable = Cable(alpha, tau, h, boundary=edges)
    scheme = cable if leaks else without_leak(cable)
    stability, steps = scheme.stability(), spread(last, most)
    st.caption(
        f"Φ = Ψ = {number(cable.phi)}; the scheme is {stability.verdict}: "
        f"{'τ + ' * leaks}4(r_x + r_y) = {number(stability.bound)} of 2."
    )
    places = np.linspace(0, len(steps) - 1, min(FRAMES, len(steps))).round().astype(int).tolist()
    quantity = "diffusion step"
    return Way(lambda field: diffused(field, scheme, steps), steps, steps, quantity, figures.Axis(quantity), places)


def leak() -> bool:
    """The switch of everything that diffuses on this page."""
    return st.toggle(
        "Let it leak as well, as the cable does",
        key="leak",
        **LINKED,
        help="The equation u_t = αΔu − u also loses the share τ of every value in each step, and the picture fades to "
        "black. Without the leak light only spreads and the picture's mean stays.",
    )


def _disturbance(name: str) -> Way:
    one = disturbance(name)
    strengths = np.linspace(0, UTMOST, BETWEEN * UTMOST + 1).tolist()
    levels = [one.level(strength) for strength in strengths]
    st.caption(f"{one.what} Strengths 1 to 5: {'; '.join(one.says(level) for level in one.strengths)}.")
    axis = figures.strengths({place: levels[BETWEEN * place] for place in range(UTMOST + 1)}, one.quantity)
    return Way(
        lambda field: disturbed(field, name, strengths),
        strengths,
        levels,
        one.quantity,
        axis,
        list(range(0, len(strengths), BETWEEN)),
    )


def spread(last: int, most: int = MOST_LEVELS // 2) -> list[int]:
    """Steps from 0 to `last`: all of them where they are few, else closer at the beginning, where most happens."""
    if last < most:
        return list(range(last + 1))
    even, early = np.linspace(0, last, most // 2), np.geomspace(1, last, most // 2)
    return sorted({round(step) for step in [*even, *early]})


def interesting(curves: dict[str, np.ndarray], most: int = 4) -> list[int]:
    """The classes that are ever the answer of a network, the surest first, then up to `most` those that come near."""
    peak = np.max([shares.max(0) for shares in curves.values()], axis=0)
    answers = {int(place) for shares in curves.values() for place in shares.argmax(1)}
    order = sorted((int(place) for place in np.argsort(-peak, kind="stable")), key=lambda place: place not in answers)
    return [n for place, n in enumerate(order) if n in answers or (place < most and peak[n] > 0.02)]


def _one_of(shown: list[int], classes) -> int:
    name = st.segmented_control(
        "Probability of",
        [classes[place] for place in shown],
        default=classes[shown[0]],
        required=True,
        key="course.of",
        format_func=plain,
    )
    return classes.index(name)


def _turns(turns, classes, levels) -> str:
    shown = [
        f"{plain(classes[before])} → {plain(classes[after])} {_where(levels, place)}"
        for place, before, after in turns[:5]
    ]
    return ", ".join(shown) + (f", and {len(turns) - 5} more" if len(turns) > 5 else "")


def _where(levels, place: int) -> str:
    """Whole steps in a row are known exactly; of others only that it happened since the one before."""
    before, here = levels[place - 1], levels[place]
    return f"at {here:g}" if here - before == 1 else f"between {before:.3g} and {here:.3g}"
