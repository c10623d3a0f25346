"""Feature maps as numbers: what the Feature maps page shows of one layer's output (maps, height, width).

Statistics and orders of maps, the range a colour scale stands for, a first layer worth looking at, what two
networks do differently, which pictures excite a map, and files to take away.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, cast

import numpy as np

from explorer.errors import ExplorerError
from explorer.inside.listing import Layer
from explorer.render import Scale, colour, scale_of

PAGE = 64  # maps in one mosaic
LARGEST_TILE = 64  # pixels of a map in the mosaic; larger maps are thinned
ORDERS = ("number", "mean", "maximum", "share of zeros")
DEEP = 4  # maps so many times smaller than the image are many, and few of them say something
SCALES = ("Map", "Layer", "Model")  # what shares one colour scale


@dataclass(frozen=True)
class Statistics:
    """One number a map, of the finite values; `zeros` is the share of values that are exactly 0."""

    minimum: np.ndarray
    maximum: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    zeros: np.ndarray

    def of(self, index: int) -> dict[str, float]:
        return {name: float(values[index]) for name, values in asdict(self).items()}


def as_maps(output: np.ndarray) -> np.ndarray:
    """A layer's output as maps: a vector of units becomes units of one value each."""
    return output if output.ndim == 3 else output.reshape(-1, 1, 1)


def statistics(maps: np.ndarray) -> Statistics:
    flat = maps.reshape(len(maps), -1).astype(np.float64)
    if not np.isfinite(flat).all():
        flat = np.ma.masked_invalid(flat)
        return Statistics(*(np.ma.filled(values.astype(float), np.nan) for values in _five(flat)))
    return Statistics(*_five(flat))


def _five(flat):
    return flat.min(1), flat.max(1), flat.mean(1), flat.std(1), (flat == 0).mean(1)


def order(stats: Statistics, by: str) -> np.ndarray:
    """The numbers of the maps, the largest first except by number; equal ones stay in their order."""
    if by == "number":
        return np.arange(len(stats.mean))
    keys = {"mean": stats.mean, "maximum": stats.maximum, "share of zeros": stats.zeros}
    if by not in keys:
        raise ExplorerError(f"sort is {by!r}: take one of {', '.join(ORDERS)}")
    return np.argsort(-np.nan_to_num(keys[by], nan=-np.inf), kind="stable")


def pages(count: int) -> int:
    return max(1, -(-count // PAGE))


def on_page(ordered: np.ndarray, page: int) -> np.ndarray:
    """The map numbers of one mosaic; the first page is 1."""
    return ordered[(page - 1) * PAGE : page * PAGE]


def thinned(maps: np.ndarray) -> tuple[np.ndarray, int]:
    """Maps of at most LARGEST_TILE pixels a side for the mosaic, and that only each n-th row and column is left."""
    step = -(-max(maps.shape[-2:]) // LARGEST_TILE)
    return maps[..., ::step, ::step], step


def map_scales(maps: np.ndarray, which: str, whole: Scale) -> list[Scale]:
    """One scale a map: its own, that of all maps, or the one given for the whole model."""
    if which == "Map":
        return [scale_of(values) for values in maps]
    shared = scale_of(maps) if which == "Layer" else whole
    return [shared] * len(maps)


def tiles(maps: np.ndarray, scales: list[Scale]) -> np.ndarray:
    """(N, h, w, 3) uint8; maps that share a scale are coloured in one go."""
    if len(set(scales)) == 1:
        return colour(maps, scales[0])
    return np.stack([colour(values, scale) for values, scale in zip(maps, scales, strict=True)])


def whole_scale(lowest: float, highest: float) -> Scale:
    return scale_of(np.array([lowest, highest]))


def first_layer(layers: Sequence[Layer]) -> tuple[str, str]:
    """A layer to begin with, and a word why."""
    for layer in layers:
        if layer.kind == "convolution" and layer.has_maps:
            return (
                layer.name,
                "Start here: the maps still look like the image, and each value is one sum over a window.",
            )
    for layer in layers[1:]:
        if layer.parameters:
            return layer.name, "Start here: the first layer that can learn."
    return layers[-1].name, "Start here: the last layer of this network."


def liveliest(values: np.ndarray) -> int:
    """The map (of maps, H, W) whose values differ most, or the unit (of units,) that says most."""
    finite = np.nan_to_num(values.reshape(len(values), -1), nan=0.0, posinf=0.0, neginf=0.0)
    return int((finite.std(axis=1) if values.ndim == 3 else finite[:, 0]).argmax())


def usual_order(layer: Layer, side: int) -> str:
    """How the maps of a layer are first shown: by number, or where one map of many says anything, the strong first."""
    return "mean" if layer.has_maps and layer.shape[1] * DEEP <= side else "number"


def overlay(values: np.ndarray, scale: Scale, picture: np.ndarray, share: float = 0.6) -> np.ndarray:
    """A map (h, w) in colours over the picture (H, W, 3) that the network saw, as large as that picture."""
    height, width = picture.shape[:2]
    rows = np.arange(height) * values.shape[0] // height
    columns = np.arange(width) * values.shape[1] // width
    coloured = colour(values, scale)[rows[:, None], columns[None]]
    return (share * coloured + (1 - share) * picture).round().astype(np.uint8)


@dataclass(frozen=True)
class MapDifference:
    """The first network's maps minus the second's, where they can be compared."""

    maps: np.ndarray
    scale: Scale  # both networks in one scale
    mean: np.ndarray  # mean absolute difference of each map
    largest: float
    correlation: float  # of all values of the layer


def difference(first: np.ndarray, second: np.ndarray) -> MapDifference:
    if first.shape != second.shape:
        shapes = " and ".join(" × ".join(map(str, one.shape)) for one in (first, second))
        raise ExplorerError(f"the two layers have shapes {shapes}: choose a layer of the same shape in both")
    maps = first - second
    spread = float(first.std() * second.std())
    centred = ((first - first.mean()) * (second - second.mean())).mean() if spread else np.nan
    both = scale_of(np.stack([first, second]))
    return MapDifference(
        maps,
        both,
        np.abs(maps).mean((1, 2)),
        float(np.abs(maps).max()),
        float(centred / spread) if spread else float("nan"),
    )


def top_images(outputs: np.ndarray, most: int = 9) -> list[tuple[int, float]]:
    """(image, largest value) for the images whose map (N, h, w) reaches highest, the highest first."""
    peaks = outputs.reshape(len(outputs), -1).max(1)
    return [(int(i), float(peaks[i])) for i in np.argsort(-peaks, kind="stable")[:most]]


def to_csv(stats: Statistics) -> str:
    """One line a map."""
    file = io.StringIO()
    names = [field.name for field in fields(Statistics)]
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["map", *names])
    for index in range(len(stats.mean)):
        table.writerow([index, *(f"{value:.7g}" for value in stats.of(index).values())])
    return file.getvalue()


def to_npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **cast(dict[str, Any], arrays))
    return file.getvalue()
