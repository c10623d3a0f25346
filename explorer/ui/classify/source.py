"""Which networks are asked: those of one dataset, as a pair, all of them, or a choice of one's own."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from explorer import catalogue, models
from explorer.catalogue import KNOWN
from explorer.errors import ExplorerError
from explorer.predict import Prediction, predict
from explorer.subjects import RUN, Subject
from explorer.training import evaluation
from explorer.training.evaluation import Evaluation
from explorer.training.runs import Store
from explorer.ui import caches, state
from explorer.ui.layers.inputs import choice
from explorer.ui.maps import source
from explorer.weights import PRETRAINED

MOST = 7  # models side by side
PAIR, ALL, OWN = "Two", "All", "My choice"


@dataclass(frozen=True, eq=False)
class Asked:
    """One network among those that are asked."""

    key: str
    subject: Subject
    name: str  # tells it from the others


def names_on(dataset: str) -> list[str]:
    """The trained networks of a dataset: the narrow ones first, the baseline before its cable variants."""
    cards = {name: card for name, card in caches.cards().items() if card.dataset == dataset}
    return sorted(cards, key=lambda name: (cards[name].width, cards[name].model != "original", cards[name].model, name))


def pair(names: list[str]) -> list[str]:
    """The baseline and the best cable variant of the same width; where there is none, the two best."""
    cards = caches.cards()
    best = sorted(names, key=lambda name: -(cards[name].accuracy or 0))
    for baseline in (name for name in names if cards[name].model == "original"):
        cable = [name for name in best if cards[name].model.startswith("cabeq")]
        same = [name for name in cable if cards[name].width == cards[baseline].width]
        if same:
            return [baseline, same[0]]
    return best[:2]


def choose(picked) -> tuple[str, list[Asked]]:
    """(the dataset, the networks that are asked), with the widgets that choose them."""
    datasets = [name for name in KNOWN if names_on(name)]
    if "models" not in st.query_params and str(st.query_params.get("model", "")).startswith(RUN):
        st.query_params["models"] = st.query_params["model"]
    datasets += sorted({card.dataset for card in caches.cards().values()} - set(datasets))
    if not datasets:
        raise ExplorerError("there are no trained networks yet: train one on the Train page and publish it")
    usual = picked.dataset if picked.dataset in datasets else datasets[0]
    dataset = st.selectbox(
        "Networks trained on", datasets, datasets.index(usual), key=f"data.{usual}",
        format_func=catalogue.title,
    )  # fmt: skip
    names = names_on(dataset)
    which = choice("Ask", "which", [PAIR, ALL, OWN], OWN if "models" in st.query_params else PAIR)
    if which == ALL:
        keys = names[:MOST]
        if len(names) > MOST:
            st.caption(f"The first {MOST} of {len(names)}; My choice has the others.")
    elif which == PAIR:
        keys = pair(names)
    else:
        keys = _own(names)
    return dataset, [Asked(key, source.load(key, 16, 0), name) for key, name in zip(keys, titles(keys), strict=True)]


def titles(keys: list[str]) -> list[str]:
    """A cable network or its baseline is called as in the paper, with its width, unless two would be called the same;
    any other network has the name it was published by."""
    cards = caches.cards()

    def title(key: str) -> str:
        card = cards.get(key)
        return models.called(card.model, card.width) if card and models.is_cable(card.model) else key

    found = [title(key) for key in keys]
    return [one if found.count(one) == 1 else key for key, one in zip(keys, found, strict=True)]


def _own(names: list[str]) -> list[str]:
    runs = [f"{RUN}{run.id}" for run in Store().all() if (run.folder / "weights.json").is_file()]
    wanted = [key for key in st.query_params.get("models", "").split(",") if key in [*names, *runs]]
    keys = st.multiselect("Networks", [*names, *runs], wanted or pair(names), key="networks", max_selections=MOST,
                          wrap=True)  # fmt: skip
    if not keys:
        raise ExplorerError("no network is chosen: add one under Networks")
    st.query_params["models"] = ",".join(keys)
    return keys


def elsewhere(picked, asked: list[Asked]) -> None:
    """The image on the other pages; Feature maps opens the first of the networks."""
    cards = caches.cards()
    usual = source.usual_for(picked.dataset, source.trained(cards), cards)
    st.caption("This image on another page")
    with st.container(horizontal=True, gap="small"):
        state.page_link("Diffusion")
        state.page_link("Layers")
        state.page_link("Feature_maps", model=None if asked[0].key == usual else asked[0].key)


def answers(asked: list[Asked], image, fit: str) -> list[Prediction]:
    with caches.gate():
        return [predict(one.subject, image, fit) for one in asked]


def evaluated(asked: list[Asked]) -> dict[str, tuple[Asked, Evaluation]]:
    """The test results of those networks that have them, by name."""
    found = {}
    for one in asked:
        file = results_file(one.key)
        if file.is_file():
            found[one.name] = (one, read_results(file, file.stat().st_mtime_ns))
    return found


def results_file(key: str) -> Path:
    if key.startswith(RUN):
        return Store().get(key.removeprefix(RUN)).folder / "eval.npz"
    return PRETRAINED / f"{key}.eval.npz"


@st.cache_resource(show_spinner="Reading the test results …", max_entries=32)
def read_results(file: Path, changed: int) -> Evaluation:
    return evaluation.read(file)
