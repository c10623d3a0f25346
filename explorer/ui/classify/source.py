"""Which networks are asked: those of one dataset, as a pair, all of them, or a choice of one's own."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from explorer.classify.predict import Prediction, predict
from explorer.data import catalogue
from explorer.data.catalogue import KNOWN
from explorer.errors import ExplorerError
from explorer.networks import robustness
from explorer.networks.evaluation import Evaluation
from explorer.networks.robustness import Robustness
from explorer.networks.subject import Subject
from explorer.networks.weights import home
from explorer.subjects import RUN
from explorer.training.store.publish import has_weights
from explorer.training.store.runs import Run, Store
from explorer.ui.inside import source
from explorer.ui.shared import caches, state
from explorer.ui.shared.answering import names_on, pair
from explorer.ui.shared.layout import left_out
from explorer.ui.shared.naming import short_names, spoken
from explorer.ui.shared.widgets import choice, named

MOST = 7  # models side by side
PAIR, ALL, OWN = "Two", "All", "My choice"


@dataclass(frozen=True, eq=False)
class Asked:
    """One network among those that are asked."""

    key: str
    subject: Subject
    name: str  # short; tells it from the others
    words: str  # with the name beside


def choose(picked) -> tuple[str, list[Asked]]:
    """(the dataset, the networks that are asked), with the widgets that choose them."""
    runs = finished()
    trained_on = {name: card.dataset for name, card in caches.cards().items()}
    trained_on |= {key: str(run.recipe.get("dataset")) for key, run in runs.items()}
    if not trained_on:
        raise ExplorerError("there are no trained networks yet: train one on the Train page")
    if "models" not in st.query_params and str(st.query_params.get("model", "")).startswith(RUN):
        st.query_params["models"] = st.query_params["model"]
    dataset = _dataset(picked, trained_on)
    own = [key for key in runs if trained_on[key] == dataset]
    names = names_on(dataset) or own
    several = len({*names, *own}) > 1
    which = choice("Ask", "which", [PAIR, ALL, OWN], OWN if "models" in st.query_params else PAIR) if several else ALL
    if which == ALL:
        keys = names[:MOST]
        if len(names) > MOST:
            st.caption(f"The first {MOST} of {len(names)}; My choice has the others.")
    elif which == PAIR:
        keys = pair(names)
    else:
        keys = _own(dataset, list(dict.fromkeys([*names, *own])), runs)
    return dataset, _readable(keys, runs)


def _readable(keys: list[str], runs: dict[str, Run]) -> list[Asked]:
    """The networks whose files can be used; each other one is named, and only where none is left nothing goes on."""
    found, problems = [], []
    for key, name in zip(keys, short_names(keys, runs), strict=True):
        try:
            found.append(Asked(key, source.load(key, 16, 0), name, spoken(key, runs, name)))
        except ExplorerError as problem:
            problems.append(problem)
    if not found:
        raise problems[0]
    left_out(problems)
    return found


def finished() -> dict[str, Run]:
    """The runs of one's own that have final weights, by the key of their network."""
    with suppress(ExplorerError):  # the Train page says what is wrong with the runs folder
        return {f"{RUN}{run.id}": run for run in Store().all() if has_weights(run)}
    return {}


def _dataset(picked, trained_on: dict[str, str]) -> str:
    """Chosen, or that of the networks in a link, or that of the image."""
    there = set(trained_on.values())
    datasets = [name for name in KNOWN if name in there] + sorted(there - set(KNOWN))
    usual = picked.known_to if picked.known_to in datasets else datasets[0]
    linked = [trained_on[key] for key in _linked() if key in trained_on]
    if linked and "data" not in st.query_params and "data-box" not in st.session_state:
        st.query_params["data"] = linked[0]
    return named("Networks trained on", "data", {name: catalogue.title(name) for name in datasets}, usual)


def _linked() -> list[str]:
    return [key for key in st.query_params.get("models", "").split(",") if key]


def _own(dataset: str, offered: list[str], runs: dict[str, Run]) -> list[str]:
    """Those of the link that are trained on the dataset; what is chosen is in the link again, so that Back
    undoes it."""
    box, seen, asked = f"networks.{dataset}", f"networks.{dataset}.seen", st.query_params.get("models")
    if box not in st.session_state or asked != st.session_state.get(seen):
        st.session_state[box] = [key for key in _linked() if key in offered] or pair(offered)
    keys = st.multiselect(
        "Networks",
        offered,
        key=box,
        max_selections=MOST,
        wrap=True,
        format_func=lambda key: spoken(key, runs),
    )
    if not keys:
        keys = pair(offered)
        st.caption("No network is chosen: meanwhile these answer.")
    st.query_params["models"] = st.session_state[seen] = ",".join(keys)
    return keys


def one_of(asked: Sequence[Asked]) -> Asked:
    """One network among several that are asked: the same on every tab that shows one at a time."""
    by_name = {one.name: one for one in asked}
    if len(asked) == 1:
        return asked[0]
    return by_name[named("Network", "network", in_words(asked), asked[0].name)]


def in_words(asked: Iterable[Asked]) -> dict[str, str]:
    return {one.name: one.words for one in asked}


def elsewhere(picked, asked: list[Asked]) -> None:
    """The image on the other pages; Feature maps opens the first of the networks."""
    cards = caches.cards()
    usual = source.usual_for(picked.known_to, source.trained(cards), cards)
    st.caption("This image on another page")
    with st.container(horizontal=True, gap="small"):
        state.page_link("Diffusion")
        state.page_link("Layers")
        state.page_link("Feature_maps", params={"model": None if asked[0].key == usual else asked[0].key})


def answers(asked: list[Asked], image, fit: str) -> list[Prediction]:
    with caches.gate():
        return [predict(one.subject, image, fit) for one in asked]


def evaluated(asked: list[Asked]) -> tuple[dict[str, tuple[Asked, Evaluation]], list[ExplorerError]]:
    """The test results of those networks that have them, by name, and what cannot be read."""
    found, problems = evaluations(one.key for one in asked)
    return {one.name: (one, found[one.key]) for one in asked if one.key in found}, problems


def evaluations(keys: Iterable[str]) -> tuple[dict[str, Evaluation], list[ExplorerError]]:
    """The same of networks by key alone."""
    found, problems = {}, []
    for key in keys:
        try:
            file = results_file(key)
            if file.is_file():
                found[key] = caches.evaluated(file)
        except ExplorerError as problem:
            problems.append(problem)
    return found, problems


def measured(asked: list[Asked]) -> tuple[dict[str, Robustness], list[ExplorerError]]:
    """How the networks fare on disturbed test images, of those that were measured, and what cannot be read."""
    found, problems = {}, []
    for one in asked:
        file, card = home(one.key) / f"{one.key}.robust.json", caches.cards().get(one.key)
        if card and file.is_file():
            try:
                found[one.name] = read_robustness(file, file.stat().st_mtime_ns, card.sha256)
            except ExplorerError as problem:
                problems.append(problem)
    return found, problems


@st.cache_resource(show_spinner=False, max_entries=64)
def read_robustness(file: Path, changed: int, weights: str) -> Robustness:
    return robustness.read(file, weights)


def results_file(key: str) -> Path:
    if key.startswith(RUN) and key not in caches.cards():
        return Store().get(key.removeprefix(RUN)).folder / "eval.npz"
    return home(key) / f"{key}.eval.npz"
