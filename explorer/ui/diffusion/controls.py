"""The column of controls: every number has a slider for feeling and a field for exact values, kept in step.

The field is the one in the URL. The slider reaches over the useful range only; a value outside it stays, and the
slider rests at its end.
"""

import math

import streamlit as st

from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.diffusion.laws import largest_stable_alpha
from explorer.diffusion.presets import PRESETS
from explorer.diffusion.scene import RANGES, Scene
from explorer.ui.diffusion import glance
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import matters
from explorer.ui.shared.widgets import URL, preset

START = Scene()
EDGES_HELP = (
    "What lies outside the picture. **Insulated**: the edge pixel repeated, nothing flows out. **Periodic**: the far "
    "side, wrapped round. **Zero**: black, what a padded convolution sees."
)


def exact(label: str, key: str, *, reach: float, step: float, format: str | None, help: str, low: float = 0.0) -> float:
    """A slider from `low` to `reach` and, beside it, a field for any value the parameter may have."""
    slider = f"{key}.slider"
    smallest, largest = RANGES[key]
    start = getattr(START, key)

    def slid() -> None:
        st.session_state[key] = type(start)(st.session_state[slider])

    with st.container(key=f"exact-{key}"):
        left, right = st.columns([1.45, 1], gap="small", vertical_alignment="bottom")
    value = right.number_input(
        label,
        smallest,
        largest,
        start,
        step,
        format,
        key,
        label_visibility="collapsed",
        bind=URL,
        persist_state="session",
    )
    assert value is not None  # only a box that begins empty can be empty
    low, reach = type(start)(low), type(start)(reach)
    st.session_state[slider] = min(max(value, low), reach)
    left.slider(label, low, reach, step=step, format=format, key=slider, help=help, on_change=slid)
    return value


def draw(page: Frame) -> Cable:
    """All controls above the grid; returns the scheme that they describe."""
    presets = st.container()
    alphas, limits = matters("alpha"), st.container()
    tau = exact(
        "τ: time step",
        "tau",
        reach=0.2,
        step=0.001,
        format="%.4g",
        help="Each step every value loses the share τ; diffusion happens for a time τ. Small steps are safe.",
    )
    h_x, h_y = _spacing(page)
    edges = st.segmented_control(
        "Edges",
        BOUNDARIES,
        default=START.edges,
        key="edges",
        bind=URL,
        required=True,
        width="stretch",
        help=EDGES_HELP,
        persist_state="session",
    )
    with alphas:
        alpha = exact(
            "α: diffusion",
            "alpha",
            reach=_reach(Cable(1.0, tau, h_x, h_y)),
            step=0.01,
            format="%.5g",
            help="How strongly neighbours are coupled. The slider reaches a little beyond what is stable.",
        )
    with presets:
        _presets(alpha, tau, h_x, h_y)
    cable = Cable(alpha, tau, h_x, h_y, edges)
    with limits:
        glance.limit(cable)
    return cable


def _reach(cable: Cable) -> float:
    """A round number somewhat above the largest stable α, so that the slider can just leave the safe ground."""
    wanted = 1.5 * (largest_stable_alpha(cable) or 6.0)
    unit = 10.0 ** math.floor(math.log10(wanted))
    above = next(unit * part for part in (1, 2, 3, 4, 5, 6, 8, 10) if unit * part >= wanted * 0.999)
    return min(above, RANGES["alpha"][1])


def _spacing(page: Frame) -> tuple[float, float]:
    lock = st.session_state.get("lock", st.query_params.get("lock", "true") not in ("false", "0"))
    h_x = exact(
        "h: grid spacing, x = y" if lock else "h_x: between columns",
        "h_x",
        reach=4.0,
        low=0.25,
        step=0.05,
        format="%.4g",
        help="The distance between pixels. Closer pixels exchange more in a step: r = α·τ/h².",
    )
    h_y = h_x
    if not lock:
        h_y = exact(
            "h_y: between rows",
            "h_y",
            reach=4.0,
            low=0.25,
            step=0.05,
            format="%.4g",
            help="A large h_y lets colour run along rows only.",
        )
    return h_x, h_y


def _presets(alpha: float, tau: float, h_x: float, h_y: float) -> None:
    """The list shows the preset that the controls stand at, if they do."""
    values = (alpha, tau, h_x, h_y)
    at = {(one.alpha, one.tau, one.h_x, one.h_y): name for name, one in PRESETS.items()}
    st.session_state["preset"] = at.get(values)
    numbers = {
        name: (
            one.title,
            {"alpha": one.alpha, "tau": one.tau, "h_x": one.h_x, "h_y": one.h_y, "lock": one.h_x == one.h_y},
        )
        for name, one in PRESETS.items()
    }
    looks = "  \n".join(f"**{one.title}**: {one.look}" for one in PRESETS.values())
    if chosen := preset("preset", "Preset", numbers, "your own numbers", help=looks):
        st.caption(PRESETS[chosen].look)


def grid() -> tuple[int, bool]:
    """What the image becomes before the first step: (size, colour)."""
    size = exact(
        "Size in pixels",
        "size",
        reach=512,
        low=32,
        step=16,
        format="%d",
        help="The image becomes a square of this many pixels a side.",
    )
    left, right = st.columns(2, gap="small")
    with left:
        colour = st.toggle("Colour", START.colour, key="colour", bind=URL, persist_state="session")
    with right:
        st.toggle("h_y = h_x", START.lock, key="lock", bind=URL, persist_state="session")
    return int(size), colour
