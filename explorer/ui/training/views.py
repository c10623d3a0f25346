"""One run in detail, a tab a view; only the open one is computed."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.data.catalogue import KNOWN
from explorer.figures import training as figures
from explorer.figures.training import Series
from explorer.papers import reported
from explorer.paths import private
from explorer.training.dispatch.ending import log_tail
from explorer.training.store.runs import Run
from explorer.training.store.status import Status, title
from explorer.training.store.status import curves as epochs_of
from explorer.training.store.table import as_csv, differing
from explorer.training.work import metrics
from explorer.ui.components.curves import curves
from explorer.ui.shared import caches
from explorer.ui.shared.layout import empty, plain
from explorer.ui.training import parameters

CHART = {"displayModeBar": False, "scrollZoom": False}
MOST_COMPARED = 6


def draw(page, now: Status, everyone: dict[str, Status]) -> None:
    views = {"Curves": _curves, "Φ Ψ τ": _cable, "Classes": _classes, "Compare": _compare, "Log": _log, "Files": _files}
    tabs = st.tabs(list(views), key="view", bind="query-params")
    for tab, view in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab, page.guard():
                view(now, everyone)


def _curves(now: Status, everyone) -> None:
    run = now.run
    lines = epochs_of(run.folder)
    if not lines:
        empty("The first point comes at the end of the first epoch.") if run.active else empty(
            "No epoch was completed."
        )
        return
    series, paper = [Series(title(run), lines, now.watched)], reported(run.recipe)
    words = f"Accuracy by epoch, last {now.last:.2f} % on the {now.watched} images"
    curves(figures.accuracy(series, paper), of=run.id, label=words, key="curves.accuracy")
    left, right = st.columns(2)
    with left:
        curves(
            figures.loss(series),
            of=run.id,
            label=f"Training and {now.watched} loss by epoch",
            key="curves.loss",
            height=230,
        )
    with right:
        curves(figures.rate(series), of=run.id, label="Learning rate by epoch", key="curves.rate", height=230)
    st.caption("Drag over a span of epochs to zoom; a double click or Escape shows all.")


def _cable(now: Status, everyone) -> None:
    run = now.run
    lines = [line for line in epochs_of(run.folder) if line.get("cable")]
    if not lines:
        empty("This network has no cable layer, or no epoch is done yet: the preset quick has one.")
        return
    layers = list(lines[0]["cable"])
    layer = (
        st.segmented_control("Layer", layers, default=layers[0], key=f"layer.{run.id}", required=True)
        if len(layers) > 1
        else layers[0]
    )
    epochs, values = figures.cable_values(lines, layer)
    columns = st.columns(3)
    for column, chart in zip(columns, figures.cable_curves(lines, layer), strict=True):
        with column:
            words = f"{chart.title} of {layer} over the epochs, a line a channel pair"
            curves(chart, of=f"{run.id}{layer}", label=words, key=f"curves.{chart.title[0]}", height=210)
    place = len(epochs) - 1
    if len(epochs) > 1 and not st.toggle("Follow the latest epoch", True, key=f"follow.{run.id}"):
        place = epochs.index(st.select_slider("Epoch", epochs, epochs[-1], key=f"epoch.{run.id}"))
    st.caption(f"After epoch {epochs[place]}: 1/Φ² and 1/Ψ² weigh the neighbours, τ is what leaks away in one step.")
    for column, (name, grid) in zip(st.columns(3), values.items(), strict=True):
        column.html(parameters.table(figures.SYMBOLS[name], grid, place))


def _classes(now: Status, everyone) -> None:
    file = now.run.folder / "eval.npz"
    if not file.exists():
        empty("Confusion matrix and accuracy by class come when the run has finished.")
        return
    result = caches.evaluated(file)
    known = KNOWN.get(now.run.recipe.get("dataset", ""))
    classes = known.classes if known else [str(number) for number in range(len(result.confusion))]
    st.caption(f"The weights as saved, on {len(result.labels):,} test images: {result.accuracy:.2f} %.")
    _chart(figures.confusion(result.confusion, classes), "confusion", "Confusion matrix, true class by predicted class")
    _chart(figures.per_class(result.per_class, classes), "classes", "Test accuracy by class")


def _compare(now: Status, everyone: dict[str, Status]) -> None:
    runs = {run_id: one.run for run_id, one in everyone.items() if one.last is not None}
    if len(runs) < 2:
        empty("Two runs with at least one epoch are needed: start another one, with one field changed.")
        return
    default = [now.run.id] if now.run.id in runs else []
    default += [run_id for run_id in runs if run_id not in default][: 2 - len(default)]
    chosen = st.multiselect(
        "Runs",
        list(runs),
        default,
        format_func=lambda run_id: f"{title(runs[run_id])} · {run_id[-4:]}",
        max_selections=MOST_COMPARED,
        key=f"compare.{now.run.id}",
        wrap=True,
    )
    if not chosen:
        return
    series = [Series(f"{title(runs[run_id])} · {run_id[-4:]}", epochs_of(runs[run_id].folder)) for run_id in chosen]
    of = "-".join(chosen)
    words = "of the chosen runs by epoch"
    curves(figures.accuracy(series), of=of, label=f"Test accuracy {words}", key="compare.accuracy")
    curves(figures.loss(series), of=of, label=f"Test loss {words}, training dotted", key="compare.loss")
    _differences([everyone[run_id] for run_id in chosen])


def _differences(chosen: list[Status]) -> None:
    """What came out, and in which fields the recipes differ."""
    rows = {"best accuracy": [f"{one.best:.2f} %, {one.watched}, in epoch {one.best_epoch}" for one in chosen]}
    rows |= {
        name.replace("_", " "): [plain(_short(value)) for value in values]
        for name, values in differing([one.run.recipe for one in chosen]).items()
    }
    columns = [f"{plain(title(one.run))} · {one.run.id[-4:]}" for one in chosen]
    st.table(pd.DataFrame(rows, index=columns).T)
    if len(rows) == 1 and len(chosen) > 1:
        st.caption("Their recipes are the same.")


def _short(value) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) < 60 else f"{text[:57]}…"


def _log(now: Status, everyone) -> None:
    text = private(log_tail(now.run.folder).rstrip())
    if text:
        st.code(text, language=None, height=400, wrap_lines=True)
    else:
        empty("Nothing has been printed yet.")


def _files(now: Status, everyone) -> None:
    run = now.run
    with st.container(horizontal=True):
        _download(run, "weights.safetensors", "Weights", f"{run.id}.safetensors")
        _download(run, "weights.json", "Card", f"{run.id}.json")
        if (run.folder / metrics.FILE).exists():
            st.download_button(
                "Curves as CSV",
                lambda: as_csv(epochs_of(run.folder)),
                f"{run.id}.csv",
                "text/csv",
                key="get.csv",
                icon=":material/table:",
                on_click="ignore",
            )
        _download(run, metrics.FILE, "Curves as JSONL", f"{run.id}.jsonl")
    st.caption(f"The recipe; the run lies in {plain(private(str(run.folder)))}")
    st.code(run.recipe_json, language="json", height=360)


def _download(run: Run, part: str, label: str, name: str) -> None:
    file: Path = run.folder / part
    if file.exists():
        st.download_button(
            label, file.read_bytes, name, key=f"get.{part}", icon=":material/download:", on_click="ignore"
        )


def _chart(figure, name: str, words: str) -> None:
    st.plotly_chart(figure, key=f"chart.{name}", config=CHART, alt=words)
