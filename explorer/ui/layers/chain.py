"""003's equations (19) to (35), one at a time, on a small network in numbers."""

import numpy as np
import streamlit as st

from explorer.layers.chain import Chain, example
from explorer.ui.layers.chain_words import NUMBERS, Equation, equations
from explorer.ui.shared import grids
from explorer.ui.shared.layout import numbers
from explorer.ui.shared.widgets import URL, table, whole, write_table

LABEL = "AlexNet article: (19) to (35)"
START = example()
MOST = 5  # neurons, inputs and classes


def draw(controls) -> None:
    with controls:
        chain, step, a, b = _settings()
    at = st.select_slider("Equation", NUMBERS, NUMBERS[0], key="chain_at", bind=URL)
    found = equations(chain, step, a, b)
    _equation(at, found[at])
    _forwards(chain, a, b)
    after = chain.corrected(step)
    if at == NUMBERS[-1]:
        _weights(chain, after)
    numbers(
        [
            ("loss", f"{chain.loss:.6f}", "With the natural logarithm; the article prints this example's in base 10"),
            ("after one step", f"{after.loss:.6f}", "With all weights corrected, as (35) says"),
            (f"q of class {chain.truth} then", f"{after.shares[chain.truth]:.6f}"),
        ]
    )
    with st.expander("All of them, one below the other", icon=":material/format_list_numbered:"):
        for number, one in found.items():
            _equation(number, one)


def _settings() -> tuple[Chain, float, int, int]:
    """The network, the step s, and the weight W_ab that is followed."""
    left, right = st.columns(2, gap="small")
    a_place, b_place = left.container(), right.container()
    truth_place, step_place = left.container(), right.container()
    decay = st.number_input("λ of the penalty", 0.0, 1.0, 0.0, 0.01, key="chain_decay", bind=URL)
    x = table("x: type your own", "chain_x", write_table(START.x[None]), most=MOST)[0]
    last = table("W′ of the last layer: a column a class", "chain_last", write_table(START.last), most=MOST)
    shape = len(last), len(x)
    first = table(
        "W of the layer below: a row a neuron", "chain_first", write_table(START.first), most=MOST, shape=shape
    )
    a = whole("Neuron a", "chain_a", 0, shape[0] - 1, 0, place=a_place, help="The weight W_ab is followed")
    b = whole("Input b", "chain_b", 0, shape[1] - 1, 0, place=b_place)
    truth = whole("True class i", "chain_truth", 0, last.shape[1] - 1, 0, place=truth_place)
    step = step_place.number_input("Learning step s", 0.0, 10.0, 0.1, 0.05, key="chain_step", bind=URL)
    return Chain(x, first, last, truth, decay), float(step), a, b


def _forwards(chain: Chain, a: int, b: int) -> None:
    followed = np.zeros(chain.first.shape, bool)
    followed[a, b] = True
    grids.show(
        [
            grids.grid(chain.first, "W, with W_ab", marks=followed),
            grids.sign("·"),
            grids.grid(chain.x[:, None], "x"),
            grids.sign("→"),
            grids.grid(chain.hidden[:, None], "x′"),
            grids.sign("→"),
            grids.grid(chain.last, "W′"),
            grids.sign("→"),
            grids.grid(chain.scores[:, None], "z"),
            grids.sign("→"),
            grids.grid(chain.shares[:, None], "q"),
        ]
    )


def _equation(number: int, one: Equation) -> None:
    for line in one.lines:
        st.latex(line)
    st.markdown(f"**({number})** {one.words}")


def _weights(chain: Chain, after: Chain) -> None:
    """All corrections at once."""
    for name, before, then in (("W", chain.first, after.first), ("W′", chain.last, after.last)):
        parts = (before, name), (before - then, f"k = s · dL/d{name}"), (then, f"{name} − k")
        first, second, third = (grids.grid(values, caption) for values, caption in parts)
        grids.show([first, grids.sign("−"), second, grids.sign("="), third])
