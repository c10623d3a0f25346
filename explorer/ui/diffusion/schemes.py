"""Other schemes: the same image after the same time by four other ways, and how far each is from the equation."""

import numpy as np
import streamlit as st
from torch import Tensor

from explorer.diffusion import schemes
from explorer.diffusion.cable import Cable
from explorer.diffusion.scene import RANGES
from explorer.figures import diffusion as figures
from explorer.render import enlarge, number
from explorer.ui.diffusion.controls import exact
from explorer.ui.diffusion.stage import Stage, paint, scale_control, step_control
from explorer.ui.shared.layout import formula

KEEPS_EDGES = "Perona-Malik"


def draw(stage: Stage) -> None:
    step, sparing, scale = st.columns([1.3, 1.3, 0.8], gap="medium", vertical_alignment="bottom")
    with step:
        n = step_control()
    with sparing:
        k = exact(
            "K of Perona-Malik",
            "k",
            low=RANGES["k"][0],
            reach=0.5,
            step=0.01,
            format="%.3g",
            help="A difference of K between neighbours halves their coupling; far larger ones are edges, and stay.",
        )
    with scale:
        colours = scale_control()
    u, begin = stage.start(n)
    shown = {scheme.name: scheme.after(stage.cable, u, n - begin) for scheme in schemes.SCHEMES}
    kept = min(n - begin, schemes.most_steps(u))
    shown[KEEPS_EDGES] = schemes.sparing_edges(stage.cable, u, kept, k)
    with st.container(key="filmstrip-schemes"):
        columns = st.columns(len(shown), gap="small")
    truth = shown[schemes.EXACT.name]
    for column, (name, field) in zip(columns, shown.items(), strict=True):
        with column:
            _picture(stage, name, field, truth, colours)
    if kept < n - begin:
        st.caption(
            f"{KEEPS_EDGES} has no closed form: it is shown after {kept:,} of these {n - begin:,} steps. Smaller grids "
            "reach further."
        )
    _orders(stage.cable, u, n - begin)


def _picture(stage: Stage, name: str, field: Tensor, truth: Tensor, colours: str) -> None:
    values = field.numpy()
    picture, words = paint(values, colours)
    st.image(enlarge(picture, 256), width="stretch", alt=f"{stage.name}, {name}")
    said = {scheme.name: schemes.verdict(scheme, stage.cable) for scheme in schemes.SCHEMES}
    said[KEEPS_EDGES] = (
        "keeps edges" if stage.cable.stability().verdict == "smooth" else stage.cable.stability().verdict
    )
    with np.errstate(over="ignore", invalid="ignore"):
        apart = float(np.abs(values - truth.numpy()).max())
    distance = "what the others aim at" if name == schemes.EXACT.name else f"{number(apart)} from exact"
    st.markdown(f"**{name}**  \n{said[name]}")
    st.caption(distance + (f" · {words}" if colours != "fixed" else ""))


def _orders(cable: Cable, u: Tensor, n: int) -> None:
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        if n == 0:
            st.caption("At step 0 there is no error yet: choose a later step.")
        else:
            found = schemes.orders(cable, u, n)
            st.plotly_chart(figures.orders(found, cable.tau), key="orders", alt="Error over the length of a step")
            read = [(one.scheme.name, one.read) for one in found]
            said = ", ".join(f"{name} {'none' if order is None else number(order)}" for name, order in read)
            st.caption(f"Slopes at the shortest steps, the orders: {said}.")
    with right:
        st.markdown(
            "Each wave decays at a rate of its own; in one step by z = τ·rate. **Explicit** steps look at the "
            "neighbours as they were, and break when z > 2. **Implicit** ones look at the neighbours to come: never "
            "divergent and never ringing, at the price of a system of equations a step. **Crank-Nicolson** takes half "
            "of each and is of second order: never divergent, but at large τ its finest waves turn over with every "
            "step and hardly shrink: it rings. **Perona-Malik** couples neighbours the less the more they differ, so "
            "that noise goes and edges stay: it is not linear, and no kernel."
        )
        formula(
            r"g_\text{explicit} = 1-z,\quad g_\text{implicit} = \frac{1}{1+z},\quad "
            r"g_\text{Crank-Nicolson} = \frac{1-z/2}{1+z/2},\quad g_\text{exact} = e^{-z};\qquad "
            r"c = \frac{1}{1+(\nabla u/K)^2}",
            "Beyond the paper, which takes explicit steps. Crank and Nicolson, 1947; Perona and Malik, 1990.",
        )
