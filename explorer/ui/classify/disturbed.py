"""Over the test set, disturbed: how accuracy falls from strength to strength, and what that does to a picture."""

import pandas as pd
import streamlit as st

from explorer.classify.predict import disturbed, pixels
from explorer.data.disturb import DISTURBANCES, LEAKING, STRENGTHS, Disturbance, disturbance
from explorer.figures import classify as figures
from explorer.networks.robustness import Robustness
from explorer.ui.classify.minds import leak
from explorer.ui.classify.source import Asked, measured
from explorer.ui.classify.strip import strip
from explorer.ui.shared.layout import empty, plain, sentence
from explorer.ui.shared.widgets import named

MEAN = "mean"
TITLES = {MEAN: "Mean of all nine"} | {name: one.title for name, one in DISTURBANCES.items()}
COMMAND = "python -m benchmarks.robustness"


def draw(picked, asked: list[Asked], fit: str) -> None:
    found, problems = measured(asked)
    for problem in problems:
        st.warning(sentence(problem))
    if not found:
        empty(f"Nobody has measured these networks on disturbed images yet: {COMMAND} does that for shipped ones.")
        return
    what = named("Disturbed by", "disturbed", TITLES, MEAN)
    if what == "diffusion" and leak():
        what = LEAKING.name
    if what == MEAN:
        st.caption(f"The mean over nine disturbances: {', '.join(list(TITLES.values())[1:])}.")
        axis = figures.Axis("strength", {0: "as it is"} | {place: str(place) for place in range(1, STRENGTHS + 1)})
    else:
        one = disturbance(what)
        st.caption(one.what)
        axis = figures.strengths(dict(enumerate([0, *one.strengths])), one.quantity)
    rows = {name: _rows(result, what) for name, result in found.items()}
    chance = 100 / max(len(one.subject.classes) for one in asked if one.name in found)
    st.plotly_chart(figures.disturbed(rows, axis, chance), key="disturbed", config={"displayModeBar": False},
                    alt=f"Test accuracy against strength: {TITLES.get(what, LEAKING.title)}")  # fmt: skip
    st.caption(_of(found) + " Bands are 95 % Wilson intervals of one network on these images; the same network trained "
               "from another seed may lie outside them.")  # fmt: skip
    _table(rows)
    _nine(picked, asked[0], fit) if what == MEAN else _five(picked, asked[0], fit, one)


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


def _five(picked, first: Asked, fit: str, one: Disturbance) -> None:
    st.markdown("**What that does to the chosen image**")
    strengths = list(range(STRENGTHS + 1))
    fields = disturbed(pixels(first.subject, picked.image, fit), one.name, strengths)
    words = ["as it is", *(f"{place}: {one.says(level)}" for place, level in enumerate(one.strengths, 1))]
    strip((field, word, f"The image, {one.title}, {word}") for field, word in zip(fields, words, strict=True))


def _nine(picked, first: Asked, fit: str) -> None:
    st.markdown(f"**What each does to the chosen image at strength {STRENGTHS}**")
    field = pixels(first.subject, picked.image, fit)
    changed = [(disturbed(field, name, [STRENGTHS])[0], one.title) for name, one in DISTURBANCES.items()]
    strip((field, title, f"The image, {title} of strength {STRENGTHS}") for field, title in changed)


def _table(rows: dict[str, list[tuple[float, float, float]]]) -> None:
    columns = ["as it is", *(f"strength {place}" for place in range(1, STRENGTHS + 1))]
    cells = {plain(name): [f"{middle:.1f} ({low:.1f}–{high:.1f})" for middle, low, high in row]
             for name, row in rows.items()}  # fmt: skip
    with st.expander("The numbers, in percent with their intervals"):
        st.table(pd.DataFrame.from_dict(cells, orient="index", columns=columns))
