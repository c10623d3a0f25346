"""Harness: the sliding window of a convolution, with settings from the URL."""

import numpy as np
import streamlit as st

from explorer.layers.convolution import Window, convolve
from explorer.render import colour, to_rgb
from explorer.ui.components.canvas import slide
from tests.browser.pictures import blobs, kernel

st.set_page_config(layout="wide")
st.title("Slide")
with st.sidebar:
    channels = st.selectbox("channels", [3, 1], key="channels", bind="query-params")
    size = st.selectbox("size", [32, 8], key="size", bind="query-params")
    stride, padding, dilation, extent = (
        st.number_input(name, 0, 9, start, key=name, bind="query-params")
        for name, start in (("stride", 1), ("padding", 0), ("dilation", 1), ("extent", 3))
    )
image, weights, window = blobs(channels, size), kernel(channels, extent), Window(extent, stride, padding, dilation)
output = convolve(image, weights[None], np.array([0.125]), window)[0]
row, column = slide(
    image,
    weights,
    0.125,
    output,
    pictures=(to_rgb(image), colour(output)),
    into=("row", "column"),
    name="blobs",
    label="Blobs",
    stride=stride,
    padding=padding,
    dilation=dilation,
)
st.write(f"at {row},{column}: {output[row, column]:.6f}")
