"""Over the test set: where the networks are wrong, how sure they are of it, and where only one of two is right."""

import pandas as pd
import streamlit as st

from explorer.classify import testset
from explorer.data import catalogue, missed
from explorer.errors import ExplorerError
from explorer.figures import classify as figures
from explorer.figures import training as training_figures
from explorer.paths import DATA
from explorer.ui.classify import disturbed
from explorer.ui.classify.source import Asked, evaluated, in_words, one_of
from explorer.ui.components.canvas import pick_cell
from explorer.ui.components.sprites import Tile, sprites
from explorer.ui.shared import caches
from explorer.ui.shared.layout import empty, left_out, numbers, plain
from explorer.ui.shared.picker import choose
from explorer.ui.shared.widgets import URL, choice, follow, named

CHART = {"displayModeBar": False}
MOST_SHOWN = 40  # pictures of a page
MOST_NUMBERS = 200
COPIES = (
    " These are small copies: a network may answer one otherwise than the test image itself, which is there once the "
    "dataset is unpacked under data/."
)
MOST_CELLS = 20  # classes a side that can be clicked; more are a heat map
VIEWS = ("Confusion", "Classes", "Calibration", "Where they disagree", "Disturbed")
CELL = {"true": "It is", "said": "The network says"}


def draw(picked, dataset: str, asked: list[Asked], fit: str) -> None:
    found, problems = evaluated(asked)
    left_out(problems)
    if not found:
        empty("These networks came without test results: those that were trained here have them.")
        return
    view = choice("Over all test images", "tested", VIEWS, VIEWS[0], persist="session", width="content")
    if view == VIEWS[4]:
        disturbed.draw(picked, asked, fit)
        return
    subjects = [one.subject for one, _ in found.values()]
    if tested := "; ".join(dict.fromkeys(subject.tested for subject in subjects if subject.tested)):
        st.caption(f"Tested on {plain(tested)}.")
    classes = subjects[0].classes
    results = {one: result for one, result in found.values() if one.subject.classes == classes}
    {VIEWS[0]: _confusion, VIEWS[1]: _classes, VIEWS[2]: _calibration, VIEWS[3]: _disagreement}[view](
        dataset, results, classes
    )


def _confusion(dataset, results, classes) -> None:
    one = one_of(list(results))
    result = results[one]
    worst = testset.worst_cell(result)
    if any(st.session_state.get(key, classes[0]) not in classes for key in CELL):  # chosen on another dataset
        st.session_state.update({key: classes[place] for key, place in zip(CELL, worst, strict=True)})
    boxes = zip(st.columns(2), CELL.items(), worst, strict=True)
    true, said = (_class(column, *asked, classes, place) for column, asked, place in boxes)
    share = result.confusion[true, said] / max(1, result.confusion[true].sum())
    st.caption(
        f"{result.confusion[true, said]:,} of {result.confusion[true].sum():,} images of {plain(classes[true])}, "
        f"{share:.1%}. Click a cell, or walk over them with the arrow keys."
    )
    words = f"Confusion matrix of {one.words}, {len(result.labels):,} test images"
    if len(classes) <= MOST_CELLS:
        pick_cell(
            result.confusion,
            classes,
            into=("true", "said"),
            label=words,
            across="the network says",
            down="it is",
            key=f"cells.{dataset}.{one.name}",
        )
    else:
        figure = training_figures.confusion(result.confusion, classes)
        st.plotly_chart(figure, key="cells", config=CHART, alt=words)
    places = testset.cell(result, true, said)
    taken = "recognised" if true == said else f"taken for {plain(classes[said])}"
    st.markdown(f"**{len(places)} images of {plain(classes[true])} {taken}**, the surest first")
    gallery(dataset, places, result, classes, "cell")


def _classes(dataset, results, classes) -> None:
    figure = figures.classes({one.name: result.per_class for one, result in results.items()}, classes)
    st.plotly_chart(figure, key="classes", config=CHART, alt="Test accuracy by class, the networks beside each other")
    rows = {
        plain(one.words): [f"{result.accuracy:.2f} %", f"{len(result.labels):,}"] for one, result in results.items()
    }
    st.table(pd.DataFrame.from_dict(rows, orient="index", columns=["all classes", "test images"]))


def _calibration(dataset, results, classes) -> None:
    found = {one.name: testset.calibration(result) for one, result in results.items()}
    st.plotly_chart(figures.calibration(found), key="calibration", config=CHART, alt="Calibration curves")
    st.caption(
        "On the dashed line a network that is 80 % sure is right in 80 % of the cases; above it the network is "
        "too modest (label smoothing does that), below it too sure. Off by: the distance from the line, on "
        f"average over all images. Bins of fewer than {figures.ENOUGH} images are not drawn."
    )


def _disagreement(dataset, results, classes) -> None:
    if len(results) < 2:
        empty("Ask two networks of one dataset to see where only one of them is right.")
        return
    by_name, words = {one.name: one for one in results}, in_words(results)
    chosen = []
    for column, label, key, usual in zip(st.columns(2), ("First", "Second"), ("one", "other"), words, strict=False):
        with column:
            chosen.append(by_name[named(label, key, words, usual)])
    first, second = chosen
    found = testset.disagreement(results[first], results[second])
    numbers(
        [
            ("Both right", f"{found.both:,}"),
            ("Only the first", f"{len(found.first):,}"),
            ("Only the second", f"{len(found.second):,}"),
            ("Neither", f"{found.neither:,}"),
        ]
    )
    larger = "larger than" if abs(found.z) > 1.96 else "no larger than"
    st.caption(
        f"The difference between the two is {larger} what chance makes of one test set (McNemar's z = "
        f"{found.z:.2f}; beyond ±1.96 it is significant at 5 %). Other seeds may turn it round."
    )
    for one, places, key in ((first, found.first, "first"), (second, found.second, "second")):
        st.markdown(f"**Only {plain(one.words)} is right**, the surest first")
        gallery(dataset, places, results[one], classes, key)


def _class(column, key: str, label: str, classes, usual: int) -> int:
    """One class of the cell, in the URL under its name; the commonest mistake until somebody chooses."""
    follow(key, classes[usual])
    return classes.index(column.selectbox(label, classes, usual, key=key, bind=URL, persist_state="session"))


def gallery(dataset: str, places, result, classes, key: str) -> None:
    """Test images as buttons that make them the image of every page; only their numbers where they are not at hand."""
    if not len(places):
        st.caption("None.")
        return
    shipped = {sample.index for sample in caches.samples(dataset)} if dataset in caches.data.SAMPLE_SETS else set()
    here = dataset in catalogue.KNOWN and catalogue.at_hand(dataset, "test", DATA)
    copied = missed.places(dataset)
    seen = [int(place) for place in places if here or int(place) in shipped or int(place) in copied]
    shown = seen[:MOST_SHOWN]
    if (pages := -(-len(seen) // MOST_SHOWN)) > 1:
        page = st.number_input(
            f"Page, of {pages}", 1, pages, key=f"page.{key}.{dataset}.{seen[0]}.{len(seen)}", width=140
        )
        shown = seen[(page - 1) * MOST_SHOWN :][:MOST_SHOWN]
    pictures = []
    for place in shown:
        try:
            pictures.append(caches.sample(dataset, place))
        except ExplorerError:
            break
    if pictures:
        words = [
            f"{classes[result.labels[one.index]]}, said {classes[result.predictions[one.index]]}" for one in pictures
        ]
        tiles = [
            Tile(f"{dataset}-{one.index}", "", f"image {one.index}: {text}", place)
            for place, (one, text) in enumerate(zip(pictures, words, strict=True))
        ]
        sprites(
            caches.sprite([one.image for one in pictures]),
            tiles,
            "",
            label="Test images",
            columns=10,
            key=f"gallery.{key}",
            choose=choose,
        )
        small = not here and any(one.index not in shipped for one in pictures)
        st.caption("Choose one and it becomes the image of every page." + COPIES * small)
    rest = [str(place) for place in places if int(place) not in (seen if pictures else [])]
    if rest:
        words = f"{len(rest)} more, by their number among the test images (unpack the dataset under data/ to see them)"
        with st.expander(words):
            st.write(", ".join(rest[:MOST_NUMBERS]) + " and so on" * (len(rest) > MOST_NUMBERS))
