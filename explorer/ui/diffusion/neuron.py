"""The neuron: the same equation along one dendrite, with a current put in."""

import streamlit as st

from explorer.diffusion.neuron import Neuron, Pulse, Recording
from explorer.diffusion.scene import RANGES, Scene
from explorer.figures import diffusion as figures
from explorer.ui.diffusion.controls import URL
from explorer.ui.diffusion.stage import Stage
from explorer.ui.shared.layout import controls_and_picture, formula

START = Scene()
LENGTHS = 10  # of the dendrite, in λ_m of the start; time shown, in τ_m
CELLS = 200


@st.cache_data(show_spinner=False, max_entries=64)
def _simulated(neuron: Neuron, pulse: Pulse, duration: float) -> Recording:
    return neuron.simulate(pulse, duration)


def _number(label: str, key: str, step: float, help: str) -> float:
    low, high = RANGES[key]
    value = st.number_input(
        label, float(low), float(high), getattr(START, key), step, key=key, bind=URL, help=help, persist_state="session"
    )
    assert value is not None  # only a box that begins empty can be empty
    return value


def draw(stage: Stage) -> None:
    controls, picture = controls_and_picture("neuron")
    with controls:
        lambda_m = _number("λ_m: space constant", "lambda_m", 0.1, "A steady potential falls by e in this length.")
        tau_m = _number("τ_m: time constant, ms", "tau_m", 1.0, "How fast the membrane charges and leaks.")
        place = _share("Place of the current", "place", "As a share of the dendrite's length, 10.")
        start = _number("Current starts, in τ_m", "start", 0.5, "When the current goes on.")
        lasts = _number("Current lasts, in τ_m", "lasts", 0.5, "How long it stays on.")
    length = float(LENGTHS)
    neuron = Neuron(lambda_m, tau_m, length, max(length / CELLS, min(lambda_m / 4, length / 20)))
    cell = min(len(neuron.x) - 1, int(place * len(neuron.x)))
    pulse = Pulse(float(neuron.x[cell]), 1.0, start * tau_m, lasts * tau_m)
    trace = _simulated(neuron, pulse, tau_m * min(12.0, start + lasts + 2))
    with picture:
        st.plotly_chart(figures.potential(trace, pulse, length), key="potential", alt="v over time and place")
        share = st.slider("Time of the profile below", 0, 100, 70, format="%d %%", key="profile-time")
        at = round(share / 100 * (len(trace.t) - 1))
        left, right = st.columns(2, gap="medium")
        left.plotly_chart(figures.profile(trace, neuron, pulse, at), key="profile", alt="v along the dendrite")
        right.plotly_chart(figures.charging(trace, neuron, pulse), key="charging", alt="v over time")
    formula(
        r"\tau_m \frac{\partial v}{\partial t} = -v + \lambda_m^2\frac{\partial^2 v}{\partial x^2} + r_m I_{ext}(x,t)",
        "The membrane leaks with its time constant τ_m and passes its potential on over its space constant λ_m.  \n"
        "Times are counted in τ_m and lengths in λ_m, this is the image's equation in one dimension, α = λ_m².",
        "The neuron's formula",
    )


def _share(label: str, key: str, help: str) -> float:
    low, high = RANGES[key]
    return st.slider(
        label, float(low), float(high), getattr(START, key), 0.01, key=key, bind=URL, help=help, persist_state="session"
    )
