"""Brush strokes on a diffusing image: a list that is replayed, and between two of them the scheme as ever.

A stroke sets a disc of pixels to one value, in all channels, once its step has been reached; those of one step come
one after the other. As text they are what a link holds: 25_20_10_2_1.0~40_0_7_3_-2.5.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import groupby, pairwise

import torch
from torch import Tensor

from explorer.diffusion.cable import Cable
from explorer.diffusion.steps import MOST_STEPS, after, fields
from explorer.errors import ExplorerError

MOST = 5000
BETWEEN, WITHIN = "~", "_"
REACH = 10_000  # pixels beyond the picture: there a stroke may begin and end
LARGEST_RADIUS, LARGEST_VALUE = 24, 100


@dataclass(frozen=True)
class Stroke:
    step: int
    row: int
    column: int
    radius: int
    value: float

    def on(self, u: Tensor) -> Tensor:
        """The field (C, H, W) with the disc on it."""
        rows, columns = (torch.arange(size) for size in u.shape[-2:])
        disc = (rows[:, None] - self.row) ** 2 + (columns - self.column) ** 2 <= self.radius**2
        return u.masked_fill(disc, self.value)


Strokes = Sequence[Stroke]


def text(strokes: Strokes) -> str:
    return BETWEEN.join(WITHIN.join(map(str, astuple(stroke))) for stroke in strokes)


def parse(text: str) -> tuple[Stroke, ...]:
    try:
        listed = [[float(number) for number in one.split(WITHIN)] for one in text.split(BETWEEN) if text]
    except ValueError:
        raise ExplorerError("the brush strokes cannot be read: give them as the link or the file has them") from None
    return read(listed)


def read(listed: Iterable) -> tuple[Stroke, ...]:
    """The strokes in lists of five numbers, which may come from a stranger."""
    strokes = tuple(_stroke(one) for one in listed)
    if len(strokes) > MOST:
        raise ExplorerError(f"{len(strokes):,} brush strokes are too many: give at most {MOST:,}")
    if any(one.step > other.step for one, other in pairwise(strokes)):
        raise ExplorerError("the brush strokes are not in the order of their steps: sort them")
    return strokes


def _stroke(numbers: object) -> Stroke:
    limits = ((0, MOST_STEPS), (-REACH, REACH), (-REACH, REACH), (0, LARGEST_RADIUS), (-LARGEST_VALUE, LARGEST_VALUE))
    if not isinstance(numbers, list) or len(numbers) != len(limits):
        raise ExplorerError("a brush stroke is not five numbers: give step, row, column, radius and value")
    for number, (low, high) in zip(numbers, limits, strict=True):
        if isinstance(number, bool) or not isinstance(number, int | float) or not low <= number <= high:
            raise ExplorerError(f"a brush stroke holds {number!r:.40}: give a number from {low} to {high:,}")
    step, row, column, radius, value = numbers
    if any(place != math.floor(place) for place in (step, row, column, radius)):
        raise ExplorerError("a brush stroke lies between steps or pixels: give whole numbers and then its value")
    return Stroke(int(step), int(row), int(column), int(radius), float(value))


@dataclass(frozen=True)
class Stretch:
    """Steps in which nobody paints: from the field that the strokes of step `begin` left, to the next stroke."""

    begin: int
    u: Tensor
    end: int | None  # the step of the next stroke; None: nothing comes any more


def stretches(cable: Cable, u: Tensor, strokes: Strokes) -> Iterator[Stretch]:
    """The way of the field u through all strokes, from step 0 on."""
    begin = 0
    for step, painted in groupby(strokes, lambda stroke: stroke.step):
        if step > begin:
            yield Stretch(begin, u, step)
            u = after(cable, u, step - begin)
        for stroke in painted:
            u = stroke.on(u)
        begin = step
    yield Stretch(begin, u, None)


def start(cable: Cable, u: Tensor, strokes: Strokes, n: int) -> tuple[Tensor, int]:
    """The field after the last stroke up to step n, and its step: u and 0 where there is none."""
    last = deque(stretches(cable, u, [stroke for stroke in strokes if stroke.step <= n]), maxlen=1)[0]
    return last.u, last.begin


def painted(cable: Cable, u: Tensor, strokes: Strokes, n: int) -> Tensor:
    """The field after n steps and the strokes on the way."""
    u, begin = start(cable, u, strokes, n)
    return after(cable, u, n - begin)


def painted_fields(cable: Cable, u: Tensor, strokes: Strokes, steps: Sequence[int]) -> Iterator[Tensor]:
    """The fields after each of the ascending `steps` and the strokes on the way."""
    for stretch in stretches(cable, u, [stroke for stroke in strokes if stroke.step <= steps[-1]]):
        end = math.inf if stretch.end is None else stretch.end
        if within := [step - stretch.begin for step in steps if stretch.begin <= step < end]:
            yield from fields(cable, stretch.u, within)
