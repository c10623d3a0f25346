"""Thousands of picture files -> one uint8 array, decoded once in parallel and cached.

The cache is keyed by the paths, sizes and times of the files: a folder that changes is decoded again.
"""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from statistics import median_low

import numpy as np
from PIL import Image
from tqdm import tqdm

from explorer.data import images
from explorer.data.cache import Arrays, cached
from explorer.data.tree import Labelled
from explorer.errors import ExplorerError

LARGEST_SIDE = 96
MOST_BYTES = 4 * 2**30  # of decoded pixels
CHUNK = 128  # pictures a task


def decoded(name: str, files: Labelled, base: Path, size: int, channels: int | None, root: Path) -> Arrays:
    """images (N, C, size, size), labels (N,), skipped; without `channels`, grey when every picture is grey."""
    if len(files) * size * size * 3 > MOST_BYTES:
        raise ExplorerError(f"{base} has {len(files):,} pictures of {size} pixels, more than 4 GB: give fewer")
    content = blake2b(repr(("version 1", size, channels)).encode(), digest_size=8)
    for path, label in files:
        state = os.lstat(path)
        content.update(
            os.fsencode(path[len(str(base)) :]) + b"\0%d %d %d\n" % (label, state.st_size, state.st_mtime_ns)
        )
    return cached(root, name, content.hexdigest(), lambda: _decode(name, files, size, channels))


def common_side(files: Labelled) -> int:
    """The median shorter side of up to 500 of the files, evenly spread, and LARGEST_SIDE at most."""
    pictures = (_picture(path) for path, _ in files[:: max(1, len(files) // 500)])
    sides = [min(picture.size) for picture in pictures if picture]
    return min(median_low(sides), LARGEST_SIDE) if sides else 1


def statistics(pictures: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation a channel of (N, C, H, W) uint8 / 255, from the counts of the 256 values: exact."""
    counts = np.zeros((pictures.shape[1], 256), np.int64)
    for start in range(0, len(pictures), 1000):
        for channel, values in enumerate(pictures[start : start + 1000].swapaxes(0, 1)):
            counts[channel] += np.bincount(values.ravel(), minlength=256)
    share, grey = counts / counts.sum(axis=1, keepdims=True), np.arange(256) / 255
    mean = share @ grey
    std = np.sqrt(((grey - mean[:, None]) ** 2 * share).sum(axis=1))
    return tuple(mean.tolist()), tuple(std.tolist())


def _decode(name: str, files: Labelled, size: int, channels: int | None) -> Arrays:
    pixels = np.empty((len(files), 3, size, size), np.uint8)
    good = np.zeros(len(files), bool)

    def fill(start: int) -> int:
        end = min(start + CHUNK, len(files))
        for row in range(start, end):
            picture = _picture(files[row][0])
            if picture:
                picture = images.fit(picture, size)
                picture = picture.convert("L") if channels == 1 else picture
                pixels[row] = np.moveaxis(np.atleast_3d(np.asarray(picture)), 2, 0)
                good[row] = True
        return end - start

    with ThreadPoolExecutor() as pool, tqdm(total=len(files), desc=f"decoding {name}", unit=" pictures") as bar:
        for count in pool.map(fill, range(0, len(files), CHUNK)):
            bar.update(count)
    labels = np.array([label for _, label in files], np.int64)
    if not good.all():
        pixels, labels = pixels[good], labels[good]
    if channels == 1 or (channels is None and (pixels == pixels[:, :1]).all()):
        pixels = pixels[:, :1].copy()
    return {"images": pixels, "labels": labels, "skipped": np.array((~good).sum(), np.int64)}


def _picture(path: str) -> Image.Image | None:
    """The file as RGB, or None where it is no readable picture."""
    try:
        state = os.stat(path)
        if not stat.S_ISREG(state.st_mode) or state.st_size > images.MOST_BYTES:
            return None
        return images.decode(Path(path).read_bytes())
    except (OSError, ExplorerError):
        return None
