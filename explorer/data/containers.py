"""The wrapping of a picture file: walked without decoding a pixel, and made anew with nothing but one picture in it.

Most of what can hurt a decoder is not the picture: a compressed comment of a gigabyte, a million empty chunks, an EXIF
block whose entries all point at the same bytes, a thousand scans. `unwrap` walks the chunks in bounded time, reads the
size and the orientation itself, and drops all that is not needed for one picture. What is cut off is noticed here.
"""

import re
import struct
from dataclasses import dataclass
from struct import unpack_from

MOST_CHUNKS = 20_000  # a real file of 10 MB has a few thousand
MOST_BLOCKS = 200_000  # of at most 255 bytes, in a GIF
MOST_WORK = 500_000_000  # scans x pixels of a JPEG: twenty passes over 25 megapixels
MOST_COEFFICIENTS = 55_000_000  # of a JPEG in several scans, which holds them all in memory at two bytes each

JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # neither a stuffed byte nor filling nor a restart
JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


class Refused(ValueError):
    """Why a file is not decoded, as the end of a sentence that begins with "The picture"."""


@dataclass(frozen=True)
class Unwrapped:
    format: str  # Pillow's name
    data: bytes
    width: int
    height: int
    orientation: int = 1  # EXIF: 1 is upright


def unwrap(data: bytes) -> Unwrapped:
    for magic, walk in WALKS.items():
        if data.startswith(magic):
            try:
                return walk(data)
            except (IndexError, struct.error) as error:  # the walk ran over the end
                raise Refused("is cut off") from error
    raise Refused("is no PNG, JPEG, WebP, BMP or GIF file")


XMP = b"XML:com.adobe.xmp\0\0"  # the keyword of a block that is not compressed
UPRIGHT_BY = re.compile(rb"tiff:Orientation(?:=[\"']|>)([1-8])[\"'<]")
MOST_XMP = 64 * 1024
MOST_RUNS = 1024**2  # pixels of a run-length coded BMP, whose decoder is slow


def _png(data: bytes) -> Unwrapped:
    kind, width, height = unpack_from(">4sII", data, 12)
    if kind != b"IHDR":
        raise Refused("is damaged: its header does not come first")
    kept, orientation, at = [data[:8]], 1, 8
    for _ in range(MOST_CHUNKS):
        length, kind = unpack_from(">I4s", data, at)
        end = at + 12 + length
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            kept.append(data[at:end])
        elif kind == b"eXIf":
            orientation = _orientation(data[at + 8 : end - 4])
        elif kind == b"iTXt" and orientation == 1 and data[at + 8 : end - 4].startswith(XMP):
            said = UPRIGHT_BY.search(data[at + 8 : min(end - 4, at + 8 + MOST_XMP)])
            orientation = int(said[1]) if said else 1
        if kind == b"IEND":
            return Unwrapped("PNG", b"".join(kept), width, height, orientation)
        at = end
    raise Refused("has too many chunks")


def _jpeg(data: bytes) -> Unwrapped:
    kept, orientation, frame, scans, at = [data[:2]], 1, None, 0, 2
    for _ in range(MOST_CHUNKS):
        marker = JPEG_MARKER.search(data, at)
        if marker is None:
            raise Refused("is cut off")
        if scans:
            kept.append(data[at : marker.start()])  # the scan itself
        at, kind = marker.end(), data[marker.end() - 1]
        if kind == 0xD9:
            break
        (length,) = unpack_from(">H", data, at)
        segment = data[at + 2 : at + length]
        if len(segment) != length - 2:
            raise Refused("is cut off")
        at += length
        if kind in JPEG_SIZES:
            if frame:
                raise Refused("is damaged: it has two headers")
            frame = _jpeg_frame(segment)
        if kind == 0xE1 and segment.startswith(b"Exif\0\0"):
            orientation = _orientation(segment[6:])
        if kind in JPEG_SIZES or kind in (0xC4, 0xDB, 0xDD, 0xDA) or segment.startswith((b"JFIF\0", b"Adobe")):
            kept.append(data[marker.end() - 2 : at])
        scans += kind == 0xDA
    else:
        raise Refused("has too many segments")
    if not frame or not scans:
        raise Refused("is damaged: it has no picture")
    width, height, coefficients = frame
    if scans > 1 and (scans * width * height > MOST_WORK or coefficients > MOST_COEFFICIENTS):
        raise Refused(f"is a progressive JPEG in {scans} passes, too costly at {width} x {height} pixels")
    return Unwrapped("JPEG", b"".join([*kept, b"\xff\xd9"]), width, height, orientation)


def _jpeg_frame(segment: bytes) -> tuple[int, int, int]:
    """Width, height, and how many coefficients all components have together."""
    _, height, width, components = unpack_from(">BHHB", segment)
    sampling = [(segment[7 + 3 * i] >> 4, segment[7 + 3 * i] & 15) for i in range(components)]
    across, down = max((h for h, _ in sampling), default=1) or 1, max((v for _, v in sampling), default=1) or 1
    return width, height, sum(width * height * h * v // (across * down) for h, v in sampling)


def _webp(data: bytes) -> Unwrapped:
    (length,) = unpack_from("<I", data, 4)
    if data[8:12] != b"WEBP" or length + 8 > len(data):
        raise Refused("is cut off")
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif kind == b"VP8L":
        (bits,) = unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (value & 0x3FFF for value in unpack_from("<HH", data, 26))
    orientation, at = 1, 12
    for _ in range(MOST_CHUNKS):
        if at + 8 > length + 8:
            return Unwrapped("WEBP", data[: length + 8], width, height, orientation)
        kind, size = unpack_from("<4sI", data, at)
        if kind == b"EXIF":
            orientation = _orientation(data[at + 8 : at + 8 + size].removeprefix(b"Exif\0\0"))
        at += 8 + size + size % 2
    raise Refused("has too many chunks")


def _bmp(data: bytes) -> Unwrapped:
    start, header = unpack_from("<II", data, 10)
    compression = 0
    if header == 12:
        width, height, _, bits = unpack_from("<HHHH", data, 18)
    else:
        width, height, _, bits, compression = unpack_from("<iiHHI", data, 18)
    height = abs(height)  # negative: the first row is the top one
    if compression in (1, 2) and width * height <= MOST_RUNS:
        return Unwrapped("BMP", data, width, height)
    if compression not in (0, 3, 6):  # none, or bit fields
        raise Refused("is a compressed BMP" + f" of more than {MOST_RUNS:,} pixels" * (compression in (1, 2)))
    if start + (width * bits + 31) // 32 * 4 * height > len(data):
        raise Refused("is cut off")
    return Unwrapped("BMP", data, width, height)


def _gif(data: bytes) -> Unwrapped:
    width, height, flags = unpack_from("<HHB", data, 6)
    at = 13 + (flags >> 7) * (6 << (flags & 7))
    kept, blocks = [data[:at]], 0
    for _ in range(MOST_CHUNKS):
        start, kind = at, data[at]
        if kind == 0x21:  # an extension: comments and the like, but 0xF9 says what is transparent
            at += 2
        elif kind == 0x2C:
            left, top, across, down, flags = unpack_from("<HHHHB", data, at + 1)
            width, height = max(width, left + across), max(height, top + down)
            at += 11 + (flags >> 7) * (6 << (flags & 7))
        else:
            raise Refused("is damaged: it has no picture")
        while data[at]:
            at += 1 + data[at]
            blocks += 1
            if blocks > MOST_BLOCKS:
                raise Refused("has too many blocks")
        at += 1
        if kind == 0x2C:
            return Unwrapped("GIF", b"".join([*kept[:1], *kept[1:][-1:], data[start:at], b";"]), width, height)
        if data[start + 1] == 0xF9:
            kept.append(data[start:at])
    raise Refused("has too many blocks")


def _orientation(exif: bytes) -> int:
    """Tag 0x0112 of the first directory of a TIFF block; whatever is odd about the block means upright."""
    try:
        order = {b"II*\0": "<", b"MM\0*": ">"}[exif[:4]]
        (at,) = unpack_from(order + "I", exif, 4)
        (entries,) = unpack_from(order + "H", exif, at)
        for entry in range(at + 2, at + 2 + 12 * entries, 12):
            tag, kind, count, value = unpack_from(order + "HHIH", exif, entry)
            if (tag, kind, count) == (0x0112, 3, 1):
                return value if 1 <= value <= 8 else 1
    except (KeyError, struct.error):
        pass
    return 1


WALKS = {
    b"\x89PNG\r\n\x1a\n": _png, b"\xff\xd8\xff": _jpeg, b"RIFF": _webp, b"BM": _bmp, b"GIF87a": _gif, b"GIF89a": _gif,
}  # fmt: skip
