"""The tables and curves of the Results page, each with the card or the command it comes from."""

import pandas as pd
import streamlit as st

from explorer import results
from explorer.catalogue import KNOWN
from explorer.figures import results as figures
from explorer.results import Row
from explorer.ui.classify.source import read_results, results_file
from explorer.ui.layout import empty

CHART = {"displayModeBar": False}


@st.cache_data(show_spinner=False, ttl=30)
def _rows() -> list[Row]:
    return results.rows()


@st.cache_data(show_spinner=False)
def _counts() -> list[results.Count]:
    return results.counts()


def accuracies() -> None:
    rows = _rows()
    for dataset in dict.fromkeys(row.dataset for row in rows):
        mine = [row for row in rows if row.dataset == dataset]
        st.markdown(f"**{KNOWN[dataset].title if dataset in KNOWN else dataset}**, {mine[0].images:,} test images")
        st.table(pd.DataFrame([_line(row) for row in mine]).set_index("network"))
        for cable, baseline in _pairs(mine):
            st.caption(results.verdict(cable, baseline))
    st.caption(
        "Accuracy is taken once, after the last epoch, on all test images, with the weights as shipped. "
        "`python -m benchmarks.reproduce --list` lists every recipe, and trains the one named behind it."
    )


def _line(row: Row) -> dict:
    paper = f"{row.paper[0]:g} % ({row.paper[1]})" if row.paper else "none"
    return {
        "network": f"{row.model}, width {row.width}", "ours": row.text, "seeds": len(row.accuracies),
        "reported": paper, "epochs": row.epochs, "card": ", ".join(row.names),
    }  # fmt: skip


def _pairs(rows: list[Row]) -> list[tuple[Row, Row]]:
    """Every cable network beside the baseline of its width."""
    baselines = {row.width: row for row in rows if row.model == "original"}
    return [(row, baselines[row.width]) for row in rows if row.model.startswith("cabeq") and row.width in baselines]


def parameters() -> None:
    lines = [
        {"network": count.model, "the paper": f"{count.paper:,}", "ours": f"{count.ours:,}",
         "": "✓ equal" if count.equal else "✗ different"}
        for count in _counts()
    ]  # fmt: skip
    st.table(pd.DataFrame(lines).set_index("network"))
    st.caption("At full width. The cable paper gives the counts, not where they sit; the one block found that has "
               "exactly that many is described in explorer/resnets.py.")  # fmt: skip


def curves() -> None:
    rows = _rows()
    datasets = list(dict.fromkeys(row.dataset for row in rows))
    title = {name: KNOWN[name].title if name in KNOWN else name for name in datasets}
    dataset = st.segmented_control("Dataset", datasets, default=datasets[0], format_func=title.get, required=True,
                                   key="curves.of")  # fmt: skip
    found = {}
    for row in rows:
        for name in row.names:
            file = results_file(name)
            if row.dataset == dataset and file.is_file():
                found[name] = read_results(file, file.stat().st_mtime_ns).curves
    if not found:
        empty("No shipped network of this dataset brought its curves.")
        return
    left, right = st.columns(2, gap="medium")
    for place, quantity, words in ((left, "test_accuracy", "test accuracy, %"), (right, "test_loss", "test loss")):
        figure = figures.curves({name: (one["epoch"], one[quantity]) for name, one in found.items()}, words)
        place.plotly_chart(figure, key=f"curves.{quantity}", config=CHART, alt=f"{words} by epoch, {', '.join(found)}")
    st.caption("From NAME.eval.npz beside each card in pretrained/.")


def benchmarks() -> None:
    records = results.measured()
    if not records:
        empty(
            "Nothing has been measured here: run a command of benchmarks/, for instance python -m benchmarks.diffusion."
        )
        return
    for record in records:
        mark = "✓" if record["ok"] else "✗ bound missed"
        with st.expander(f"{record['command']}: {record['figure']} {mark}"):
            st.dataframe(pd.DataFrame(record["rows"]), hide_index=True, width="stretch")
            versions = ", ".join(f"{name} {number}" for name, number in record.get("versions", {}).items())
            st.caption(f"{record['hardware']} · {record.get('date', '')} · {versions}")
