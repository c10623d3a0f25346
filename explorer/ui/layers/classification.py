"""The Classification tab: from maps to logits to shares to a loss, and what keeps a classifier honest."""

import numpy as np
import streamlit as st

from explorer.figures import layers as figures
from explorer.layers import byhand, losses
from explorer.layers.pooling import Pool
from explorer.render import colour, enlarge, number, scale_of
from explorer.ui.layers import overfit, regularisation
from explorer.ui.layers.source import Convolved, before
from explorer.ui.shared import grids
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import controls_and_picture, formula, numbers
from explorer.ui.shared.pictures import scale_bar, strip
from explorer.ui.shared.widgets import choice, starting, table, whole, write_table

OWN = "Your own numbers"
EXAMPLE = write_table(np.array([losses.EXAMPLE]))
PRESETS = {
    "003": ("AlexNet article's: z = [5.45, 3.21]", {"logits_from": OWN, "logits": EXAMPLE, "classes": 2, "truth": 0}),
    "sure": ("Sure and wrong", {"logits_from": OWN, "logits": "9,1,0", "classes": 3, "truth": 2}),
    "none": ("No idea at all", {"logits_from": OWN, "logits": "0,0,0,0", "classes": 4, "truth": 0}),
}
MOST = 8


def draw(page: Frame) -> None:
    controls, picture = controls_and_picture("classification")
    with picture, page.guard():
        subject = choice("Subject", "subject", list(SUBJECTS), "Softmax and loss")
        SUBJECTS[subject](page, controls)


def _loss(page: Frame, controls) -> None:
    with controls, starting("loss-preset", PRESETS):
        own = choice("Logits", "logits_from", [OWN, "From the maps"], OWN) == OWN
        classes = whole("Classes", "classes", 2, 10, 2)
        truth = whole("True class", "truth", 0, classes - 1, 0)
        if own:
            logits = table("Logits z: type your own", "logits", EXAMPLE, most=10, shape=(1, classes))[0]
        else:
            layer, seed = before(page), whole("Seed of W", "dense_seed", 0, 9999, 0)
    if not own:
        logits = _dense(layer, classes, seed)
    told = losses.classify(logits, truth)
    left, right = st.columns(2, gap="medium")
    for place, values, title in ((left, told.logits, "logit z"), (right, told.shares, "softmax q")):
        place.plotly_chart(figures.bars(values, truth, title), width="stretch", key=title, alt=f"{title} as bars")
    grids.show(
        [
            grids.grid(told.logits[None], "z"),
            grids.sign("→"),
            grids.grid(told.powers[None], "e to the z minus the largest z", digits=4),
            grids.sign("→"),
            grids.grid(told.shares[None], f"divided by their sum, {number(told.powers.sum(), 4)}", decimals=6),
            grids.sign("→"),
            grids.grid(told.gradient(truth)[None], "gradient of the loss: q, minus 1 for the true class", decimals=6),
        ]
    )
    natural, base_10 = told.from_printed(truth)
    share = f"{told.shares[truth]:.6f}"
    numbers(
        [
            (f"q of class {truth}", share),
            ("−ln q, natural", f"{natural:.6f}", f"What is trained with; without rounding q first: {told.loss:.9f}"),
            ("−log₁₀ q", f"{base_10:.6f}", "The same in base 10"),
        ]
    )
    if tuple(told.logits) == losses.EXAMPLE and truth == 0:
        st.info(
            "The AlexNet article prints **0.043935** for this example. That is the base-10 logarithm of 0.903784; "
            "cross-entropy is "
            "trained with the natural one, **0.101165**. The two differ by the factor ln 10 = 2.303 only, so learning "
            "would go the same way with a smaller step.  \n"
            "Its equation (34) is printed wrong as well: for a class j that is not the true one it has 1 − q_j, here "
            f"{told.shares[0]:.6f}, where its own (28) and (32) give **q_j**, {told.gradient(truth)[1]:.6f}: "
            "the surer the network is of a wrong class, the harder it is pushed away from it.",
            icon=":material/info:",
        )
    formula(
        r"q_i=\frac{e^{z_i}}{\sum_j e^{z_j}}\qquad H(p,q)=-\sum_x p(x)\ln q(x)=-\ln q_\text{true}",
        "Softmax turns any numbers into shares of one (AlexNet article, equation 10). Cross-entropy asks how "
        "surprised we are by "
        "the true class (equation 11): 0 when its share is 1, ln K when all K shares are equal.",
    )


def _dense(layer: Convolved, classes: int, seed: int) -> np.ndarray:
    """Maps -> ReLU -> pooled to at most 4 x 4 -> flat -> dense: every array drawn."""
    maps = np.maximum(layer.maps, 0)
    side = -(-max(maps.shape[1:]) // 4)
    if side > 1:
        maps = Pool("average", side, side)(maps) if min(maps.shape[1:]) >= side else maps
    flat = byhand.flatten(maps[None])
    weights = np.random.default_rng(seed).normal(0, flat.shape[1] ** -0.5, (flat.shape[1] + 1, classes))
    logits = byhand.dense(flat, weights)[0]
    scale = scale_of(maps)
    st.image(strip(maps, scale, min(MOST, len(maps)), 48), width=400, alt="The pooled maps that are flattened")
    scale_bar(scale, f"{len(maps)} maps of {maps.shape[1]} × {maps.shape[2]} after ReLU and an average pool")
    cut = flat[:, :12]
    told = f"flattened: the first {cut.shape[1]} of {flat.shape[1]} numbers"
    grids.show([grids.grid(cut, told, scale=scale_of(flat))])
    scale = scale_of(weights)
    st.image(enlarge(colour(weights.T, scale), 960), width="stretch", alt="The dense layer's weights, a row a class")
    scale_bar(
        scale, f"W_aug turned: {classes} rows, one a class, of {len(weights)} weights; the last column is the bias"
    )
    st.markdown(
        f"z = X_aug · W_aug (CNN from scratch, equation 9): z₀ = {number(flat[0] @ weights[:-1, 0], 4)} + bias "
        f"{number(weights[-1, 0], 4)} = **{number(logits[0], 4)}**"
    )
    return logits


SUBJECTS = {
    "Softmax and loss": _loss,
    "Overfitting": overfit.draw,
    "Dropout": regularisation.dropout,
    "L2": regularisation.l2,
    "BatchNorm": regularisation.batchnorm,
}
