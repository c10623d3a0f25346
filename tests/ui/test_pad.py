"""What the pad's browser sends may be anything: it becomes a picture of the pad's size, or one sentence."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from explorer.errors import ExplorerError
from explorer.ui.components.pad import SIDE, picture

HEAD = "data:image/png;base64,"


def sent(image: Image.Image, format: str = "PNG") -> str:
    buffer = io.BytesIO()
    image.save(buffer, format)
    return HEAD + base64.b64encode(buffer.getvalue()).decode()


def test_every_pixel_arrives():
    pixels = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)
    alpha = np.full((SIDE, SIDE, 1), 255, np.uint8)  # as a canvas writes it
    image = Image.fromarray(np.concatenate([pixels, alpha], axis=2))
    np.testing.assert_array_equal(np.asarray(picture(sent(image))), pixels)


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        7,
        {"data": HEAD},
        "",
        HEAD,
        HEAD + "é",
        HEAD + "####",
        HEAD + base64.b64encode(b"no picture").decode(),
        "https://example.org/pad.png",
        sent(Image.new("RGB", (SIDE, SIDE - 1))),
        sent(Image.new("RGB", (SIDE, SIDE)))[:200],
    ],
)
def test_anything_else_is_one_sentence(nonsense):
    with pytest.raises(ExplorerError):
        picture(nonsense)
