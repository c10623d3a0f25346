"""Diffusion as a short film to take home: an animated WebP or GIF of chosen steps, bounded in length and bytes."""

import io
import math
import time
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image
from torch import Tensor

from explorer.diffusion.cable import Cable
from explorer.diffusion.strokes import Strokes, painted_fields
from explorer.equation import turns_over
from explorer.errors import ExplorerError
from explorer.render import enlarge

KINDS = ("WebP", "GIF")
MOST_FRAMES = 100
SIDE = 384  # small fields are enlarged, without smoothing, to about this
MOST_BYTES = 8 * 2**20
FRAME_SECONDS = 0.1
MOST_SECONDS = 40  # of making: less than the patience of whoever waits for the place
TURN_SECONDS = 0.2  # where pictures turn from light to dark: two and a half flashes a second, three are allowed


def steps_of(first: int, last: int, frames: int) -> list[int]:
    """At most `frames` steps, evenly spaced, the first and the last among them."""
    if not 0 <= first < last:
        raise ExplorerError(f"the range is {first} to {last}: let the last step come after the first")
    if not 2 <= frames <= MOST_FRAMES:
        raise ExplorerError(f"frames is {frames}: give 2 to {MOST_FRAMES}")
    return np.unique(np.linspace(first, last, frames).round().astype(int)).tolist()


def pace(cable: Cable, steps: list[int]) -> float:
    """Seconds that a frame stands: longer where steps of both parities follow each other and each turns waves over."""
    mixed = len({step % 2 for step in steps}) > 1
    return TURN_SECONDS if mixed and turns_over(*cable.law) else FRAME_SECONDS


def film(
    cable: Cable,
    u: Tensor,
    steps: list[int],
    paint: Callable[[np.ndarray], np.ndarray],
    kind: str = "WebP",
    progress: Callable[[float], None] = lambda _share: None,
    clock: Callable[[], float] = time.monotonic,
    strokes: Strokes = (),
) -> bytes:
    """`paint` turns a field (C, H, W) into a picture (H, W, 3) uint8; `progress` is told the share that is done."""
    end = clock() + MOST_SECONDS

    def told(share: float) -> None:
        if clock() > end:
            raise ExplorerError(f"the film would take more than {MOST_SECONDS} s: take fewer frames or a smaller size")
        progress(share)

    if kind not in KINDS:
        raise ExplorerError(f"kind is {kind!r}: choose one of {', '.join(KINDS)}")
    shrink = 1
    while True:
        fields = painted_fields(cable, u, strokes, steps)
        content = _encoded(_pictures(fields, len(steps), paint, shrink, told), kind, pace(cable, steps))
        if len(content) <= MOST_BYTES:
            return content
        if shrink >= 8:
            raise ExplorerError(f"the film would have more than {MOST_BYTES // 2**20} MB: take fewer frames")
        shrink *= math.ceil(math.sqrt(len(content) / MOST_BYTES))


def _pictures(fields, count, paint, shrink, progress) -> Iterator[Image.Image]:
    for place, field in enumerate(fields):
        progress(place / count)
        picture = enlarge(paint(field.numpy()), SIDE // shrink)
        if shrink > 1 and max(picture.shape[:2]) > SIDE // shrink:
            part = max(1, round(max(picture.shape[:2]) * shrink / SIDE))
            picture = picture[::part, ::part]
        yield Image.fromarray(picture)
    progress(1.0)


def _encoded(pictures: Iterator[Image.Image], kind: str, seconds: float) -> bytes:
    out = io.BytesIO()
    settings = {"quality": 85, "method": 2} if kind == "WebP" else {}
    next(pictures).save(
        out, kind, save_all=True, append_images=pictures, duration=round(1000 * seconds), loop=0, **settings
    )
    return out.getvalue()
