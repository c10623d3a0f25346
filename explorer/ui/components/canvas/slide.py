"""slide: the window of a convolution, played position by position; the Python side of slide.js."""

import zlib
from pathlib import Path

import numpy as np

from explorer.render import TABLES
from explorer.ui.components.parts import component, pack, place

CHANNELS = ("red", "green", "blue")
_slide = component("slide", Path(__file__).parent, before=("controls", "window", "overlay"))


def slide(
    image: np.ndarray,
    kernel: np.ndarray,
    bias: float,
    output: np.ndarray,
    *,
    pictures: tuple[np.ndarray, np.ndarray],
    into: tuple[str, str],
    name: str,
    label: str,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    key: str = "slide",
) -> tuple[int, int]:
    """Play the window over an image (C, H, W); return the (row, column) of the output value it stands on.

    `kernel` (C, F, F) and `bias` made the map `output` (H', W'), called `name`; `pictures` are image and map in colour,
    (H, W, 3) and (H', W', 3) uint8. The position lies in st.session_state under the two names `into`; playing moves it
    only when it pauses. Products and sums are computed in the browser, in double precision, from the arrays given here.
    """
    chosen, keep = place(into, output.shape, key)
    arrays = {
        "input": np.ascontiguousarray(image, dtype=np.float64),
        "kernel": np.ascontiguousarray(kernel, dtype=np.float64),
        "map": np.ascontiguousarray(output, dtype=np.float64),
        "picture": np.ascontiguousarray(pictures[0]),
        "map_picture": np.ascontiguousarray(pictures[1]),
        "table": TABLES["signed"],
    }
    facts = {
        "label": label,
        "name": name,
        "image": zlib.crc32(arrays["input"].tobytes()),
        "channels": [CHANNELS[c] if len(image) > 1 else "grey" for c in range(len(image))],
        "bias": float(bias),
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "selected": list(chosen),
    }

    _slide(data=pack(facts, **arrays), key=key, on_picked_change=keep)
    return chosen
