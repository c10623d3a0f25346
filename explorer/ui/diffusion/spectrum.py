"""Spectrum: what one step does to every wave, and how far the scheme is from the equation it stands for."""

import streamlit as st

from explorer.diffusion import spectrum
from explorer.figures import diffusion as figures
from explorer.render import number
from explorer.ui.diffusion.stage import Stage, step_control


def draw(stage: Stage) -> None:
    cable = stage.cable
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Each wave is multiplied by its g**, step after step")
        st.plotly_chart(figures.gain(spectrum.curves(cable)), key="gain", alt="g along x, y and the diagonal")
    with right:
        solid = (
            st.segmented_control(
                "g over both directions",
                ["From above", "As a surface"],
                default="From above",
                key="surface",
                required=True,
            )
            == "As a surface"
        )
        st.plotly_chart(
            figures.gain_surface(*spectrum.surface(cable), solid),
            key=f"surface-{solid}",
            alt="g over k_x and k_y; the black line is 0, the red line −1",
        )
    bound = 1 - cable.stability().bound
    said = "below −1: it flips and grows" if bound < -1 else "below 0: it flips each step" if bound < 0 else "above 0"
    st.caption(
        f"A flat image keeps 1 − τ = {number(1 - cable.tau)}. The finest checkerboard, (π, π), is multiplied by "
        f"{number(bound)}, {said}."
    )
    st.markdown("##### How far from the exact solution?")
    left, right = st.columns([1, 2.2], gap="medium")
    with left:
        n = step_control()
        st.markdown(
            "The scheme is of **first order**: half the time step, half the error. `exact` solves the same grid in "
            "continuous time, so that only the steps differ."
        )
    with right:
        u, begin = stage.start(n)
        if n == begin:
            st.caption(f"At step {n:,} there is no error yet: choose a later step.")
        else:
            found = spectrum.error_curves(cable, u, n - begin)
            st.plotly_chart(figures.errors(found), key="errors", alt="Error over time for τ, τ/2 and τ/4")
