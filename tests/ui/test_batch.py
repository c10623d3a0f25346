"""The thumbnails of a batch: small, of what was uploaded, and none of what is no picture."""

import base64
import io
from types import SimpleNamespace

import numpy as np
from PIL import Image

from explorer import subjects
from explorer.ui.classify import batch
from explorer.ui.classify.source import Asked


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
    pixels = np.asarray(small)
    assert pixels[10, 5] < 20 < 235 < pixels[10, batch.THUMB - 5]


def test_what_is_no_picture_has_none():
    one = Asked("", subjects.untrained("digits-cnn", 64, 0), "", "")
    found = batch._answers(uploaded(b"not a picture"), [(one, ("network",))], "crop")
    assert found["file"] == "" and found["network",].endswith(".")
