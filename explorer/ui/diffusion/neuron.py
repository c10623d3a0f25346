"""The neuron: the same equation along one dendrite, with a current put in."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.diffusion.membrane import Membrane
from explorer.diffusion.neuron import Neuron, Pulse, Recording
from explorer.diffusion.scene import MADE_BY, RANGES, Scene
from explorer.figures import diffusion as figures
from explorer.ui.components.dendrite import dendrite
from explorer.ui.diffusion import circuit
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import formula, matters
from explorer.ui.shared.widgets import URL, choice

START = Scene()
LENGTH = 10.0  # of the dendrite, mm
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


def _made() -> Membrane | None:
    """The membrane whose constants count, or None where they are set themselves."""
    by = choice("Set", "made_by", MADE_BY, START.made_by, persist="session")
    return circuit.controls(_number) if by == MADE_BY[1] else None


def draw(controls: DeltaGenerator, page: Frame) -> None:
    with controls:
        with matters("place"):
            place = _share("Place of the current", "place", f"As a share of the dendrite's length, {LENGTH:g} mm.")
        membrane = _made()
        if membrane:
            lambda_m, tau_m, r_m, strength, unit = (
                membrane.lambda_m,
                membrane.tau_m,
                membrane.r_m,
                circuit.CURRENT,
                "mV",
            )
        else:
            lambda_m = _number("λ_m: space constant, mm", "lambda_m", 0.1, "A steady potential falls by e this far on.")
            tau_m = _number("τ_m: time constant, ms", "tau_m", 1.0, "How fast the membrane charges and leaks.")
            r_m, strength, unit = 1.0, 1.0, ""
        start = _number("Current starts, in τ_m", "start", 0.5, "When the current goes on.")
        lasts = _number("Current lasts, in τ_m", "lasts", 0.5, "How long it stays on.")
    neuron = Neuron(lambda_m, tau_m, LENGTH, max(LENGTH / CELLS, min(lambda_m / 10, LENGTH / 20)), r_m=r_m)
    cell = min(len(neuron.x) - 1, int(place * len(neuron.x)))
    pulse = Pulse(float(neuron.x[cell]), strength, start * tau_m, lasts * tau_m)
    trace = _simulated(neuron, pulse, tau_m * min(12.0, start + lasts + 2))
    if membrane:
        circuit.draw(membrane)
    dendrite(trace, neuron, pulse, unit, into="place")
    st.plotly_chart(figures.charging(trace, neuron, pulse, unit), key="charging", alt="v over time")
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
