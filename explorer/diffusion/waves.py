"""The waves that the edges of a grid allow, and an image taken apart into them and put together again.

    insulated: DCT-II, k = π·m/N        zero outside: DST-I, k = π·(m+1)/(N+1)        periodic: FFT, k = 2π·m/N

A linear shift-invariant step multiplies each wave by its own factor g, so n steps multiply it by gⁿ.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import scipy.fft
import torch
from torch import Tensor

AXES = (-2, -1)
FFT: Any = scipy.fft  # its types are those of its dispatcher, not of the arrays that come out
LARGE = 100_000  # coefficients: below, threads cost more than they bring
EXACT = 2**20  # steps from which on pow is worth its time: squaring would lose ten digits and more
LARGEST_LOG = 700.0  # exp() of more is inf in float64


def wave_numbers(shape: Sequence[int], boundary: str) -> tuple[np.ndarray, np.ndarray]:
    """k_x (1, W) and k_y (H, 1), in radians a pixel, in the order of the transform's coefficients."""
    height, width = shape
    columns = width // 2 + 1 if boundary == "periodic" else width  # a real image needs half of its Fourier coefficients
    return _angles(width, boundary)[None, :columns], _angles(height, boundary)[:, None]


def _angles(size: int, boundary: str) -> np.ndarray:
    m = np.arange(size)
    if boundary == "insulated":
        return np.pi * m / size
    return 2 * np.pi * m / size if boundary == "periodic" else np.pi * (m + 1) / (size + 1)


def powers(u: Tensor, g: np.ndarray, steps: Iterable[int], boundary: str) -> Iterator[Tensor]:
    """u with every wave multiplied by gⁿ, for each n of `steps`; what overflows becomes ±inf, never NaN."""
    largest = torch.finfo(u.dtype).max  # an infinite value counts as the largest float
    field = u.detach().to("cpu", torch.float64).clamp(-largest, largest).numpy()
    magnitude = np.abs(field).max(initial=0.0)
    unit = magnitude if magnitude > 1e100 else 1.0  # so that no sum of the transform overflows
    field = field / unit
    waves, growth = _forward(field, boundary), 1.0
    if np.abs(g).max() > min(1.0, abs(g[0, 0]) * (1 + 1e-9)):  # not smooth: waves grow, or outlive the flattest one
        waves = _without_noise(waves)
        held = (waves != 0).any(axis=tuple(range(waves.ndim - 2)))
        growth = max(1.0, np.abs(g[held]).max(initial=0.0))  # taken out of g, so that gⁿ is finite
    for n in steps:
        if n == 0:
            yield u.detach().clone()
            continue
        values = _inverse(waves * _power(np.clip(g / growth, -1, 1), n), field.shape[-2:], boundary)
        values = _magnified(values, n * np.log(growth) + np.log(unit))
        yield torch.from_numpy(np.ascontiguousarray(values)).to(u.device, u.dtype)


def _power(g: np.ndarray, n: int) -> np.ndarray:
    """gⁿ by squaring: a dozen multiplications, several times as fast as pow, whose error grows with n."""
    if n > EXACT:
        return np.power(g, n)
    result, square = np.ones_like(g), g.copy()
    while n:
        if n & 1:
            result *= square
        n >>= 1
        if n:
            square *= square
    return result


def _without_noise(waves: np.ndarray) -> np.ndarray:
    """A wave that the image does not hold shows up as rounding, and must not outgrow the others."""
    size = np.abs(waves)
    waves[size < 16 * np.finfo(np.float64).eps * size.max(axis=AXES, keepdims=True, initial=0.0)] = 0
    return waves


def _magnified(values: np.ndarray, log_factor: float | np.ndarray) -> np.ndarray:
    if np.all(log_factor == 0):
        return values
    with np.errstate(divide="ignore", over="ignore"):  # log 0 = -inf and exp(large) = inf are what is meant
        if np.max(log_factor) < LARGEST_LOG:
            return values * np.exp(log_factor)
        return np.sign(values) * np.exp(np.log(np.abs(values)) + log_factor)


def _forward(field: np.ndarray, boundary: str) -> np.ndarray:
    if boundary == "periodic":
        return FFT.rfft2(field, axes=AXES, workers=_workers(field))
    if boundary == "insulated":
        return FFT.dctn(field, axes=AXES, workers=_workers(field))
    return FFT.dstn(field, type=1, axes=AXES, workers=_workers(field))


def _workers(values: np.ndarray) -> int:
    """As many threads as torch uses, where there is enough to do for them."""
    return torch.get_num_threads() if values.size >= LARGE else 1


def _inverse(waves: np.ndarray, shape: tuple[int, int], boundary: str) -> np.ndarray:
    if boundary == "periodic":
        return FFT.irfft2(waves, s=shape, axes=AXES, workers=_workers(waves))
    if boundary == "insulated":
        return FFT.idctn(waves, axes=AXES, workers=_workers(waves))
    return FFT.idstn(waves, type=1, axes=AXES, workers=_workers(waves))


def energies(u: Tensor, boundary: str) -> np.ndarray:
    """The share of every wave in the sum of squares of u (C, H, W): their sum is that sum."""
    field = u.detach().to("cpu", torch.float64).numpy()
    if boundary == "periodic":
        found = np.abs(FFT.rfft2(field, axes=AXES, norm="ortho")) ** 2
        twice = slice(1, (field.shape[-1] + 1) // 2)  # waves whose mirror image is not kept
        found[..., twice] *= 2
    elif boundary == "insulated":
        found = FFT.dctn(field, axes=AXES, norm="ortho") ** 2
    else:
        found = FFT.dstn(field, type=1, axes=AXES, norm="ortho") ** 2
    return found.reshape(-1, *found.shape[-2:]).sum(0)


def at_pixel(u: Tensor, y: int, x: int, g: np.ndarray, every: int, count: int, boundary: str) -> np.ndarray:
    """One pixel of u (C, H, W) after 0, every, 2·every, ... steps: (C, count). No inverse transform is needed."""
    field = u.detach().to("cpu", torch.float64).numpy()
    parts = _without_noise(_forward(field, boundary))
    parts = _share(parts, y, x, field.shape[-2:], boundary)
    held = (parts != 0).any(0)
    parts, g = parts[:, held], np.broadcast_to(g, held.shape)[held]
    growth = max(1.0, np.abs(g).max(initial=0.0))
    factor, power = (g / growth) ** every, np.ones(len(g))
    values = np.empty((len(field), count))
    for place in range(count):
        values[:, place] = parts @ power
        power *= factor
    return _magnified(values, np.arange(count) * every * np.log(growth))


def _share(parts: np.ndarray, y: int, x: int, shape: tuple[int, int], boundary: str) -> np.ndarray:
    """What each wave, with its coefficient, contributes to the pixel (y, x)."""
    k_x, k_y = wave_numbers(shape, boundary)
    height, width = shape
    if boundary == "periodic":
        parts = np.real(parts * np.exp(1j * (k_x * x + k_y * y))) / (height * width)
        parts[..., 1 : (width + 1) // 2] *= 2
        return parts
    if boundary == "insulated":
        basis_x, basis_y = np.cos(k_x * (x + 0.5)) / width, np.cos(k_y * (y + 0.5)) / height
        basis_x[0, 0] /= 2
        basis_y[0, 0] /= 2
        return parts * basis_x * basis_y
    return parts * np.sin(k_x * (x + 1)) / (width + 1) * np.sin(k_y * (y + 1)) / (height + 1)
