"""Harness: the live player beside the controls that it has to follow."""

import streamlit as st

from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.render import Kind
from explorer.ui.components.player import player
from tests.browser.pictures import blobs

st.set_page_config(layout="wide")
st.title("Player")
left, right = st.columns([1, 2])
with left:
    alpha = st.number_input("alpha", value=2.0, key="alpha", bind="query-params")
    tau = st.number_input("tau", value=0.06, key="tau", bind="query-params")
    h_y = st.number_input("h_y", value=1.0, key="h_y", bind="query-params")
    boundary = st.selectbox("edges", BOUNDARIES, key="edges", bind="query-params")
    channels = st.selectbox("channels", [3, 1], key="channels", bind="query-params")
    size = st.selectbox("size", [64, 256, 512], key="size", bind="query-params")
    square = st.toggle("square", key="square", bind="query-params")
    kind: Kind = st.selectbox("kind", ["grey", "magnitude", "signed"], key="kind", bind="query-params")
    shown = st.toggle("shown", value=True, key="shown", bind="query-params")
with right:
    cable = Cable(alpha, tau, 1.0, h_y, boundary)
    if shown:
        player(blobs(channels, size, square=square), cable, label="Blobs", kind=kind, probe=("row", "column"))
st.write(f"probe {st.session_state.get('row')},{st.session_state.get('column')}")
