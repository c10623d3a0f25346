"""Go to step n: the field there, what changed, its histogram, and the way to it in eight frames."""

import numpy as np
import streamlit as st

from explorer.diffusion.steps import STRIP, strip_steps, way
from explorer.figures import diffusion as figures
from explorer.render import enlarge
from explorer.ui.diffusion.stage import Stage, facts, paint, scale_control, signed, signed_bar, step_control

SMALL = 160  # the widest that a frame of the strip is ever shown


def draw(stage: Stage) -> None:
    left, right = st.columns([1.6, 1], gap="medium", vertical_alignment="bottom")
    with left:
        n = step_control()
    with right:
        scale = scale_control()
    pictures = st.columns(3, gap="medium")
    steps = strip_steps(n)
    with st.container(key="filmstrip"):
        frames = st.columns(STRIP, gap="small")
    for column, step, field in zip(frames, steps, stage.fields(steps), strict=False):
        last, words = paint(field.numpy(), scale)
        part = max(1, last.shape[0] // SMALL)
        column.image(enlarge(last[::part, ::part], SMALL), width="stretch", alt=f"Step {step:,}")
        column.caption(f"{step:,}" if scale == "fixed" else f"{step:,} · {words}")
    field = field.numpy()
    with pictures[0]:
        st.image(enlarge(last, 512), width="stretch", alt=f"{stage.name} after {n:,} steps")
        st.caption(f"**step {n:,}** · {facts(field)}  \n{words} · by {way(stage.u, n)}")
    with pictures[1], np.errstate(over="ignore"):
        picture, reach = signed((field - stage.first).mean(0))
        st.image(enlarge(picture, 512), width="stretch", alt=f"Step {n:,} minus step 0")
        signed_bar(reach)
        st.caption("**step n − step 0**: orange became brighter, blue darker")
    with pictures[2]:
        st.plotly_chart(figures.histogram(stage.first, field, n), key="histogram", alt="Histogram at step 0 and n")
