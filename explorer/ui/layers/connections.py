"""A fully connected layer beside a convolutional one on the same row of neurons: 003's figure 1."""

import streamlit as st

from explorer.figures.theme import SERIES
from explorer.layers.connections import Connection, dense, windowed
from explorer.layers.convolution import Window
from explorer.ui.shared.layout import numbers
from explorer.ui.shared.widgets import whole

WIDTH, HEIGHT, TOP, BOTTOM = 640, 190, 34, 164  # of a drawing; where its rows of neurons are
NEURON, FAINT = "#8A8F98", 0.55  # seen on both themes
SIDE, CHANNELS = 224, 3  # 003's small picture


def draw(window: Window, controls) -> None:
    with controls:
        inputs = whole("Neurons in a row", "neurons", 2, 16, 8)
    near = windowed(inputs, window)
    outputs = window.out(inputs)
    for words, lines, shared in (
        ("**Fully connected**: every neuron sees all inputs", dense(inputs, outputs), False),
        (f"**Convolutional**: every neuron sees {window.size}, by the same weights", near, True),
    ):
        st.markdown(words)
        alt = f"{inputs} inputs, {outputs} outputs and {len(lines)} lines between them"
        st.image(svg(inputs, outputs, lines, shared), width="stretch", alt=alt)
    numbers(
        [
            ("weights, fully connected", f"{inputs * outputs}", "One a line"),
            ("weights, convolutional", f"{window.size}", f"{len(near)} lines; a colour is one weight"),
        ]
    )
    st.caption(
        f"A small picture of {SIDE} × {SIDE} × {CHANNELS} has {SIDE * SIDE * CHANNELS:,} inputs: a "
        f"neuron that sees all of them has as many weights, one that sees {window.size} × {window.size} × {CHANNELS} "
        f"has {window.size**2 * CHANNELS}."
    )


def svg(inputs: int, outputs: int, lines: list[Connection], shared: bool) -> str:
    """Inputs above, outputs below; where weights are shared, lines of one weight have one colour."""

    def x(place: int, of: int) -> float:
        return WIDTH * (place + 0.5) / of

    drawn = [
        f'<path d="M{x(line.source, inputs):.1f} {TOP}L{x(line.target, outputs):.1f} {BOTTOM}" '
        f'stroke="{SERIES[line.weight % len(SERIES)] if shared else NEURON}" stroke-width="{2.5 if shared else 1}" '
        f'opacity="{1 if shared else FAINT}"/>'
        for line in lines
    ]
    for count, y in ((inputs, TOP), (outputs, BOTTOM)):
        drawn += [f'<circle cx="{x(place, count):.1f}" cy="{y}" r="11" fill="{NEURON}"/>' for place in range(count)]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(drawn)}</svg>'
