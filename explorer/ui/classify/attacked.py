"""Fool it, over test images: accuracy against ε, before and after diffusion, of the chosen networks or the study's."""

import streamlit as st

from explorer.figures import classify as figures
from explorer.results import fooled, study
from explorer.results.evidence import CHANCE
from explorer.results.fooled import DIFFUSED, IMAGES, LEVELS, Fooled
from explorer.ui.classify.source import Asked
from explorer.ui.shared.layout import empty
from explorer.ui.shared.widgets import choice

THESE, ARMS = "These networks", "The study's"
BEFORE, AFTER = "As attacked", f"Then diffused, {DIFFUSED} steps"
COMMAND = "python -m benchmarks.fooled --record"


@st.cache_data(show_spinner=False, ttl=30)
def _found() -> Fooled | None:
    return fooled.read()


def draw(asked: list[Asked]) -> None:
    st.markdown(f"**Over {IMAGES} test images of CIFAR-10**")
    found = _found()
    here = [one for one in asked if found and one.key in found.networks]
    if found is None or not (here or found.arms):
        empty(f"Nobody has measured this yet: {COMMAND} does it.")
        return
    first, second = st.columns(2, gap="small")
    with first:
        ways = [THESE] * bool(here) + [ARMS] * bool(found.arms)
        of = choice("Networks of", "fooled", ways, ways[0])
    with second:
        diffused = choice("The images", "then", [BEFORE, AFTER], BEFORE) == AFTER
    if of == THESE:
        rows = {one.name: found.of(one.key, diffused) for one in here}
        bands = "Bands are 95 % Wilson intervals of one network on these images."
    else:
        rows = {f"{study.WORDS[arm]} ({len(seeds)})": found.of_arm(arm, diffused) for arm, seeds in found.arms.items()}
        bands = "Means over the seeds in brackets, at width 8; bands are their 95 % intervals."
    ticks: dict[float, str] = {place: f"{level:g}" for place, level in enumerate(LEVELS)}
    figure = figures.disturbed(rows, figures.Axis("ε, grey levels of 255", ticks), CHANCE)
    st.plotly_chart(figure, key="attacked", config={"displayModeBar": False}, alt="Accuracy against ε")
    st.caption(
        f"Every network is attacked with its own slopes, in one step, on the first {IMAGES} test images. {bands} "
        "The attack does not know of the diffusion."
    )
