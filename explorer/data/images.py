"""Bytes from a stranger -> a clean RGB picture, and from there to what a network or the stepper sees.

The order is the defence: length, wrapping, size in the header, and only then pixels, in strips, so that even 25
megapixels with an alpha channel need little more than the decoder's own memory. What comes out is RGB, upright, on
white, and at most 1024 pixels long: no page shows or computes more.
"""

from __future__ import annotations

import io
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from PIL import BmpImagePlugin, GifImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from explorer.data.containers import Refused, Unwrapped, unwrap
from explorer.errors import ExplorerError

if TYPE_CHECKING:
    import torch

MOST_BYTES = 10 * 2**20
MOST_PIXELS = 25_000_000
MOST_PIXELS_WEBP = 12_000_000  # its decoder holds four copies of the picture, 16 bytes a pixel
MOST_SIDE = 65_535  # the decoder keeps a pointer a row
LONGEST = 1024
MODES = ("crop", "pad", "stretch")

# The plugins themselves, not Image.open: it would try others, and warns about sizes that are refused here anyway.
OPEN = {
    "PNG": PngImagePlugin.PngImageFile, "JPEG": JpegImagePlugin.JpegImageFile, "WEBP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile, "GIF": GifImagePlugin.GifImageFile,
}  # fmt: skip
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_LARGE = Lock()  # a class that uploads at once: large pictures are decoded one after the other


def decode(data: bytes) -> Image.Image:
    """PNG, JPEG, WebP, BMP or a GIF's first frame as RGB; ExplorerError for everything else."""
    try:
        if not isinstance(data, bytes | bytearray | memoryview) or not data:
            raise Refused("is empty")
        if len(data) > MOST_BYTES:
            raise Refused(f"has {len(data) / 2**20:.1f} MB, 10 MB at most")
        file = unwrap(bytes(data))
        if not file.width > 0 < file.height:
            raise Refused("has no pixels")
        most = MOST_PIXELS_WEBP if file.format == "WEBP" else MOST_PIXELS
        if file.width * file.height > most or max(file.width, file.height) > MOST_SIDE:
            allowed = f"at most {most // 10**6} million and {MOST_SIDE} along a side in a {file.format} file"
            raise Refused(f"has {file.width} x {file.height} pixels, {allowed}")
        if file.width * file.height > LONGEST**2:
            with _LARGE:
                return _decode(file)
        return _decode(file)
    except Refused as refused:
        remedy = "choose another, or save it anew as a smaller PNG or JPEG"
        raise ExplorerError(f"The picture {refused}: {remedy}") from refused


def _decode(file: Unwrapped) -> Image.Image:
    try:
        picture = OPEN[file.format](io.BytesIO(file.data))
        if picture.size != (file.width, file.height):
            raise Refused("is damaged: it states two sizes")
        if file.format == "JPEG":
            picture.draft(picture.mode, (LONGEST, LONGEST))  # decodes at 1/2, 1/4 or 1/8 where that is enough
        picture.load()
        picture = _small(picture)
    except Refused:
        raise
    except Exception as error:  # decoders of foreign bytes raise anything: SyntaxError, struct.error, IndexError ...
        raise Refused("is damaged") from error
    return picture.transpose(UPRIGHT[file.orientation]) if file.orientation > 1 else picture


def _small(picture: Image.Image) -> Image.Image:
    """RGB on white, at most LONGEST along a side, made strip by strip so that no second full copy exists."""
    width, height = picture.size
    factor = max(1, max(width, height) // LONGEST)
    rows = factor * max(1, 2**20 // (factor * width))
    out = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        strip = _on_white(picture.crop((0, top, width, min(top + rows, height))))
        out.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
    if max(out.size) > LONGEST:
        scale = LONGEST / max(out.size)
        out = out.resize(
            (max(1, round(out.width * scale)), max(1, round(out.height * scale))), Image.Resampling.LANCZOS
        )
    return out


def _on_white(strip: Image.Image) -> Image.Image:
    if strip.mode.startswith("I"):  # 16 bits of grey
        values = np.asarray(strip).astype(np.uint32)
        grey = ((values * 255 + 32767) // 65535).astype(np.uint8)
        grey[values == strip.info.get("transparency", -1)] = 255
        return Image.fromarray(grey).convert("RGB")
    if strip.has_transparency_data:
        strip = strip.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", strip.size, "white"), strip).convert("RGB")
    return strip.convert("RGB")


def fit(image: Image.Image, size: int, mode: str = "crop") -> Image.Image:
    """size x size RGB: the middle square, or the whole with grey beside it, or the whole stretched."""
    if type(size) is not int or not 1 <= size <= 2048:
        raise ExplorerError(f"size is {size!r:.60}: give a whole number of pixels from 1 to 2048")
    if mode not in MODES:
        raise ExplorerError(f"mode is {mode!r:.60}: take one of {', '.join(MODES)}")
    image = image.convert("RGB")
    if mode == "crop":
        return ImageOps.fit(image, (size, size), Image.Resampling.BICUBIC)
    if mode == "pad":  # mid grey is about 0 after normalisation
        return ImageOps.pad(image, (size, size), Image.Resampling.BICUBIC, color=(128, 128, 128))
    return image.resize((size, size), Image.Resampling.BICUBIC)


def field(image: Image.Image, size: int, colour: bool, mode: str = "crop") -> np.ndarray:
    """The picture as numbers: (3, size, size) or, without colour, (1, size, size), float32 from 0 to 1."""
    pixels = np.asarray(fit(image, size, mode) if colour else fit(image, size, mode).convert("L"))
    return pixels.reshape(size, size, -1).transpose(2, 0, 1) / np.float32(255)


def network_input(image: Image.Image, channels: int, size: int, mean, std, mode: str = "crop") -> torch.Tensor:
    """What a network sees: (1, channels, size, size), normalised with the numbers that it was trained with."""
    import torch

    if channels not in (1, 3) or len(mean) != channels or len(std) != channels:
        raise ExplorerError(f"channels is {channels!r:.60} with {len(mean)} means: give 1 or 3, and a mean for each")
    mean, std = (torch.tensor(values, dtype=torch.float32).view(-1, 1, 1) for values in (mean, std))
    return ((torch.from_numpy(field(image, size, channels == 3, mode)) - mean) / std)[None]
