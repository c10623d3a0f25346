"""The Activation tab: a function on the convolution's maps, what it silences, and what it does to gradients."""

import numpy as np
import streamlit as st

from explorer.figures import layers as figures
from explorer.layers import gradients
from explorer.networks import activations
from explorer.render import Scale, scale_of
from explorer.ui.layers.source import before
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import controls_and_picture, formula, numbers
from explorer.ui.shared.pictures import scale_bar, strip
from explorer.ui.shared.widgets import URL, choice, named

MOST = 4
WAYS = ["Along one path", "Random weights"]


def draw(page: Frame) -> None:
    controls, picture = controls_and_picture("activation")
    with picture, page.guard():
        with controls:
            name, parameters = _function()
            layer = before(page)
        with st.container(key="window"):
            left, right = st.columns(2, gap="medium")
            with left:
                st.markdown("**f and f′** over the maps' values")
                st.plotly_chart(
                    figures.curves(name, parameters, layer.maps),
                    width="stretch",
                    key="curves",
                    alt=f"{activations.get(name).label} and its derivative",
                )
            with right:
                slopes = _maps(name, parameters, layer.maps)
            _passed(slopes)
        _vanishing(name, parameters, controls)
    words = "f′ is what a gradient is multiplied by on its way back; where it is 0, nothing is learned from that value."
    if name == "softmax":
        words = (
            "Over the maps, softmax turns the K values of each pixel into shares that sum to 1. The curve shows one "
            "logit x among others at 0; f′ is p·(1 − p), the AlexNet article's equation 27.  \n" + words
        )
    if name == "rrelu":
        words = "In training the slope a is drawn anew for each value; afterwards, as here, it is the mean.  \n" + words
    formula(activations.get(name).latex, words)


def _function() -> tuple[str, dict[str, float]]:
    name = named("Activation", "f", {name: kind.label for name, kind in activations.ACTIVATIONS.items()}, "relu")
    values = {
        parameter.name: st.slider(
            {"init": "slope a", "negative_slope": "slope a"}.get(parameter.name, parameter.name),
            float(parameter.low),
            float(parameter.high),
            float(parameter.default),
            1.0 if parameter.name == "classes" else 0.01,
            key=f"{name}_{parameter.name}",
            bind=URL,
        )
        for parameter in activations.get(name).parameters
    }
    return name, activations.settings(name, values)


def _maps(name: str, parameters: dict, maps: np.ndarray) -> np.ndarray:
    """Maps before and after; returns f' at every value."""
    after, slopes = activations.apply(name, maps, **parameters)
    shown, after_scale = min(MOST, len(maps)), Scale(0.0, 1.0) if name == "softmax" else scale_of(after)
    of = f", first {shown} of {len(maps)} maps" if len(maps) > shown else ""
    for words, values, scale in (("before", maps, scale_of(maps, "signed")), ("after", after, after_scale)):
        st.markdown(f"**{words}**{of}")
        st.image(strip(values, scale, shown, 480 // shown), width="stretch", alt=f"{shown} maps {words} the activation")
        scale_bar(scale, "all maps")
    return slopes


def _passed(slopes: np.ndarray) -> None:
    passed = gradients.passed(slopes)
    numbers(
        [
            ("silenced, f′ = 0", f"{passed.silenced:.1%}", "Nothing flows back through these values"),
            ("saturated, 0 < |f′| < 0.05", f"{passed.saturated:.1%}", "At most a twentieth of the gradient flows back"),
            ("mean |f′|", f"{passed.mean_slope:.3f}", "What a gradient is multiplied by here, on average"),
        ]
    )


def _vanishing(name: str, parameters: dict, controls) -> None:
    """003's figures 6 and 7, followed for 20 layers."""
    with controls:
        way = choice("Gradient goes back", "way", WAYS, WAYS[0])
        if way == WAYS[0]:
            x = st.slider("Input x of every layer", -6.0, 6.0, 2.0, 0.1, key="x", bind=URL)
        else:
            gain = st.slider(
                "Weights' gain",
                0.5,
                5.0,
                1.0,
                0.1,
                key="gain",
                bind=URL,
                help="Standard deviation of the weights times √width: 1.4 keeps ReLU alive, 1 suits tanh",
            )
    names = [name, *(other for other in ("sigmoid", "tanh", "relu") if other != name)]
    given = {other: parameters if other == name else {} for other in names}
    if way == WAYS[0]:
        told = "one path, f′(x)ⁿ"
        lengths = {other: gradients.along_path(other, x, **given[other]) for other in names}
    else:
        told = "64 units a layer, random weights"
        lengths = {other: gradients.vanishing(other, gain=gain, **given[other]) for other in names}
    st.markdown(f"**Gradient after 1 to 20 layers**: {told}")
    st.plotly_chart(
        figures.vanishing(lengths), width="stretch", key="vanishing", alt="Length of the gradient after 1 to 20 layers"
    )
    st.caption(
        "Sigmoid's f′ is at most ¼; tanh's reaches 1 only at 0 and is 0.07 at x = 2; ReLU's is 1 for every x above 0 "
        "and 0 below (AlexNet article, figures 6 and 7)."
    )
