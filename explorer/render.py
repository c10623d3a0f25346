"""Arrays become uint8 pictures here: one place for colour scales, mosaics and enlarging.

A picture never hides its scale: `Scale` says which values the two ends of the colours stand for, and pages
print it. Magnitudes use viridis, signed fields a blue-white-orange map centred on 0, pictures grey.
Values that are not finite get the colour of no scale (magenta), so that nobody reads them as data.
"""

import io
import math
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

import numpy as np
from PIL import Image

Kind = Literal["magnitude", "signed", "grey"]

NOT_FINITE = (213, 0, 213)
GROWN: ContextVar[float] = ContextVar("grown", default=1.0)  # how much larger than usual words and charts are shown

_STOPS: dict[str, list[str]] = {
    "magnitude": ["440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725"],
    "signed": ["003a5d", "0072b2", "56a5d3", "b3d4ea", "f7f7f7", "f5cfa4", "e69f00", "c56a00", "7a3b00"],
    "grey": ["000000", "ffffff"],
}


def _table(stops: list[str]) -> np.ndarray:
    """256 colours by straight lines between the stops, (256, 3) uint8."""
    colours = np.array([[int(stop[i : i + 2], 16) for i in (0, 2, 4)] for stop in stops], dtype=float)
    places = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(places, np.arange(len(stops)), colours[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


TABLES = {kind: _table(stops) for kind, stops in _STOPS.items()}


@dataclass(frozen=True)
class Scale:
    """Which value stands at either end of the colours, and which colours they are."""

    low: float
    high: float
    kind: Kind = "magnitude"

    def __str__(self) -> str:
        return f"{number(self.low)} to {number(self.high)}"


def scale_of(values: np.ndarray, kind: Kind | None = None) -> Scale:
    """The scale that just holds the finite values; signed ones are centred on 0. Without a kind, the signs decide."""
    values = np.asarray(values)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if kind is None:
        kind = "signed" if low < 0 else "magnitude"
    if kind == "signed":
        reach = max(abs(low), abs(high))
        return Scale(-reach, reach, kind)
    return Scale(low, high, kind)


def strongest(values: np.ndarray) -> tuple[int, int]:
    """Row and column of the largest magnitude in a map (H, W), off its border, where windows are full of image."""
    rim = 1 if min(values.shape) > 4 else 0
    inner = values[rim : values.shape[0] - rim, rim : values.shape[1] - rim]
    place = np.abs(np.nan_to_num(inner, nan=0.0, posinf=0.0, neginf=0.0)).argmax()
    row, column = np.unravel_index(place, inner.shape)
    return int(row) + rim, int(column) + rim


def colour(values: np.ndarray, scale: Scale | None = None) -> np.ndarray:
    """Values (..., H, W) -> colours (..., H, W, 3) uint8; what lies outside the scale takes the colour of its end."""
    values = np.asarray(values, dtype=np.float32)
    scale = scale or scale_of(values)
    span = scale.high - scale.low
    if span > 0:
        index = np.nan_to_num((values - scale.low) * (255 / span), nan=0.0, posinf=255.0, neginf=0.0)
        index = np.clip(np.rint(index), 0, 255).astype(np.uint8)
    else:
        index = np.full(values.shape, 127 if scale.kind == "signed" else 0, dtype=np.uint8)
    picture = TABLES[scale.kind][index]
    odd = ~np.isfinite(values)
    if odd.any():
        picture[odd] = NOT_FINITE
    return picture


def luminance(red: int, green: int, blue: int) -> float:
    """How light WCAG 2 takes a colour of levels 0 to 255 to be: 0 is black, 1 is white."""
    shares = [level / 255 for level in (red, green, blue)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink(red: int, green: int, blue: int) -> str:
    """Black or white, whichever stands out more from the colour: at least 4.58 to 1."""
    return "#000" if luminance(red, green, blue) > 0.179 else "#fff"


def bar(scale: Scale, width: int = 256, height: int = 12) -> np.ndarray:
    """The colours of a scale from its low to its high end, as a strip (height, width, 3)."""
    return np.broadcast_to(TABLES[scale.kind][np.linspace(0, 255, width).astype(int)], (height, width, 3)).copy()


def to_rgb(field: np.ndarray) -> np.ndarray:
    """A field (C, H, W) with values in [0, 1], one channel or three -> picture (H, W, 3) uint8, clipped."""
    field = np.nan_to_num(np.asarray(field, dtype=np.float32), nan=0.0, posinf=1.0, neginf=0.0)
    pixels = (np.clip(field, 0, 1) * 255).round().astype(np.uint8)
    if pixels.shape[0] == 1:
        pixels = np.repeat(pixels, 3, axis=0)
    return np.ascontiguousarray(pixels.transpose(1, 2, 0))


def enlarge(picture: np.ndarray, target: int) -> np.ndarray:
    """Every pixel becomes a square of whole pixels, so that the longer side comes as near to `target` as it can."""
    factor = max(1, target // max(picture.shape[:2]))
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)


def mosaic_grid(count: int, columns: int | None = None) -> tuple[int, int]:
    """(rows, columns) for `count` maps; without a wish, as square as it goes."""
    columns = min(columns or math.ceil(math.sqrt(count)), max(count, 1))
    return math.ceil(count / columns), columns


def mosaic(
    maps: np.ndarray,
    scales: Scale | list[Scale] | None = None,
    *,
    columns: int | None = None,
    gap: int = 1,
    factor: int = 1,
) -> np.ndarray:
    """Maps (N, H, W), or colour pictures (N, H, W, 3) uint8, side by side in one picture.

    One scale for all, one a map, or none: then all share the scale that holds them. `factor` enlarges each pixel.
    """
    maps = np.asarray(maps)
    if maps.ndim == 3:
        if isinstance(scales, list):
            tiles = np.stack([colour(values, scale) for values, scale in zip(maps, scales, strict=True)])
        else:
            tiles = colour(maps, scales)
    else:
        tiles = maps
    tiles = tiles.repeat(factor, axis=1).repeat(factor, axis=2)
    count, height, width = tiles.shape[:3]
    rows, columns = mosaic_grid(count, columns)
    canvas = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, 3), 255, dtype=np.uint8)
    for place, tile in enumerate(tiles):
        top, left = (place // columns) * (height + gap), (place % columns) * (width + gap)
        canvas[top : top + height, left : left + width] = tile
    return canvas


def png(picture: np.ndarray) -> bytes:
    """A picture (H, W, 3) uint8 as the bytes of a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def number(value: float, digits: int = 3) -> str:
    """A number as people read it: three significant digits, a true minus sign, powers of ten where they help.

    Half-way between two texts the one further from zero is printed, by the float's exact value, as JavaScript's toFixed
    and toExponential do: `number` in parts.js prints the same.
    """
    value = float(value)
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    short = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal_from_float(value)
    exponent = short.adjusted()
    if -4 <= exponent < 6:
        places = max(0, digits - 1 - exponent)
        text = str(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    else:
        mantissa = short.scaleb(-exponent).quantize(Decimal(1).scaleb(1 - digits))
        text = f"{mantissa}·10{str(exponent).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
    return text.replace("-", "−")


def size(parameters: int) -> str:
    """What so many parameters take as float32, four bytes each, in thousands as the survey counts: 82 KB, 2.81 MB."""
    count, unit = 4 * parameters, "B"
    for larger in ("KB", "MB", "GB"):
        if count < 999.5:  # below it three digits are enough
            break
        count, unit = count / 1000, larger
    return f"{number(count)} {unit}"


def signed(value: float) -> str:
    """A difference in hundredths, with its sign."""
    return f"{value:+.2f}".replace("-", "−")
