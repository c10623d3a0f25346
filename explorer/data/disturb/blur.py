"""Blurs: Gaussian, the disc of a lens out of focus, and steps of the diffusion that this project is about."""

from typing import Literal

import numpy as np
import scipy.ndimage

from explorer import equation
from explorer.data.disturb.noise import Draw

ALPHA, TAU = 2.0, 0.06  # of a diffusion step
# Radius of the disc -> standard deviation of the 3x3 Gaussian that softens its rim: CIFAR-10-C's pairs, and between
# them a straight line that begins at a point.
RADII, RIMS = (0, 0.3, 0.4, 0.5, 1.0, 1.5), (0, 0.4, 0.5, 0.6, 0.2, 0.1)


def gaussian(images: np.ndarray, level: float, _draw: Draw) -> np.ndarray:
    """Along rows and columns one matrix each: what scipy's filter makes of every single bright pixel of a line."""
    rows, columns = (_blur_of_a_line(size, level) for size in images.shape[1:3])
    mixed = np.tensordot(images.astype(np.float32), rows, (1, 1))  # (N, W, C, H)
    return np.tensordot(mixed, columns, (1, 1)).transpose(0, 2, 3, 1)  # (N, C, H, W) -> (N, H, W, C)


def _blur_of_a_line(size: int, level: float) -> np.ndarray:
    points = np.eye(size)
    return scipy.ndimage.gaussian_filter1d(points, level, axis=0, mode="nearest", truncate=4.0).astype(np.float32)


def defocused(images: np.ndarray, level: float, _draw: Draw) -> np.ndarray:
    return correlated(images, disc(level, np.interp(level, RADII, RIMS)), "reflect")


def disc(radius: float, rim: float) -> np.ndarray:
    """Equal weight on every pixel whose centre is within the radius, then a 3x3 Gaussian over all."""
    reach = int(radius) + 1
    places = np.arange(-reach, reach + 1)
    weights = (places[:, None] ** 2 + places**2 <= radius**2).astype(float)
    soft = np.exp(-(np.array([-1, 0, 1]) ** 2) / (2 * rim**2))
    soft /= soft.sum()
    return scipy.ndimage.convolve(weights / weights.sum(), np.outer(soft, soft), mode="constant")


def diffused(images: np.ndarray, steps: int, leak: bool) -> np.ndarray:
    """The explicit scheme with insulated edges; without the leak the mean of a picture stays what it is."""
    kernel, field = step_kernel(leak), images.astype(np.float32)
    for _ in range(steps):
        field = correlated(field, kernel, "edge")
    return field


def step_kernel(leak: bool) -> np.ndarray:
    """One step as a 3x3 kernel, at α = 2, τ = 0.06 and a grid of 1."""
    r = equation.rate(ALPHA, TAU)
    return equation.kernel(leak * TAU, r, r)


def correlated(images: np.ndarray, kernel: np.ndarray, edges: Literal["reflect", "edge"]) -> np.ndarray:
    """Every picture under an odd, square kernel, the same for each channel; `edges` as numpy pads them."""
    reach, (height, width) = len(kernel) // 2, images.shape[1:3]
    padded = np.pad(images.astype(np.float32), ((0, 0), (reach, reach), (reach, reach), (0, 0)), edges)
    out = np.zeros(images.shape, np.float32)
    for row, column in np.argwhere(kernel):
        out += np.float32(kernel[row, column]) * padded[:, row : row + height, column : column + width]
    return out
