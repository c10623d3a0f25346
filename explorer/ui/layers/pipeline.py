"""002's training pipeline, step by step, on four digits: seven steps a batch, with every array."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from explorer.data import dataset
from explorer.figures import layers as figures
from explorer.layers.byhand import relu, softmax
from explorer.layers.pipeline import CLASSES, MAPS, STARTS, Pass, start, train
from explorer.render import Scale, colour, enlarge, number, scale_of
from explorer.ui.shared import grids
from explorer.ui.shared.layout import numbers
from explorer.ui.shared.pictures import scale_bar, strip
from explorer.ui.shared.widgets import URL, choice, whole

LABEL = "A training step on four digits"
DIGITS, MOST = 4, 60  # of a batch; batches
RATE = 0.2  # 002, section III.B
NAMES = ("conv W", "conv b", "dense 32, W_aug", "dense 10, W_aug")


def draw(controls) -> None:
    with controls:
        how = choice("Weights begin as", "begin", STARTS, STARTS[0], width="content")
        done = st.slider("Batches done before", 0, MOST, 0, key="batches", bind=URL)
        left, right = st.columns(2, gap="small")
        first = whole(
            "First digit", "first_digit", 0, 3_800, 0, place=left, help="Of the training images, in their order"
        )
        seed = whole("Seed of W", "pipeline_seed", 0, 9999, 0, place=right)
        rate = float(st.number_input("Learning rate", 0.0, 5.0, RATE, 0.1, key="pipeline_rate", bind=URL))
    x, labels = _digits(first)
    weights, losses = train(start(how, seed), x, labels, rate, MOST)
    if done < MOST:
        weights, _ = train(start(how, seed), x, labels, rate, done)
    now = Pass(weights, x, labels)
    at = choice("Step", "pipeline_step", list(STEPS), next(iter(STEPS)))
    words, show = STEPS[at]
    st.markdown(words)
    show(now, rate)
    st.plotly_chart(figures.losses(losses, done), key="pipeline-losses", alt="The loss over the batches")
    right_now = int((now.logits.argmax(1) == labels).sum())
    numbers([("loss", number(now.loss, 4)), ("right", f"{right_now} of {len(labels)}"), ("batches done", f"{done}")])


@st.cache_data(show_spinner=False, max_entries=16)
def _digits(first: int) -> tuple[np.ndarray, np.ndarray]:
    data = dataset("optdigits", "train")
    chosen = slice(first, first + DIGITS)
    return np.rint(data.images[chosen].numpy() / 255 * 16) / 16, data.labels[chosen].numpy()


def _zeroed(now: Pass, rate: float) -> None:
    rows = [
        {"gradient of": name, "shape": str(w.shape), "numbers": w.size, "all of them": "0"} for name, w in _named(now)
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def _batch(now: Pass, rate: float) -> None:
    for place, image, label in zip(st.columns(len(now.x)), now.x, now.labels, strict=True):
        picture = enlarge(colour(image[0], Scale(0, 1, "grey")), 160)
        place.image(picture, caption=f"a {label}", width="stretch", alt=f"The digit {label}")
    st.markdown(
        "X is (4, 1, 8, 8): the counts of inked dots, 0 to 16, divided by 16. A label becomes a row with one 1:"
    )
    grids.show([grids.grid(np.eye(CLASSES)[now.labels], "y, a row a digit")])


def _forwards(now: Pass, rate: float) -> None:
    layers = ("conv", now.maps), ("ReLU", relu(now.maps)), ("max pool", now.pooled.y)
    for place, (words, maps) in zip(st.columns(len(layers)), layers, strict=True):
        place.markdown(f"**{words}** {' × '.join(map(str, maps.shape))}")
        for image, own in enumerate(maps):
            place.image(strip(own, scale_of(now.maps), MAPS, 40), width="stretch", alt=f"Digit {image} after {words}")
    scale_bar(scale_of(now.maps), "a row a digit, 4 maps each")
    grids.show([grids.grid(now.logits, "ŷ, after flatten, dense 32, ReLU and dense 10: a row a digit", digits=2)])


def _loss(now: Pass, rate: float) -> None:
    shares = softmax(now.logits)
    truth = np.eye(CLASSES, dtype=bool)[now.labels]
    grids.show([grids.grid(shares, "softmax(ŷ), the true class outlined", marks=truth, digits=2)])
    own = shares[truth]
    logs = " + ".join(f"{-np.log(max(share, 1e-300)):.3f}" for share in own)
    st.markdown(f"L = (16) = ({logs}) / {len(own)} = **{now.loss:.4f}**")


def _by_logits(now: Pass, rate: float) -> None:
    truth = np.eye(CLASSES, dtype=bool)[now.labels]
    grids.show([grids.grid(now.by_logits, "(softmax(ŷ) − y) / B, (17)", marks=truth, digits=2)])


def _backwards(now: Pass, rate: float) -> None:
    rows = [
        {
            "gradient of": name,
            "by": by,
            "length": number(float(np.sqrt((values**2).sum()))),
            "largest": number(float(np.abs(values).max())),
        }
        for name, values, by in zip(NAMES, now.gradients.all, ("(3)", "(4)", "(10)", "(10)"), strict=True)
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
    grids.show([grids.grid(kernel[0], f"dL/dW, map {n}", digits=2) for n, kernel in enumerate(now.gradients.conv)])


def _updated(now: Pass, rate: float) -> None:
    after = now.weights.stepped(now.gradients, rate)
    before, by, then = now.weights.conv[0, 0], rate * now.gradients.conv[0, 0], after.conv[0, 0]
    grids.show(
        [
            grids.grid(before, "W of map 0"),
            grids.sign("−"),
            grids.grid(by, f"{rate:g} · dL/dW"),
            grids.sign("="),
            grids.grid(then, "W after the step"),
        ]
    )
    st.markdown(f"The loss goes from {now.loss:.4f} to **{Pass(after, now.x, now.labels).loss:.4f}**.")


def _named(now: Pass):
    return zip(NAMES, now.weights.all, strict=True)


STEPS: dict[str, tuple[str, Callable[[Pass, float], None]]] = {
    "1 Zero": ("Zero the gradients of all layers, so that nothing of the batch before is left.", _zeroed),
    "2 Batch": ("Take a batch and its labels as tensors.", _batch),
    "3 Forward": ("Run the network forwards.", _forwards),
    "4 Loss": ("Compute the loss between what it says and what is true.", _loss),
    "5 Gradient": ("Compute the gradient of the loss with respect to the outputs.", _by_logits),
    "6 Backward": ("Go back through all layers: each hands its gradient on.", _backwards),
    "7 Update": ("Update the weights: the learning rate times the gradient is taken off.", _updated),
}
