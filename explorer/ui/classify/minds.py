"""Diffuse it first: the image is changed step by step, and the networks change their minds."""

import numpy as np
import streamlit as st

from explorer.cable import BOUNDARIES, Cable
from explorer.figures import classify as figures
from explorer.predict import DISTURBANCES, MOST_LEVELS, changes, course, diffused, pixels
from explorer.render import enlarge, number, to_rgb
from explorer.ui import caches
from explorer.ui.classify.source import Asked
from explorer.ui.layers.inputs import URL, choice
from explorer.ui.layout import plain

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
    steps = sorted({round(step) for step in np.linspace(0, last, min(last + 1, MOST_LEVELS // 2))})
    stability = cable.stability()
    st.caption(f"Φ = Ψ = {number(cable.phi)}; the scheme is {stability.verdict}: "
               f"τ + 4(r_x + r_y) = {number(stability.bound)} of 2.")  # fmt: skip
    return steps, lambda field: diffused(field, cable, steps), "diffusion step"


def interesting(curves: dict[str, np.ndarray], most: int = 4) -> list[int]:
    """The classes that are ever likeliest, then those that come near, at most `most` and at least one."""
    peak = np.max([shares.max(0) for shares in curves.values()], axis=0)
    order = [int(place) for place in np.argsort(-peak, kind="stable")[:most]]
    return order[:1] + [place for place in order[1:] if peak[place] > 0.02]


def _one_of(shown: list[int], classes) -> int:
    name = st.segmented_control("Probability of", [classes[place] for place in shown], default=classes[shown[0]],
                                required=True, key="course.of")  # fmt: skip
    return classes.index(name)


def _strip(fields, levels, words: str) -> None:
    places = np.linspace(0, len(levels) - 1, min(FRAMES, len(levels))).round().astype(int)
    for column, place in zip(st.columns(len(places), gap="small"), places, strict=True):
        picture = enlarge(to_rgb(fields[int(place)].clamp(0, 1).numpy()), 160)
        column.image(picture, width="stretch", caption=f"{levels[place]:g}",
                     alt=f"The image at {words} {levels[place]:.3g}")  # fmt: skip


def _turns(turns, classes, levels) -> str:
    shown = [f"{classes[before]} → {classes[after]} at {levels[place]:g}"
             for place, before, after in turns[:5]]  # fmt: skip
    return ", ".join(shown) + (f", and {len(turns) - 5} more" if len(turns) > 5 else "")
