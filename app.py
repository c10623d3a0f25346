"""Home: what this is, the equation with its numbers, a card a page, the lessons."""

import streamlit as st

from explorer.equation import largest_alpha, rate
from explorer.ui.components.taste import taste
from explorer.ui.shared import place, state
from explorer.ui.shared.classroom import student
from explorer.ui.shared.frame import frame
from explorer.ui.shared.layout import plain

TAU = 0.01  # slow enough to see the image spread before it fades
FIRST = "Let your image diffuse; then open a page, or take one of the lessons."
WHAT = """A thin nerve fibre passes its voltage to its neighbours and leaks a little: that is the **cable equation**,
and one small step of it on an image is nothing but a **3×3 convolution**. Here you take that step by hand, meet it
again as a trainable layer inside a ResNet, and can look up every number on the way."""
CARDS = {
    "Diffusion": "Step the equation on your image; watch it smooth, ring or explode; check every law by its numbers.",
    "Layers": "One layer at a time: slide a kernel, pool, squash, go backward by hand, stack a network of your own.",
    "Feature_maps": "Open any network on your image: every map, every filter, and the sum behind every single number.",
    "Classify": "Ask several trained networks at once, diffuse the image first, see what Φ, Ψ and τ they learned.",
    "Train": "Start a run in the background; watch its curves and its Φ, Ψ and τ; stop it and go on later.",
    "Results": "The papers' tables beside ours, with seeds, spread and the command behind every figure.",
}


def equation(picked, fit: str) -> None:
    with st.container(key="stage-home"):
        words, picture = st.columns([1.9, 1], gap="large", vertical_alignment="center")
    with words:
        st.markdown(WHAT)
        alpha = st.slider("α: how strongly neighbours are coupled", 0.0, 30.0, 10.0, 0.5, key="coupling")
        r = rate(alpha, TAU)
        with st.container(key="equation"):
            st.latex(
                rf"\begin{{aligned}} u' ={{}}& {1 - TAU:.2f}\,u\\ &+ {r:.3f}\,(\text{{left}} - 2u + \text{{right}})\\"
                rf"&+ {r:.3f}\,(\text{{up}} - 2u + \text{{down}}) \end{{aligned}}"
            )
        st.caption(
            f"It leaks: 1 − τ with τ = {TAU:g}. It spreads: r = ατ/h² = {r:.3f} with h = 1. "
            f"Bounded up to α = {largest_alpha(TAU):.1f}: try what lies above."
        )
    with picture:
        taste(picked.image, fit, r, TAU, picked.name)


def cards() -> None:
    shown = [page for page in state.pages() if page.slug in CARDS]
    for first in range(0, len(shown), 3):
        for column, page in zip(st.columns(3), shown[first : first + 3], strict=False):
            with column.container(border=True, height="stretch", gap="xxsmall", key=f"card-{page.slug}"):
                state.page_link(page.slug)
                st.caption(CARDS[page.slug])


def lessons() -> None:
    """A card a lesson with its start, and below each the steps to open one alone."""
    found = place.lessons()
    st.subheader("Lessons: each step asks before it tells", anchor=False)
    for one in found.lessons.values():
        with st.container(border=True, gap="xxsmall", key=f"lesson-{one.key}"):
            place.link(one, 1, plain(one.title), ":material/school:")
            minutes = f", {one.minutes} minutes" if one.minutes else ""
            st.caption(f"{len(one.steps)} questions{minutes}. {plain(one.about)}")
            with st.expander("Open one step"):
                columns = st.columns(2)
                for n, step in enumerate(one.steps, 1):
                    with columns[(2 * n - 2) // len(one.steps)]:
                        icon = state.ICONS.get(step.page, ":material/school:")
                        place.link(one, n, f"{n}. {plain(step.title)}", icon)
    for problem in found.problems:
        st.warning(plain(problem), icon=":material/description:")


with frame("Cable Explorer", FIRST) as page:
    student.entrance()
    equation(page.picked, page.fit)
    cards()
    lessons()
