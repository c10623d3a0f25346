"""Light: less contrast, more brightness."""

import numpy as np

from explorer.data.disturb.noise import Draw


def contrast(images: np.ndarray, level: float, _draw: Draw) -> np.ndarray:
    """Every channel of a picture nearer to its mean, by the share `level` of the way."""
    mean = images.mean((1, 2), keepdims=True, dtype=np.float32)
    return mean + np.float32(1 - level) * (images - mean)


def brightness(images: np.ndarray, level: float, _draw: Draw) -> np.ndarray:
    """The value of HSV, which is a pixel's largest channel, is raised; hue and saturation stay, so all channels grow
    by one factor. Black has no hue and becomes grey."""
    value = images.max(3, keepdims=True).astype(np.float32)
    raised = np.minimum(value + np.float32(255 * level), 255)
    return np.where(value > 0, images * (raised / np.maximum(value, 1)), raised)
