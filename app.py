"""Home: what this is, the equation with its numbers, a card a page, eight lessons."""

import streamlit as st

from explorer.classroom.lessons import LESSONS
from explorer.equation import largest_alpha, rate
from explorer.ui.components.taste import taste
from explorer.ui.shared import state
from explorer.ui.shared.frame import frame

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


def equation(picked) -> None:
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
        taste(picked.image, r, TAU, picked.name)


def cards() -> None:
    shown = [page for page in state.pages() if page.slug in CARDS]
    for first in range(0, len(shown), 3):
        for column, page in zip(st.columns(3), shown[first : first + 3], strict=False):
            with column.container(border=True, height="stretch", gap="xxsmall", key=f"card-{page.slug}"):
                state.page_link(page.slug)
                st.caption(CARDS[page.slug])


def lessons() -> None:
    shown = [lesson for lesson in LESSONS if lesson.home and state.page(lesson.page)]
    st.subheader("Lessons: each opens a page in the right state", anchor=False)
    for first in range(0, len(shown), 2):
        for column, lesson in zip(st.columns(2), shown[first : first + 2], strict=False):
            with column.container(border=True, height="stretch", gap="xxsmall", key=f"card-{lesson.key}"):
                state.page_link(lesson.page, lesson.title, icon=":material/school:", params=lesson.params)
                st.caption(lesson.look)


with frame("Cable Explorer", FIRST) as page:
    equation(page.picked)
    cards()
    lessons()
