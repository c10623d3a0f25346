"""Harness: the pad beside networks that read what is drawn on it."""

import numpy as np
import streamlit as st

from explorer import subjects
from explorer.data import KNOWN
from explorer.ui.components.pad import pad, picture
from explorer.ui.shared.live import networks

st.set_page_config(layout="wide")
st.title("Pad")
dataset = st.selectbox("dataset", list(KNOWN), key="dataset", bind="query-params")
names = st.text_input("networks", "", key="networks", bind="query-params")
shown = st.toggle("shown", True, key="shown", bind="query-params")


@st.cache_resource
def subject(name: str) -> subjects.Subject:
    return subjects.pretrained(name)


def drawn(sent: object) -> None:
    st.session_state.kept = np.asarray(picture(sent))


chosen = [subject(name) for name in names.split(",") if name]
if shown:
    pad(KNOWN[dataset], networks=networks(chosen, [one.key for one in chosen]), key="pad", drawn=drawn)
if "kept" in st.session_state:
    kept = st.session_state.kept
    st.write(f"{kept.shape} of mean {kept.mean():.6f}")
