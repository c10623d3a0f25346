"""Harness: shipped networks in the browser beside the live player."""

import streamlit as st

from explorer import subjects
from explorer.data import images, samples
from explorer.diffusion.cable import Cable
from explorer.ui.components.player import player
from explorer.ui.shared.live import networks

st.set_page_config(layout="wide")
st.title("Live")
names = st.text_input("networks", "cifar10-w16-original,cifar10-w16-cabeq-rn-2", key="networks", bind="query-params")
size = st.selectbox("size", [128, 64, 256], key="size", bind="query-params")
colour = st.toggle("colour", True, key="colour", bind="query-params")
alpha = st.number_input("alpha", value=10.0, key="alpha", bind="query-params")


@st.cache_resource
def subject(name: str) -> subjects.Subject:
    if name.startswith(subjects.UNTRAINED):
        return subjects.untrained(name.removeprefix(subjects.UNTRAINED), 64, 0)
    return subjects.pretrained(name)


chosen = [subject(name) for name in names.split(",") if name]
first = next(one for one in samples("cifar10") if one.index == 104).image
keys = networks(chosen, [one.key for one in chosen])
player(images.field(first, size, colour), Cable(alpha, 0.01), label="Horse", networks=keys)
