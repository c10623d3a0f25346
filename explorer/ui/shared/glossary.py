"""Every symbol of the app in plain words, and the one way to attach them: beside the symbol, and as a list."""

import streamlit as st

from explorer.ui.components.glossary import glossary
from explorer.ui.shared.layout import plain

SYMBOLS = {
    "α": "alpha: how strongly neighbouring pixels are coupled. In an activation function a number of its own.",
    "τ": "tau: the length of a time step. In each step every value loses the share τ.",
    "h": "the distance from pixel to pixel: h_x along a row, h_y along a column.",
    "Φ": "Phi = h_x / √(ατ). In one step a pixel trades the share 1/Φ² with its left and its right neighbour.",
    "Ψ": "Psi = h_y / √(ατ). The same as Φ, for the neighbours above and below.",
    "r": "the share that neighbours trade in one step: r_x = 1/Φ² along x, r_y = 1/Ψ² along y.",
    "u": "the value of a pixel: the voltage of the fibre.",
    "g": "the gain: what a step multiplies a wave by. Below −1 or above 1 the wave grows.",
    "k": "the wave number: how fine a wave is. 0 is a flat area, π changes sign from pixel to pixel.",
    "λ": "lambda: the space constant, the length over which a fibre keeps 37 % of the potential. In a penalty: how "
    "much large weights cost.",
    "π": "pi: half a turn, 3.14159. A wave with k = π is the finest that pixels can show.",
    "σ": "sigma: the standard deviation, how far numbers spread. In backward formulas: the activation function.",
    "μ": "mu: the mean.",
    "γ": "gamma: the scale that BatchNorm learns for each map.",
    "β": "beta: the shift that BatchNorm learns for each map. In an activation function a number of its own.",
    "ε": "epsilon: how far a pixel may move when a network is to be fooled. In BatchNorm a tiny number that keeps a "
    "division from being one by zero.",
    "Δ": "Delta: the Laplacian, by how much the neighbours differ from a value.",
    "∇": "the gradient: the slope along every number at once, which says where downhill is.",
    "Ω": "ohm: the unit of electrical resistance.",
    "Σ": "Sigma: the sum of all of these.",
    "∂": "a partial derivative: how fast one quantity changes with another, all else held.",
    "′": "prime: the value after a step, u′, or the slope of a function, f′.",
    "∗": "convolution: a kernel slid over a picture.",
    "⊙": "product value by value, each with its partner at the same place.",
    "√": "the square root.",
    "∞": "infinity: larger than every number.",
    "≈": "nearly equal.",
    "K": "how many filters, and so how many maps come out.",
    "F": "the side of a kernel, in pixels.",
    "S": "the stride: by how many pixels the window moves on.",
    "P": "the padding: how many pixels are added around the picture.",
    "D": "the dilation: how far apart the kernel's values are.",
}


def draw() -> None:
    """The list, for whoever wants all of them, and what explains each where it stands."""
    with st.expander("Symbols", icon=":material/function:"):
        st.markdown("\n".join(f"- **{plain(symbol)}** {plain(words)}" for symbol, words in SYMBOLS.items()))
    glossary(SYMBOLS)
