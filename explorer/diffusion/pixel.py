"""One pixel: its series over the steps with bounds known beforehand, and the five terms of its next value.

The mean of the image leaks as (1-τ)ⁿ; what is left of a pixel beside it can never exceed min(‖K‖ⁿ·max, Gⁿ·√Σ) of
what deviates from the mean at the start: K the step (largest sum of |weights|), G its largest |g|.
"""

import csv
import io
import math
from dataclasses import dataclass, fields, replace

import numpy as np
from torch import Tensor

from explorer import equation
from explorer.diffusion import waves
from explorer.diffusion.cable import Cable
from explorer.diffusion.strokes import Strokes, stretches
from explorer.errors import ExplorerError

LIMITS = np.finfo(np.float64).min, np.finfo(np.float64).max
POINTS = 200  # of a series, evenly spaced
OUTSIDE = {"insulated": "the pixel itself, repeated", "periodic": "the far edge, wrapped", "zero": "zero"}


@dataclass(frozen=True)
class PixelSeries:
    steps: np.ndarray  # (T,)
    values: np.ndarray  # (C, T)
    centre: np.ndarray  # (T,) the mean's decay; 0 with zero edges
    low: np.ndarray  # (T,) no value of any channel can lie below
    high: np.ndarray

    def csv(self) -> str:
        names = ["u"] if len(self.values) == 1 else ["red", "green", "blue"]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["step", *names, "mean decay", "lower bound", "upper bound"])
        rows = zip(self.steps, *self.values, self.centre, self.low, self.high, strict=True)
        writer.writerows([int(step), *(repr(float(value)) for value in rest)] for step, *rest in rows)
        return text.getvalue()


def series(cable: Cable, u: Tensor, y: int, x: int, n: int, strokes: Strokes = ()) -> PixelSeries:
    """The pixel (y, x) of u (C, H, W) at up to POINTS steps from 0 to n, in closed form; each stroke begins anew."""
    _inside(u, y, x)
    every = max(1, math.ceil(n / (POINTS - 1)))
    parts = []
    for stretch in stretches(cable, u, [stroke for stroke in strokes if stroke.step <= n]):
        end = n if stretch.end is None else stretch.end - 1
        part = _stretch(cable, stretch.u, y, x, np.arange(0, end - stretch.begin + 1, every))
        parts.append(replace(part, steps=part.steps + stretch.begin))
    names = [field.name for field in fields(PixelSeries)]
    joined = {name: np.concatenate([getattr(part, name) for part in parts], -1) for name in names}
    return PixelSeries(**joined)


def _stretch(cable: Cable, u: Tensor, y: int, x: int, steps: np.ndarray) -> PixelSeries:
    values = u[:, y, x].double().numpy()[:, None]
    if len(steps) > 1:
        g = cable.amplification(*waves.wave_numbers(u.shape[-2:], cable.boundary))
        values = waves.at_pixel(u, y, x, g, int(steps[1]), len(steps), cable.boundary)
    mean = 0.0 if cable.boundary == "zero" else u.double().mean().item()
    deviation = (u.double() - mean).numpy()
    norm = equation.norm(*cable.law)
    largest, squares = np.abs(deviation).max(), np.sqrt(np.square(deviation).sum((-2, -1)).max())
    reach = np.minimum(_grown(largest, norm, steps), _grown(squares, cable.stability().growth, steps))
    centre = _grown(mean, 1 - cable.tau, steps)
    with np.errstate(over="ignore"):
        return PixelSeries(steps, values, centre, centre - reach, centre + reach)


def _grown(value: float, factor: float, steps: np.ndarray) -> np.ndarray:
    """value·factorⁿ, at most the largest float."""
    with np.errstate(over="ignore"):
        return value * np.clip(np.float64(factor) ** steps, *LIMITS) if value else np.zeros(len(steps))


@dataclass(frozen=True)
class PixelTerm:
    name: str
    value: float  # of the pixel that this term looks at
    weight: float
    where: str

    @property
    def product(self) -> float:
        return self.value * self.weight


def five_terms(cable: Cable, plane: Tensor, y: int, x: int) -> list[PixelTerm]:
    """centre·u + r_x·left + r_x·right + r_y·up + r_y·down of the pixel (y, x) of plane (H, W)."""
    _inside(plane[None], y, x)
    height, width = plane.shape
    terms = [PixelTerm("itself", plane[y, x].item(), cable.centre, f"row {y}, column {x}")]
    for name, weight, row, column in (
        ("left", cable.r_x, y, x - 1),
        ("right", cable.r_x, y, x + 1),
        ("up", cable.r_y, y - 1, x),
        ("down", cable.r_y, y + 1, x),
    ):
        if 0 <= row < height and 0 <= column < width:
            terms.append(PixelTerm(name, plane[row, column].item(), weight, f"row {row}, column {column}"))
            continue
        value = 0.0
        if cable.boundary == "insulated":
            value = plane[y, x].item()
        elif cable.boundary == "periodic":
            value = plane[row % height, column % width].item()
        terms.append(PixelTerm(name, value, weight, f"outside: {OUTSIDE[cable.boundary]}"))
    return terms


def _inside(u: Tensor, y: int, x: int) -> None:
    for name, place, size in (("y", y, u.shape[-2]), ("x", x, u.shape[-1])):
        if not 0 <= place < size:
            raise ExplorerError(f"{name} is {place}: give a whole number from 0 to {size - 1}")
