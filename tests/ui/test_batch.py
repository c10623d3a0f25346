"""The thumbnails of a batch: small, of what was uploaded, and none of what is no picture."""

import base64
import io
from types import SimpleNamespace

import numpy as np
from PIL import Image

from explorer.ui.classify import batch


def uploaded(content: bytes):
    return SimpleNamespace(file_id="file", getvalue=lambda: content)


def test_a_picture_has_a_thumbnail_of_its_own_shape():
    wide = np.zeros((100, 300, 3), np.uint8)
    wide[:, 150:] = 255
    content = io.BytesIO()
    Image.fromarray(wide).save(content, "PNG")
    found = batch._answers(uploaded(content.getvalue()), [], "crop")
    kind, _, body = found["file"].partition(",")
    assert kind == "data:image/webp;base64" and len(body) < 4000
    small = Image.open(io.BytesIO(base64.b64decode(body))).convert("L")
    assert small.width == batch.THUMB and abs(small.height - batch.THUMB / 3) <= 1
    assert small.getpixel((5, 10)) < 20 < 235 < small.getpixel((batch.THUMB - 5, 10))


def test_what_is_no_picture_has_none():
    found = batch._answers(uploaded(b"not a picture"), [(SimpleNamespace(), "network")], "crop")
    assert found["file"] == "" and found["network"].endswith(".")
