"""What keeps a classifier honest, on the maps of the convolution: dropout, the L2 penalty, BatchNorm."""

import numpy as np
import streamlit as st

from explorer.figures import layers as figures
from explorer.layers import losses
from explorer.render import number, scale_of
from explorer.ui.layers.source import before
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import formula, numbers
from explorer.ui.shared.pictures import scale_bar, strip
from explorer.ui.shared.widgets import URL, whole

MOST = 8


def _beside(before: np.ndarray, after: np.ndarray, what: str) -> None:
    shown, scale_before, scale_after = min(MOST, len(before)), scale_of(before), scale_of(after)
    for words, values, scale in (("before", before, scale_before), (what, after, scale_after)):
        st.image(strip(values, scale, shown, 520 // shown), width="stretch", alt=f"{shown} maps, {words}")
        scale_bar(scale, words)


def dropout(page: Frame, controls) -> None:
    """The mask on the maps, in training."""
    with controls:
        p = st.slider("Dropout chance p", 0.0, 0.9, 0.5, 0.05, key="p", bind=URL)
        seed = whole("Seed of the mask", "mask_seed", 0, 9999, 0, help="In training, every image gets another mask")
        maps = np.maximum(before(page).maps, 0)
    stays, after = losses.dropout(maps, p, seed)
    _beside(maps, after, f"in training, the rest times 1/(1 − p) = {number(1 / (1 - p))}")
    numbers(
        [
            ("set to zero", f"{1 - stays.mean():.1%}", "Share of values that this mask hides"),
            ("mean before", number(maps.mean())),
            ("mean after", number(after.mean()), "Kept, on average, by the factor 1/(1 − p)"),
        ]
    )
    formula(
        r"y = \frac{m \odot x}{1-p},\qquad m \sim \text{Bernoulli}(1-p)",
        "In training each neuron is silent with chance p, so no other can rely on it (AlexNet article, section 9). "
        "When the network is used nothing is dropped; dividing by 1 − p in training keeps the mean the same.",
    )


def l2(page: Frame, controls) -> None:
    """The penalty of the filters, and what it alone does to them, beside what L1 would do."""
    with controls:
        strength = st.select_slider(
            "λ", [0.0, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0], 1e-2, key="lambda", bind=URL, format_func=lambda x: f"{x:g}"
        )
        steps, rate = whole("Steps of decay", "decay_steps", 0, 1000, 100), 0.1
        layer = before(page)
    penalty = losses.l2(layer.weights)
    factor = (1 - 2 * rate * strength) ** steps
    shrunk = losses.shrunk(layer.weights, rate * strength * steps)
    shown = min(MOST, len(layer.weights))
    kernels = layer.weights.mean(axis=1)
    scale = scale_of(kernels, "signed")
    rows = (
        ("W", kernels),
        (f"W after {steps} steps of L2 alone", kernels * factor),
        (f"W after {steps} steps of L1 alone", shrunk.mean(axis=1)),
    )
    for words, values in rows:
        st.image(strip(values, scale, shown, 520 // shown), width="stretch", alt=f"{shown} kernels, {words}")
        scale_bar(scale, words)
    numbers(
        [
            ("R(W) = ΣW²", number(penalty, 4), f"Over {layer.weights.size} weights of these filters"),
            ("λR(W)", number(strength * penalty, 4), "What is added to the cross-entropy"),
            ("L2 leaves of each", f"{factor:.1%}", f"(1 − 2·{rate}·λ)ⁿ after {steps} steps with learning rate {rate}"),
            (
                "L1 makes 0",
                f"{((shrunk == 0) & (layer.weights != 0)).sum() / max(1, (layer.weights != 0).sum()):.0%}",
                f"Of the weights that were not; ΣW in size is {number(losses.l1(layer.weights), 4)}",
            ),
        ]
    )
    formula(
        r"L = H(p,q) + \lambda R(W),\quad R(W)=\sum_{i,j}W_{i,j}^2,\quad "
        r"\frac{\partial\,\lambda R}{\partial W}=2\lambda W",
        "The penalty pulls every weight towards 0, large ones most: its gradient is proportional to the weight "
        "(AlexNet article, equations 17, 18). One strong weight costs more than many weak ones.  \nL1 is λΣ|W|: it "
        "pulls all with the same strength λ, so weak ones end at 0, strong ones hardly change (notebook, section 3.3).",
    )


def batchnorm(page: Frame, controls) -> None:
    """The maps before and after, with the batch being this image."""
    with controls:
        gamma = st.slider("γ, scale", 0.1, 3.0, 1.0, 0.1, key="gamma", bind=URL)
        beta = st.slider("β, shift", -2.0, 2.0, 0.0, 0.1, key="beta", bind=URL)
        bias = st.slider("b, a bias before it", -5.0, 5.0, 0.0, 0.5, key="bias_before", bind=URL)
        layer = before(page)
        index = whole("Map k", "map", 0, len(layer.maps) - 1, 0)
    maps = layer.maps + bias
    told = losses.batchnorm(maps, gamma, beta)
    moved = np.abs(told.maps - losses.batchnorm(layer.maps, gamma, beta).maps).max()
    _beside(maps, told.maps, "after BatchNorm")
    st.plotly_chart(
        figures.histograms(maps[index], told.maps[index]),
        width="stretch",
        key="batchnorm",
        alt=f"Values of map {index} before and after BatchNorm",
    )
    after = told.maps[index]
    numbers(
        [
            (f"mean of map {index}", number(told.means[index])),
            ("std", number(np.sqrt(told.variances[index]))),
            ("mean after", number(after.mean() if abs(after.mean()) > 1e-12 else 0.0), "β"),
            ("std after", number(after.std()), "γ, but for ε = 10⁻⁵"),
            ("moved by b", number(moved if moved > 1e-9 else 0.0), "The largest change of a value after BatchNorm"),
        ]
    )
    formula(
        r"y=\gamma\,\frac{x-\mu}{\sqrt{\sigma^2+\epsilon}}+\beta",
        "Each map is brought to mean 0 and variance 1 over the batch, then to a learned scale and shift (notebook, "
        "section 3.1; survey, equations 11 to 14). Here the batch is this one image.  \nA bias b of the convolution "
        "before it moves x and its mean μ alike, so y does not know it: such a convolution needs none (survey, "
        "section 4).",
    )
