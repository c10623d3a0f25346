"""The dendrite: v over place and time as a picture, its profile beneath, and the electrode between; see dendrite.js."""

import math
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.diffusion.neuron import Neuron, Pulse, Recording
from explorer.render import Scale, colour
from explorer.ui.components.parts import component, hears, pack

_dendrite = component("dendrite", Path(__file__).parent, before=("../canvas/controls", "left"))


def dendrite(trace: Recording, neuron: Neuron, pulse: Pulse, unit: str, *, into: str, key: str = "dendrite") -> None:
    """The recording to look at and to play. The electrode, dragged or moved by arrow keys, writes its place as a share
    of the dendrite's length into st.session_state under the name `into`; the page then runs with the current there.
    `unit` is that of v; without one r_m·I is 1."""

    def hear(sent: object) -> None:
        st.session_state[into] = share(sent, st.session_state[into])

    most = float(trace.v.max()) or 1.0
    facts = {
        "length": neuron.length,
        "lambda": neuron.lambda_m,
        "place": pulse.place,
        "share": st.session_state[into],
        "duration": float(trace.t[-1]),
        "most": most,
        "unit": unit,
    }
    arrays = {
        "v": trace.v.astype(np.float32),
        "steady": neuron.steady(trace.x, pulse).astype(np.float32),
        "picture": colour(trace.v, Scale(0.0, most, "magnitude")),
    }
    _dendrite(data=pack(facts, **arrays), key=key, on_electrode_change=hears(key, "electrode", hear))


def share(sent: object, before: float) -> float:
    """Where the electrode was put; the browser may have sent anything, and then it stays."""
    if not isinstance(sent, (int, float)) or not math.isfinite(sent):
        return before
    return round(min(max(float(sent), 0.0), 1.0), 2)
