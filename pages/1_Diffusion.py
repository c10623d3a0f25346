"""Diffusion: the cable equation on the chosen image, live, with its laws, its spectrum and its kernel beside it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.diffusion.scene import TABS
from explorer.ui.components.player import Clock, player
from explorer.ui.diffusion import (
    answering,
    controls,
    glance,
    layer,
    nerve,
    neuron,
    pixel,
    proof,
    schemes,
    spectrum,
    steps,
    strokes,
    takeaway,
    versus,
)
from explorer.ui.diffusion.stage import Stage
from explorer.ui.shared.frame import Frame, frame
from explorer.ui.shared.layout import controls_and_picture, formula

ALONE = {"The neuron": neuron.draw, "The active cable": nerve.draw}  # have a stage of their own, without the player
DRAW = (steps.draw, proof.draw, pixel.draw, spectrum.draw, schemes.draw, layer.draw, takeaway.draw)
CLOCK = Clock("step", strokes.KEY)


def picture(page: Frame, left: DeltaGenerator) -> Stage:
    """The player, with its controls on the left: what all tabs belong to but those of ALONE."""
    with left:
        cable = controls.draw(page)
        rival = versus.beside(cable)
        size, colour = controls.grid()
        networks = answering.beside(page)
        glance.numbers(cable)
    stage = Stage.of(page, cable, size, colour)
    glance.meter(cable)
    player(
        stage.first,
        cable,
        label=page.picked.name,
        probe=("row", "column"),
        networks=networks,
        rival=rival,
        clock=CLOCK,
        begin=page.step,
    )
    return stage


with frame(
    "Diffusion", "Press play and watch the cable equation smooth the image; then push α until it breaks."
) as page:
    left, right = controls_and_picture()
    with right:
        above = st.container(gap="small")
        tabs = dict(zip(TABS, st.tabs(list(TABS), key="tab", bind="query-params"), strict=True))
    alone = {name: tabs.pop(name) for name in ALONE}
    if opened := [name for name, tab in alone.items() if tab.open]:
        with alone[opened[0]], page.guard():
            ALONE[opened[0]](left, page)
    else:
        with above:
            stage = picture(page, left)
        for tab, draw in zip(tabs.values(), DRAW, strict=True):
            if tab.open:
                with tab, page.guard():
                    draw(stage)
        formula(
            r"u' = (1-\tau)\,u + \tfrac{1}{\Phi^2}(\text{left} - 2u + \text{right})"
            r" + \tfrac{1}{\Psi^2}(\text{up} - 2u + \text{down}),"
            r"\qquad \Phi^2 = \frac{h_x^2}{\alpha\tau},\quad \Psi^2 = \frac{h_y^2}{\alpha\tau}",
            "Every pixel loses the share τ and moves towards its four neighbours.  \nThat is one explicit step, τ "
            "long, of the cable equation u_t = αΔu − u, and nothing but a 3×3 convolution.",
        )
