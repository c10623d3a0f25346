"""The form that starts a run: a preset, how many epochs, everything else folded, and how long it will take."""

import streamlit as st

from explorer.data.catalogue import KNOWN, at_hand
from explorer.errors import ExplorerError
from explorer.networks.shapes import Shape, words
from explorer.networks.stack import Stack, from_link
from explorer.paths import DATA
from explorer.training.dispatch import trial
from explorer.training.dispatch.submit import submit
from explorer.training.recipe.recipe import Recipe, preset
from explorer.training.store import limits
from explorer.training.store.runs import Store
from explorer.training.store.status import duration
from explorer.ui.shared.layout import matters, sentence
from explorer.ui.training import fields, viewer

WORDS = {
    "digits": "A small CNN on the digits that come with the app, as in *CNN from scratch*: half a minute, 96 %.",
    "quick": "A ResNet behind two residual cable blocks on the same digits: about a minute, and Φ, Ψ, τ move.",
    "good": "The cable network, narrow, with what has been learned since: Nesterov, weight decay, label smoothing.",
    "paper": "As the cable paper trained: SGD 0.9, one-cycle with peak 0.5, 100 epochs. Wants a GPU.",
    "mnist": "The survey's CNN: constant rate 0.01, batches of 500, 50 epochs.",
    "cifar-steps": "The survey's ResNet: rate 0.1, 0.02, 0.004, 0.0008, changed at epochs 14, 29 and 39.",
}
STACK = "own"  # in the URL, where a name that two pages have is the one that came first
LONG = 3600  # seconds from which a run deserves a second thought


def draw(store: Store) -> None:
    if limits.training_off():
        st.info(
            "Training is switched off on this server. What was trained here can be looked at; to train yourself, "
            "install the app.",
            icon=":material/block:",
        )
        return
    stack = _stack()
    rows = stack.json() if stack else ""
    chosen = st.selectbox("Preset", list(WORDS), key="preset", bind="query-params")
    st.caption(WORDS[chosen])
    base = preset(chosen)
    most = limits.most_epochs()
    epochs = st.number_input("Epochs", 1, most, min(base.epochs, most), key=f"train.{chosen}.epochs")
    with st.expander("Change the recipe", icon=":material/tune:"):
        changes = fields.draw(chosen, base, rows)
    elsewhere = stack is not None and _made_for_another(stack, chosen, changes["dataset"])
    try:
        recipe = base.changed(**changes, epochs=epochs, stack=rows)
    except ExplorerError as problem:
        if not elsewhere:
            st.error(sentence(problem), icon=":material/lightbulb:")
        return
    _download(chosen, recipe)
    _estimate(store, recipe)
    if matters("start").button("Start", type="primary", icon=":material/play_arrow:", width="stretch", key="start"):
        run = submit(store, recipe, viewer.visitor(), name=st.session_state.get("train.name", ""))
        st.query_params["run"] = run.id
        st.rerun()
    st.caption("The run is a process of its own: reload or close this page, it goes on.")


def _stack() -> Stack | None:
    """The stack of the link that the Layers page has made, and the way to be rid of it."""
    if STACK not in st.query_params:
        return None
    try:
        stack = from_link(st.query_params[STACK])
    except ExplorerError as problem:
        st.warning(sentence(problem), icon=":material/link_off:")
        return None
    with st.container(border=True):
        st.markdown(":material/layers: **Your stack from Layers** takes the place of the preset's model.")
        st.button("Use the preset's model", key="train.unstack", on_click=_unstack)
    return stack


def _unstack() -> None:
    st.query_params.pop(STACK, "")


def _made_for_another(stack: Stack, chosen: str, dataset: str) -> bool:
    """Says that the stack was built for other images than these, and offers a dataset that has such."""
    known, fitting = KNOWN[dataset], stack.datasets()
    if stack.input == (known.channels, known.size, known.size) or not fitting:
        return False
    tint = known.channels != stack.input[0]
    better = next((name for name in fitting if at_hand(name, "train", DATA)), fitting[0])
    st.warning(
        f"Your stack was built for {_pixels(stack.input, tint)}, {known.title} have "
        f"{_pixels((known.channels, known.size, known.size), tint)}: train on {KNOWN[better].title}.",
        icon=":material/photo_size_select_small:",
    )
    st.button(
        f"Train on {KNOWN[better].title}",
        key="train.fitting",
        on_click=fields.take,
        args=(chosen, better),
        width="stretch",
    )
    return True


def _pixels(shape: Shape, tint: bool) -> str:
    """28 × 28 pixels, and where it tells them apart whether grey or in colour."""
    return f"{words(shape[1:])} pixels" + f" in {'grey' if shape[0] == 1 else 'colour'}" * tint


def _download(chosen: str, recipe: Recipe) -> None:
    """Says what the first use of a dataset fetches, and offers what needs no network."""
    if recipe.dataset not in KNOWN or at_hand(recipe.dataset, "train", DATA):
        return
    known = KNOWN[recipe.dataset]
    st.warning(
        f"{known.title} is not on this machine: the run first downloads {known.download}.", icon=":material/download:"
    )
    st.button(
        "Use the embedded digits instead",
        key="train.embedded",
        on_click=fields.take,
        args=(chosen, fields.DIGITS),
        width="stretch",
    )


def _estimate(store: Store, recipe: Recipe) -> None:
    """Three batches are timed in a process of their own; looked for once a second until they are."""
    waiting = trial.ask(store.root, recipe) is None

    @st.fragment(run_every=1 if waiting else None)
    def estimate():
        found = trial.ask(store.root, recipe)
        if found is None:
            st.markdown(":material/timer: timing three batches …")
            return
        if waiting:
            st.rerun()
        if found.problem:
            st.error(sentence(ExplorerError(found.problem)), icon=":material/lightbulb:")
            return
        seconds = found.seconds(recipe.epochs)
        text = f":material/timer: About **{duration(seconds)}** on this machine"
        if seconds > LONG:
            fits = max(1, int(recipe.epochs * LONG / seconds))
            text += (
                f". In an hour: {fits} epoch{'s' * (fits != 1)}"
                if found.seconds(1) < LONG
                else ". Take a smaller width"
            )
        st.markdown(text + ".", help=f"From {found.how}, timed just now or for an earlier recipe that costs the same.")

    estimate()
