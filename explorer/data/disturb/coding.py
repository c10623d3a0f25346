"""What files and screens do to pictures: JPEG, and too few pixels. Both by Pillow, picture by picture."""

import io

import numpy as np
from PIL import Image

from explorer.data.disturb.noise import Draw
from explorer.errors import ExplorerError

TINY = 1e-9  # so that 32 · (1 - 0.25) stays 24


def jpeg(images: np.ndarray, level: float, _draw: Draw) -> np.ndarray:
    return _each(images, lambda picture: _saved(picture, 100 - int(level)))


def _saved(picture: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(file, formats=["JPEG"])


def pixelated(images: np.ndarray, level: float, _draw: Draw) -> np.ndarray:
    height, width = images.shape[1:3]
    few = tuple(int(side * (1 - level) + TINY) for side in (width, height))
    if not min(few):
        raise ExplorerError(f"level of pixelation is {level:g}: it leaves no pixel of {width} x {height}, lower it")
    box = Image.Resampling.BOX
    return _each(images, lambda picture: picture.resize(few, box).resize((width, height), box))


def _each(images: np.ndarray, change) -> np.ndarray:
    grey = images.shape[3] == 1
    pictures = (Image.fromarray(image[..., 0] if grey else image) for image in images)
    return np.stack([np.asarray(change(picture)) for picture in pictures]).reshape(images.shape)
