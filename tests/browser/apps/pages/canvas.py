"""Harness: the components of explorer.ui.components.canvas beside widgets that share their state through the URL."""

import numpy as np
import streamlit as st

from explorer.render import colour
from explorer.ui.components.canvas import pick_map, pick_pixel

st.set_page_config(layout="wide")
st.title("Canvas")
y, x = np.mgrid[0:12, 0:16]
maps = np.stack([np.sin(0.2 * (n + 1) * x) * np.cos(0.15 * n * y) for n in range(10)])
left, right = st.columns(2)
with right:
    st.number_input("Map", 0, 99, key="map", bind="query-params")
    backwards = st.toggle("backwards")
    st.number_input("y", 0, 11, key="y", bind="query-params")
    st.number_input("x", 0, 15, key="x", bind="query-params")
with left:
    numbers = [*range(10)][:: -1 if backwards else 1]
    index = pick_map(colour(maps)[numbers], into="map", numbers=numbers, label="Ten waves", columns=5) % 10
    boxes = [(0, 0, 3, 3)]
    row, column = pick_pixel(colour(maps[index]), into=("y", "x"), values=maps[index], boxes=boxes, label="One wave")
st.write(f"picked map {index} pixel {row},{column}")
