"""The active cable: what the passive one becomes where a membrane fires. Beyond the paper, and said to be."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.data import images
from explorer.diffusion.nerve import PRESETS, RANGES, SIZES, Nerve, beginning
from explorer.diffusion.scene import Scene
from explorer.ui.components.nerve import nerve
from explorer.ui.components.player import identity
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import formula, matters
from explorer.ui.shared.widgets import URL

START = Scene()


def draw(controls: DeltaGenerator, page: Frame) -> None:
    with controls:
        with matters("nerve"):
            chosen = st.selectbox(
                "Begin with",
                list(PRESETS),
                index=list(PRESETS).index(START.nerve),
                key="nerve",
                bind=URL,
                persist_state="session",
            )
        preset = PRESETS[chosen]
        st.caption(preset.look)
        law = Nerve(
            _share("a: threshold", "threshold", 0.01, "Above it a push grows by itself; below it, it dies."),
            _share("ε: recovery", "recovery", 0.001, "How fast w follows v, and ends the pulse. 0: nothing recovers."),
            _share("D: coupling", "coupling", 0.1, "How strongly neighbours pull: fronts are as fast as its root."),
        )
        size = START.membrane
        if not preset.fibre:
            size = st.segmented_control(
                "Size in pixels", SIZES, default=size, key="membrane", bind=URL, required=True, persist_state="session"
            )
    image = None if preset.begin else images.field(page.picked.at(size), size, False, page.fit)[0]
    begin = beginning(preset, size, image)
    nerve(law, begin, f"{chosen} {identity(begin.v)}")
    st.info(
        "**Beyond the paper.** Its cable equation is the passive part of a nerve: a potential that spreads and leaks. "
        "A nerve also fires. FitzHugh and Nagumo's two equations keep the coupling of neighbours and put a current "
        "that excites itself, and a recovery, in the place of the leak.",
        icon=":material/info:",
    )
    formula(
        r"\frac{\partial v}{\partial t} = D\,\Delta v + v(1-v)(v-a) - w,\qquad "
        r"\frac{\partial w}{\partial t} = \varepsilon\,(v-w)",
        "v is the potential, 0 at rest and 1 excited; w the recovery. With −a·v in place of the cubic current and the "
        "recovery it is the paper's equation, α = D/a: so it is where the membrane is passive.  \n"
        "FitzHugh, 1961; Nagumo, Arimoto and Yoshizawa, 1962. Explicit steps of 0.1.",
        "The active cable's formula",
    )


def _share(label: str, key: str, step: float, help: str) -> float:
    low, high = RANGES[key]
    return st.slider(label, low, high, getattr(START, key), step, "%.3g", key, help, bind=URL, persist_state="session")
