"""The living equation of the home page: the chosen image, and a button that lets it diffuse in the browser.

Nothing moves until someone presses it. The steps are those of scheme.js, which the player is tested with.
"""

import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from explorer import equation
from explorer.data import images
from explorer.ui.components.parts import component, pack

SIDE = 128  # pixels: enough to recognise, fast on any phone
LAST = 200  # steps, then it rests
_taste = component("taste", Path(__file__).parent, before=("../player/scheme", "../player/calm", "../player/view"))


def taste(image: Image.Image, fit: str, r: float, tau: float, label: str) -> None:
    """Show the image, made square by `fit`; its button runs the scheme with r_x = r_y = r, insulated edges, up to step
    LAST."""
    pixels = np.asarray(images.fit(image, SIDE, fit)).transpose(2, 0, 1)
    facts = {
        "label": label,
        "image": zlib.crc32(pixels.tobytes()),
        "last": LAST,
        "params": {"centre": equation.centre(tau, r, r), "r_x": r, "r_y": r, "boundary": "insulated"},
    }
    _taste(data=pack(facts, field=np.ascontiguousarray(pixels)), key="taste")
