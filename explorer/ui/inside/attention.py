"""The Where it looks tab: which pixels speak for a class, and how sure the network is."""

import numpy as np
import streamlit as st

from explorer.inside import attribution, maps
from explorer.inside.attribution import METHODS, Attribution
from explorer.render import enlarge, number, scale_of
from explorer.ui.inside.view import Look, View
from explorer.ui.shared import caches
from explorer.ui.shared.layout import controls_and_picture, matters, plain, side_by_side
from explorer.ui.shared.memory import Bounded
from explorer.ui.shared.pictures import scale_bar
from explorer.ui.shared.widgets import URL, follow

RULES = {
    "Grad-CAM": "The layer's maps, each weighted by how much it raises the class's score, added up; negative parts "
    "are dropped.",
    "integrated gradients": "What each pixel adds to the score on the way from a grey image to this one: orange "
    "raises it, blue lowers it.",
    "occlusion": "How far the score falls when a grey square covers the place: orange places are needed, blue ones "
    "are in the way.",
}


ATTRIBUTIONS = Bounded(2**26)


def _attribution(at: Look, target: int, method: str, layer: str) -> Attribution:
    def make() -> Attribution:
        with caches.gate():
            return attribution.attribute(at.subject.model, at.batch, target, method, layer)

    return ATTRIBUTIONS.get((*at.key, target, method, layer), make, lambda found: getattr(found.values, "nbytes", 0))


def draw(view: View) -> None:
    at = view.at
    chances = at.chances()
    classes = list(at.subject.classes)
    method = st.segmented_control(
        "Method", METHODS, default=METHODS[0], key="method", bind=URL, required=True, label_visibility="collapsed"
    )
    controls, picture = controls_and_picture("looks")
    with controls:
        best = int(np.argmax(np.nan_to_num(chances)))
        follow("class", classes[best])
        with matters("class"):
            words = "The network's own answer first"
            target = classes.index(st.selectbox("Class", classes, index=best, key="class", bind=URL, help=words))
        layer = _layer(at) if method == "Grad-CAM" else ""
        ranked = np.argsort(-np.nan_to_num(chances), kind="stable")[:3]
        st.markdown("  \n".join(f"{plain(classes[one])}: **{chances[one]:.1%}**" for one in ranked))
        st.caption(RULES[method])
    with picture:
        with st.spinner(f"Asking the network about {plain(classes[target])} …"):
            found = _attribution(at, target, method, layer)
        _draw(at, found, classes[target])


def _layer(at: Look) -> str:
    names = [one.name for one in at.layers[1:] if one.has_maps]
    usual = attribution.target_layer(at.layers)
    follow("target", usual)
    return st.selectbox(
        "Layer whose maps are weighed",
        names,
        index=names.index(usual),
        key="target",
        bind=URL,
        help="The last one with more than one pixel is the usual choice",
    )


def _draw(at: Look, found: Attribution, name: str) -> None:
    if found.values is None:
        st.warning(found.why_not, icon=":material/visibility_off:")
        return
    scale = scale_of(found.values, "magnitude" if found.method == "Grad-CAM" else "signed")
    with side_by_side("looks"):
        left, right = st.columns(2, gap="small")
    left.image(enlarge(at.picture, 384), width="stretch", alt="What the network sees", caption="What the network sees")
    over = maps.overlay(found.values, scale, at.picture, 0.65)
    right.image(
        enlarge(over, 384),
        width="stretch",
        alt=f"{found.method} for {name} over the image",
        caption=f"{found.method} for {plain(name)}",
    )
    scale_bar(scale, f"what speaks for {name}, score {number(found.score)}")
    st.caption(f"{found.note[:1].upper()}{found.note[1:]}.")
