"""The way of one number home: opened, it shows the values it is made of; any of them is opened in turn, to the pixels.

    way = Homeward(model, image)             # one pass; whatever the network, as long as its layers make up all of it
    answer = way.open(way.answer())          # the strongest output, taken apart
    before = way.open(answer.source(answer.dearest(8)[0]))
    way.field(before.spot)                   # the part of the image that it can see: (top, left, height, width)

A layer that takes one value and gives one (batch norm, ReLU, flatten, softmax) is passed on the way, so that each step
leads from one sum to the next: a convolution, a cable layer, a dense layer, a pool, a residual sum.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from torch import Tensor, nn

from explorer.errors import ExplorerError
from explorer.inside import tracing
from explorer.inside.explanation import Explanation, Term, explain, pair, share
from explorer.inside.wiring import Wired, wired
from explorer.networks.cable_layer import ResidualSum, Stencil
from explorer.networks.resnets import Thin

Rectangle = tuple[int, int, int, int]  # the first row and column, and those behind the last


@dataclass(frozen=True)
class Spot:
    """Where a value stands; units of a dense layer are channels of one value."""

    layer: str
    channel: int
    y: int = 0
    x: int = 0


@dataclass(frozen=True, eq=False)
class Reads:
    """What one value is made of, in the order of its window; `value` · `weight` = `product`."""

    source: np.ndarray  # from which of the layer's inputs: of a residual sum 0 is the path, 1 the skip
    spots: np.ndarray  # (N, 3): channel, row and column in it
    inside: np.ndarray  # False for the zeros outside the image
    values: np.ndarray
    weights: np.ndarray
    products: np.ndarray


@dataclass(frozen=True, eq=False)
class Opened:
    """One value, taken apart."""

    spot: Spot
    passed: tuple[Explanation, ...]  # layers of one value each that it came through, the last first
    told: Explanation  # the layer before them, which makes one value of several; or the pixel
    sources: tuple[str, ...]  # the layers that it reads; none: the pixel, or a channel filled with zeros
    reads: Reads
    extras: tuple[Term, ...]  # what is added to the products: the bias

    @property
    def value(self) -> float:
        return (*self.passed, self.told)[0].value

    @property
    def base(self) -> Spot:
        """Where the sum itself stands, before what it passed."""
        return Spot(self.told.layer, self.told.channel, self.told.y, self.told.x)

    @property
    def total(self) -> float:
        return float(self.reads.products.sum()) + sum(term.value for term in self.extras)

    @cached_property
    def order(self) -> np.ndarray:
        """The terms inside the image, the largest product first; where all are 0, what would weigh most."""
        size, weight = (np.nan_to_num(np.abs(one)) for one in (self.reads.products, self.reads.weights))
        return (found := np.lexsort((-weight, -size)))[self.reads.inside[found]]

    def dearest(self, most: int) -> list[int]:
        return self.order[:most].tolist()

    def source(self, index: int) -> Spot:
        """Where a term's value stands, one layer back."""
        if not 0 <= index < len(self.reads.inside) or not self.reads.inside[index]:
            raise ExplorerError(f"term is {index}: {self.told.layer} reads no such value here")
        channel, y, x = self.reads.spots[index].tolist()
        return Spot(self.sources[self.reads.source[index]], channel, y, x)


class Homeward:
    """Every layer's inputs and output for one image."""

    def __init__(self, model: nn.Module, image: Tensor):
        self.model, self.image = model, image[:1]
        self.wired = wired(model, self.image)

    def output(self, layer: str) -> Tensor:
        """(maps, height, width) or (units,)"""
        return (self.image if layer == "input" else self.wired[layer].heard.output)[0]

    def standing(self, layer: str, spots: np.ndarray) -> tuple[str, np.ndarray]:
        """Units that were only flattened, where they stand as maps: (the layer, channels with rows and columns)."""
        while layer in self.wired and isinstance((one := self.wired[layer]).module, nn.Flatten | nn.Dropout):
            if isinstance(one.module, nn.Flatten):
                shape = tuple(one.heard.inputs[0].shape[1:])
                spots = np.stack(np.unravel_index(spots[:, 0], shape), axis=1)
            layer = one.sources[0]
        return layer, spots

    def answer(self) -> Spot:
        """The strongest output."""
        last = next(reversed(self.wired))
        values = np.nan_to_num(self.output(last).numpy(), nan=-np.inf)
        return Spot(last, *map(int, np.unravel_index(values.argmax(), values.shape)))

    def open(self, spot: Spot) -> Opened:
        passed, at = [], spot
        while True:
            told = explain(self.model, at.layer, at.channel, at.y, at.x, self.image, self._heard(at.layer))
            one = self.wired.get(at.layer)
            if one is None:
                return Opened(spot, tuple(passed), told, (), _NOTHING, (Term("the pixel", told.value),))
            if told.kernel is not None or isinstance(one.module, ResidualSum):
                extras = tuple(term for term in told.terms if term.name == "bias")
                return Opened(spot, tuple(passed), told, one.sources, _reads(one, told), extras)
            place = _before(one, (at.channel, at.y, at.x))
            if place is None:
                return Opened(spot, tuple(passed), told, one.sources, _NOTHING, (Term("a new channel", 0.0),))
            passed.append(told)
            at = Spot(one.sources[0], *place)

    def _heard(self, layer: str) -> tracing.Trace:
        return tracing.Trace((self.image,), self.image) if layer == "input" else self.wired[layer].heard

    def field(self, spot: Spot) -> tuple[int, int, int, int]:
        """The receptive field: top, left, height and width of all pixels of the image that the value depends on."""
        base = self.open(spot).base
        seen: dict[str, Rectangle] = {base.layer: (base.y, base.x, base.y + 1, base.x + 1)}
        for name, one in reversed(self.wired.items()):
            if name not in seen:
                continue
            for source, tensor in zip(one.sources, one.heard.inputs, strict=True):
                reached = _reach(one.module, seen[name], tuple(tensor.shape[1:]))
                seen[source] = _joined(seen.get(source, reached), reached)
        top, left, bottom, right = seen["input"]
        return top, left, bottom - top, right - left


def _before(one: Wired, place: tuple[int, int, int]) -> tuple[int, ...] | None:
    """Where the one value stands that a layer of one value takes; None for the zeros of a new channel."""
    part, shape, (channel, y, x) = one.module, tuple(one.heard.inputs[0].shape[1:]), place
    if isinstance(part, nn.Flatten):
        return tuple(map(int, np.unravel_index(channel, shape)))
    if isinstance(part, Thin):
        return (channel, y * part.stride, x * part.stride) if channel < shape[0] else None
    return place


def _reads(one: Wired, told: Explanation) -> Reads:
    if told.window is None or told.kernel is None:
        spots = np.array([(told.channel, told.y, told.x)] * len(told.terms))
        source, ones = np.arange(len(spots)), np.ones(len(spots))
        values = np.array([term.value for term in told.terms])
        return Reads(source, spots, ones > 0, values, ones, values)
    channels, rows, columns = np.indices(told.kernel.shape).reshape(3, -1)
    down, right = told.step
    spots = np.stack([told.first + channels, told.top + rows * down, told.left + columns * right], axis=1)
    height, width = (*one.heard.inputs[0].shape[2:], 1, 1)[:2]
    inside = (spots[:, 1] >= 0) & (spots[:, 1] < height) & (spots[:, 2] >= 0) & (spots[:, 2] < width)
    values, weights = np.where(inside, told.window.ravel(), 0.0), told.kernel.ravel()
    products = values * weights if told.winner is None else np.where(weights, values, 0.0)  # ∞ · 0 is not a number
    return Reads(np.zeros(len(spots), int), spots, inside, values, weights, products)


_NOTHING = Reads(np.zeros(0, int), np.zeros((0, 3), int), np.zeros(0, bool), *(np.zeros(0),) * 3)


def _reach(part: nn.Module, seen: Rectangle, shape: tuple[int, ...]) -> Rectangle:
    """What a rectangle of a layer's output reads of an input of this shape."""
    if len(shape) != 3 or isinstance(part, nn.Flatten):
        height, width = (*shape[1:], 1, 1)[:2]
        return 0, 0, height, width
    sides = [_side(part, axis, seen[axis], seen[axis + 2], shape[axis + 1]) for axis in (0, 1)]
    (top, bottom), (left, right) = sides
    return top, left, bottom, right


def _side(part: nn.Module, axis: int, begin: int, end: int, size: int) -> tuple[int, int]:
    if isinstance(part, nn.AdaptiveAvgPool2d):
        into = pair(part.output_size)[axis] or size
        return share(begin, size, into).start, share(end - 1, size, into).stop
    if isinstance(part, Thin):
        return begin * part.stride, (end - 1) * part.stride + 1
    if isinstance(part, Stencil):
        window, stride, padding = 3, 1, 1
    elif isinstance(part, nn.Conv2d):
        window, stride, padding = (part.kernel_size[axis] - 1) * part.dilation[axis] + 1, part.stride[axis], 0
        padding = int(part.padding[axis])
    elif isinstance(part, nn.MaxPool2d | nn.AvgPool2d):
        window, stride, padding = (pair(one)[axis] for one in (part.kernel_size, part.stride, part.padding))
    else:
        return begin, end
    low, high = begin * stride - padding, (end - 1) * stride - padding + window
    return min(max(low, 0), size - 1), max(min(high, size), 1)


def _joined(one: Rectangle, other: Rectangle) -> Rectangle:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


MOST = 4000  # letters of a way that a link may bring


def write_way(start: Spot, taken: Iterable[int]) -> str:
    """head,3,0,0,12,7: where it begins, and which terms it takes."""
    return ",".join(map(str, (start.layer, start.channel, start.y, start.x, *taken)))


def read_way(way: Homeward, text: str) -> tuple[list[Opened], list[int]]:
    """The values on a way that somebody may have typed, and the terms that it takes."""
    layer, *numbers = text.split(",") if len(text) <= MOST else [""]
    plain = all(number.isascii() and number.isdigit() and len(number) < 10 for number in numbers)
    known = layer == "input" or layer in way.wired
    if not known or len(numbers) < 3 or not plain:
        raise ExplorerError("the way of this link begins nowhere in this network: it begins at the answer")
    channel, y, x, *taken = map(int, numbers)
    try:
        return walk(way, Spot(layer, channel, y, x), taken), taken
    except ExplorerError as error:
        raise ExplorerError(
            "the way of this link does not lead through this network: it begins at the answer"
        ) from error


def walk(way: Homeward, start: Spot, taken: Iterable[int]) -> list[Opened]:
    """The values on the way, each a term of the one before it: `taken` are the terms' places in the windows."""
    found = [way.open(start)]
    for index in taken:
        found.append(way.open(found[-1].source(index)))
    return found
