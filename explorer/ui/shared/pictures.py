"""What the tabs draw in common: a colour scale with its numbers, a picture with a window on it, a strip of maps."""

import base64
import io
from html import escape

import numpy as np
import streamlit as st
from PIL import Image

from explorer.render import Scale, bar, colour, enlarge, mosaic, number, to_rgb

MARK = (213, 94, 0)  # vermilion on every scale
ABOVE, BELOW = (230, 159, 0, 255), (58, 143, 200, 255)  # orange above 0 and blue below, as in signed maps


def scale_bar(scale: Scale, words: str) -> None:
    """The colours with the values at their ends, and which values they hold for."""
    html = "".join(f"rgb({r},{g},{b}) {100 * n / 15:.0f}%," for n, (r, g, b) in enumerate(bar(scale, 16, 1)[0]))
    st.html(
        '<div style="display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;font-size:.875rem">'
        f"<span>{number(scale.low)}</span>"
        f'<span style="flex:1 0 6rem;max-width:20rem;height:.6rem;border-radius:.3rem;'
        f'background:linear-gradient(90deg,{html[:-1]})"></span>'
        f'<span>{number(scale.high)}</span><span style="opacity:.7">{escape(words)}</span></div>'
    )


def address(picture: Image.Image) -> str:
    """A small picture as an address that holds it."""
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=85)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def painted(maps: np.ndarray, scales: list[Scale]) -> np.ndarray:
    """Maps (N, H, W) -> tiles (N, H, W, 3), each in its scale."""
    return np.stack([colour(values, scale) for values, scale in zip(maps, scales, strict=True)])


def seen(field: np.ndarray) -> np.ndarray:
    """A field (C, H, W) as it looks: colours as they are, a grey one from 0 to 1; typed numbers in their own scale."""
    if field.min() < 0 or field.max() > 1:
        return colour(field[0])
    return to_rgb(field)


def outlined(picture: np.ndarray, box: tuple[int, int, int, int], target: int = 480) -> np.ndarray:
    """The picture enlarged to about `target`, with the box (row, column, height, width) of its pixels drawn on it."""
    factor = max(1, target // max(picture.shape[:2]))
    large = enlarge(picture, target).copy()
    top, left, height, width = (side * factor for side in box)
    line = max(2, factor // 4)
    bottom, right = top + height, left + width
    if height and width:
        large[top : top + line, left:right] = large[bottom - line : bottom, left:right] = MARK
        large[top:bottom, left : left + line] = large[top:bottom, right - line : right] = MARK
    return large


def dotted(picture: np.ndarray, places: np.ndarray, target: int = 480) -> np.ndarray:
    """The picture enlarged, with a dot in every pixel where `places` (H, W) is not 0."""
    factor = max(3, target // max(picture.shape[:2]))
    large = picture.repeat(factor, axis=0).repeat(factor, axis=1)
    dot = max(1, factor // 3)
    start = (factor - dot) // 2
    spot = np.zeros((factor, factor), bool)
    spot[start : start + dot, start : start + dot] = True
    large[np.kron(places != 0, spot)] = MARK
    return large


def strip(maps: np.ndarray, scale: Scale, most: int, tile: int = 64) -> np.ndarray:
    """The first `most` maps (or colour pictures) in one row, each about `tile` pixels wide, (H, W, 4).

    Fewer than `most` leave the rest of the row empty, so that maps are equally large in every row.
    """
    factor = max(1, tile // max(maps.shape[1:3]))
    gap = max(2, factor // 2)
    shown = mosaic(maps[:most], scale, columns=most, gap=gap, factor=factor)
    height, width = shown.shape[:2]
    row = np.zeros((height, most * (factor * maps.shape[2] + gap) - gap, 4), np.uint8)
    row[:, :width, :3] = shown
    row[:, :width, 3] = 255 * (np.arange(width) % (factor * maps.shape[2] + gap) < factor * maps.shape[2])
    return row


def bar_strip(values: np.ndarray, width: int = 832, height: int = 72) -> np.ndarray:
    """A vector as bars from a line at 0, in the colours of a signed scale, on nothing: (height, width, 4).

    Where there are more values than columns, a column shows the largest of its values.
    """
    values = np.nan_to_num(np.asarray(values, dtype=float), nan=0.0, posinf=0.0, neginf=0.0)
    columns = np.arange(width) * len(values) // width
    if len(values) > width:
        groups = np.array_split(values, width)
        values = np.array([group[np.abs(group).argmax()] for group in groups])
        columns = np.arange(width)
    high, low = max(values.max(), 0.0), min(values.min(), 0.0)
    span = (high - low) or 1.0
    zero = round((height - 1) * high / span)
    ends = np.rint((height - 1) * (high - values) / span).astype(int)[columns]
    rows = np.arange(height)[:, None]
    inside = (rows >= np.minimum(ends, zero)) & (rows <= np.maximum(ends, zero))
    picture = np.zeros((height, width, 4), np.uint8)
    picture[inside & (values[columns] >= 0)] = ABOVE
    picture[inside & (values[columns] < 0)] = BELOW
    picture[zero] = (128, 136, 148, 255)
    wide = width // max(1, len(values))
    if wide >= 4:  # room for a gap between two bars
        starts = np.flatnonzero(np.diff(columns)) + 1
        picture[:zero, starts] = picture[zero + 1 :, starts] = 0
    return picture
