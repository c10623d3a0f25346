"""Harness: one page a component of ours, each with its settings in the URL; no page of the app is needed."""

import streamlit as st

st.title("Harness")
