"""Diffuse it first: the image is changed step by step, and the networks change their minds."""

import numpy as np
import streamlit as st

from explorer.classify.predict import DISTURBANCES, MOST_LEVELS, changes, course, diffused, pixels
from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.figures import classify as figures
from explorer.render import enlarge, number, to_rgb
from explorer.ui.classify.source import Asked
from explorer.ui.shared import caches
from explorer.ui.shared.layout import plain
from explorer.ui.shared.widgets import URL, choice

DIFFUSION = "Diffusion"
FRAMES = 6
LEVELS = 26
LINKED = {"bind": URL, "persist_state": "session"}
TOGETHER = 2  # networks whose curves of several classes can still be told apart


def draw(picked, asked: list[Asked], fit: str) -> None:
    what = choice("Change the image by", "change", [DIFFUSION, *DISTURBANCES], DIFFUSION, persist="session")
    if what == DIFFUSION:
        levels, change, words = _diffusion()
    else:
        disturb, most, words = DISTURBANCES[what]
        levels = np.linspace(0, most, LEVELS).tolist()

        def change(field, disturb=disturb):
            return disturb(field, levels)

    curves, fields, ends = {}, None, []
    with caches.gate():
        for one in asked:
            changed = change(pixels(one.subject, picked.image, fit))
            fields = changed if fields is None else fields
            curves[one.name] = course(one.subject, changed)
    classes = asked[0].subject.classes
    if any(one.subject.classes != classes for one in asked):
        st.info("These networks know different classes: choose networks of one dataset to lay them over each other.")
        return
    _strip(fields, levels, words)
    shown = interesting(curves)
    if len(curves) > TOGETHER:
        shown = [_one_of(shown, classes)]
    figure = figures.courses(levels, curves, classes, shown, words)
    st.plotly_chart(figure, key="courses", config={"displayModeBar": False}, alt=f"Probabilities against {words}")
    for name, shares in curves.items():
        turns = changes(shares)
        ends.append(f"- **{plain(name)}**: " + (_turns(turns, classes, levels) if turns else
                                         f"says {classes[int(shares[0].argmax())]} all the way"))  # fmt: skip
    st.markdown("\n".join(ends))
    st.caption("The image is changed as the network's own pixels and clipped to what a picture can hold.")


def _diffusion():
    columns = st.columns(5, gap="small")
    alpha = columns[0].number_input("α", 0.0, 1e6, 2.0, 0.5, key="alpha", **LINKED)
    tau = columns[1].number_input("τ", 0.0, 1e3, 0.06, 0.01, key="tau", **LINKED)
    h = columns[2].number_input("h", 1e-3, 1e6, 1.0, 0.1, key="h_x", **LINKED)
    last = columns[3].number_input("Steps", 1, 10_000, 50, 10, key="step", **LINKED)
    edges = columns[4].selectbox("Edges", BOUNDARIES, key="edges", **LINKED)
    cable = Cable(alpha, tau, h, boundary=edges)
    steps = spread(last)
    stability = cable.stability()
    st.caption(f"Φ = Ψ = {number(cable.phi)}; the scheme is {stability.verdict}: "
               f"τ + 4(r_x + r_y) = {number(stability.bound)} of 2.")  # fmt: skip
    return steps, lambda field: diffused(field, cable, steps), "diffusion step"


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
    return [n for place, n in enumerate(order) if n in answers or place < most and peak[n] > 0.02]


def _one_of(shown: list[int], classes) -> int:
    name = st.segmented_control("Probability of", [classes[place] for place in shown], default=classes[shown[0]],
                                required=True, key="course.of")  # fmt: skip
    return classes.index(name)


def _strip(fields, levels, words: str) -> None:
    places = np.linspace(0, len(levels) - 1, min(FRAMES, len(levels))).round().astype(int)
    with st.container(horizontal=True, gap="small"):
        for place in places:
            picture = enlarge(to_rgb(fields[int(place)].clamp(0, 1).numpy()), 160)
            st.image(picture, width=84, caption=f"{levels[place]:g}", alt=f"The image at {words} {levels[place]:.3g}")


def _turns(turns, classes, levels) -> str:
    shown = [f"{classes[before]} → {classes[after]} {_where(levels, place)}" for place, before, after in turns[:5]]
    return ", ".join(shown) + (f", and {len(turns) - 5} more" if len(turns) > 5 else "")


def _where(levels, place: int) -> str:
    """Whole steps in a row are known exactly; of others only that it happened since the one before."""
    before, here = levels[place - 1], levels[place]
    return f"at {here:g}" if here - before == 1 else f"between {before:g} and {here:g}"
