"""Over the test set, disturbed: how accuracy falls from strength to strength, and what that does to a picture."""

from collections.abc import Iterator

import pandas as pd
import streamlit as st
from torch import Tensor

from explorer.classify.predict import disturbed, pixels
from explorer.data.disturb import DISTURBANCES, LEAKING, STRENGTHS, Disturbance, disturbance
from explorer.figures import classify as figures
from explorer.networks.robustness import Robustness
from explorer.ui.classify.minds import leak
from explorer.ui.classify.source import Asked, in_words, measured
from explorer.ui.classify.strip import strip
from explorer.ui.shared.layout import empty, left_out, plain
from explorer.ui.shared.widgets import named

MEAN = "mean"
TITLES = {MEAN: "Mean of all nine"} | {name: one.title for name, one in DISTURBANCES.items()}
COMMAND = "python -m benchmarks.robustness"


def draw(picked, asked: list[Asked], fit: str) -> None:
    found, problems = measured(asked)
    left_out(problems)
    if not found:
        empty(f"Nobody has measured these networks on disturbed images yet: {COMMAND} does that for shipped ones.")
        return
    what = named("Disturbed by", "disturbed", TITLES, MEAN)
    if what == "diffusion" and leak():
        what = LEAKING.name
    one = None if what == MEAN else disturbance(what)
    st.caption(one.what if one else f"The mean over nine disturbances: {', '.join(list(TITLES.values())[1:])}.")
    rows = {name: _rows(result, what) for name, result in found.items()}
    chance = 100 / max(len(network.subject.classes) for network in asked if network.name in found)
    st.plotly_chart(
        figures.disturbed(rows, _axis(one), chance),
        key="disturbed",
        config={"displayModeBar": False},
        alt=f"Test accuracy against strength: {one.title if one else TITLES[MEAN]}",
    )
    st.caption(
        _of(found) + " Bands are 95 % Wilson intervals of one network on these images; the same network trained "
        "from another seed may lie outside them."
    )
    _table({in_words(asked)[name]: row for name, row in rows.items()})
    field = pixels(asked[0].subject, picked.image, fit)
    if one:
        st.markdown("**What that does to the chosen image**")
        strip(_five(field, one))
    else:
        st.markdown(f"**What each does to the chosen image at strength {STRENGTHS}**")
        strip(
            (disturbed(field, name, [STRENGTHS])[0], each.title, f"The image, {each.title} of strength {STRENGTHS}")
            for name, each in DISTURBANCES.items()
        )


def _axis(one: Disturbance | None) -> figures.Axis:
    if one:
        return figures.strengths(dict(enumerate([0, *one.strengths])), one.quantity)
    return figures.Axis("strength", {place: str(place) if place else "as it is" for place in range(STRENGTHS + 1)})


def _rows(result: Robustness, what: str) -> list[tuple[float, float, float]]:
    """(accuracy, low, high) as it is and at the five strengths."""
    rights = result.mean() if what == MEAN else result.under[what]
    return [result.percent(right) for right in (result.clean, *rights)]


def _of(found: dict[str, Robustness]) -> str:
    counts = {(one.images, one.of) for one in found.values()}
    if len(counts) > 1:
        each = "; ".join(f"{plain(name)}: {one.images:,} of {one.of:,}" for name, one in found.items())
        return f"Measured on the first test images ({each})."
    images, of = counts.pop()
    return f"Measured on all {of:,} test images." if images == of else f"Measured on the first {images:,} of {of:,}."


def _five(field: Tensor, one: Disturbance) -> Iterator[tuple[Tensor, str, str]]:
    """The image as it is and at each strength, with the words of the strip."""
    words = ["as it is", *(f"{place}: {one.says(level)}" for place, level in enumerate(one.strengths, 1))]
    for changed, word in zip(disturbed(field, one.name, range(STRENGTHS + 1)), words, strict=True):
        yield changed, word, f"The image, {one.title}, {word}"


def _table(rows: dict[str, list[tuple[float, float, float]]]) -> None:
    columns = ["as it is", *(f"strength {place}" for place in range(1, STRENGTHS + 1))]
    cells = {
        plain(name): [f"{middle:.1f} ({low:.1f}–{high:.1f})" for middle, low, high in row] for name, row in rows.items()
    }
    with st.expander("The numbers, in percent with their intervals"):
        st.table(pd.DataFrame.from_dict(cells, orient="index", columns=columns))
