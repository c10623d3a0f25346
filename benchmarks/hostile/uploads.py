"""Thousands of bad picture files, made the same way each time: what `benchmarks.hostile` and the tests feed to decode.

`small(seed)` yields (what it is, bytes) without end: cut, flipped, spliced and mislabelled files of every accepted
format. `headers()` states sizes without having them. LARGE makes the expensive ones.
"""

import io
import random
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

Case = tuple[str, bytes]
FOREIGN = [
    b"", b"\0", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"BM", b"II*\0\x08\0\0\0",
    b"%PDF-1.7\n1 0 obj", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<?php system($_GET[0]);",
    b"PK\x03\x04" + b"\0" * 60, b"\x80\x04\x95\x0b\0\0\0\0\0\0\0\x8c\x05posix\x94.", b"#!/bin/sh\nrm -rf /\n",
    b"P6 99999 99999 255\n", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"\0\0\x01\0\x01\0\x10\x10",
    b"\x1f\x8b\x08\0\0\0\0\0", "an emoji \N{PILE OF POO} and \u202e text".encode(), b"qoif" + b"\xff" * 40,
    b"\0\0\0\x0cjP  \r\n\x87\n", b"8BPS\0\x01" + b"\0" * 6 + b"\0\x03\0\0\x75\x30\0\0\x75\x30\0\x08\0\x03",
]  # fmt: skip


def saved(image: Image.Image, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, data: bytes, depth: int = 8, colour: int = 0, extra: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND")


def blank(count: int) -> bytes:
    """`count` zero bytes deflated, made piece by piece."""
    squeeze = zlib.compressobj(6)
    pieces = [squeeze.compress(bytes(min(2**20, count - at))) for at in range(0, count, 2**20)]
    return b"".join([*pieces, squeeze.flush()])


def sound(width: int = 23, height: int = 17) -> list[Case]:
    """One good file of every kind that is accepted."""
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 4), np.uint8)
    rgba = Image.fromarray(noise)
    rgb, grey = rgba.convert("RGB"), rgba.convert("L")
    frames = [rgb.rotate(90 * turn) for turn in range(4)]
    exif = Image.Exif()
    exif[0x0112] = 6
    files = {"16-bit PNG": saved(Image.fromarray(noise[..., 0].astype(np.uint16) * 257), format="PNG")}
    for mode in ("RGB", "RGBA", "L", "LA", "P", "1"):
        files[f"{mode} PNG"] = saved(rgba.convert(mode), format="PNG")
    for mode in ("RGB", "L", "CMYK"):
        files[f"{mode} JPEG"] = saved(rgb.convert(mode), format="JPEG", exif=exif)
        files[f"progressive {mode} JPEG"] = saved(rgb.convert(mode), format="JPEG", progressive=True)
    for mode in ("RGB", "RGBA"):
        files[f"{mode} WebP"] = saved(rgba.convert(mode), format="WEBP", exif=exif)
        files[f"lossless {mode} WebP"] = saved(rgba.convert(mode), format="WEBP", lossless=True)
    for mode in ("RGB", "L", "P", "1"):
        files[f"{mode} BMP"] = saved(rgb.convert(mode), format="BMP")
    files["GIF"] = saved(grey, format="GIF")
    files["transparent GIF"] = saved(rgb.quantize(16), format="GIF", transparency=3, comment=b"x" * 300)
    for form in ("GIF", "WEBP", "PNG"):
        files[f"animated {form}"] = saved(rgb, format=form, save_all=True, append_images=frames)
    return list(files.items())


def small(seed: int = 0) -> Iterator[Case]:
    chance = random.Random(seed)
    good = sound()
    while True:
        what, data = chance.choice(good)
        other = chance.choice(good)[1]
        at = chance.randrange(len(data))
        flipped = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 8, 64))):
            flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        early = bytearray(data)  # headers are where sizes, depths and offsets are
        early[chance.randrange(min(64, len(data)))] = chance.choice((0, 1, 127, 128, 254, 255))
        yield f"cut {what}", data[:at]
        yield f"flipped {what}", bytes(flipped)
        yield f"{what} with a changed header", bytes(early)
        yield f"spliced {what}", data[:at] + other[chance.randrange(len(other)) :]
        yield f"{what} with a hole", data[:at] + data[at + chance.randrange(1, 40) :]
        yield f"{what} with noise", data[:at] + chance.randbytes(chance.randrange(1, 99)) + data[at:]
        yield f"{what} with repeats", data[:at] + data[max(0, at - 20) : at] * chance.randrange(1, 99) + data[at:]
        yield f"polyglot {what}", data + chance.choice(FOREIGN)
        yield f"foreign bytes before {what}", chance.choice(FOREIGN) + data
        yield "foreign file", chance.choice(FOREIGN) + chance.randbytes(chance.randrange(99))
        yield f"magic of {what}, then noise", data[: chance.choice((4, 8, 12, 26, 30, 33))] + chance.randbytes(200)


def headers() -> Iterator[Case]:
    """Files of a few bytes that state a size: none, too large, or just too large."""
    large = 2**31 - 1
    sides = ((0, 5), (5, 0), (large, large), (2**32 - 1, 500), (65535, 65535), (16000, 10000), (5001, 5000))
    for width, height in sides:
        short = min(width, 65535), min(height, 65535)
        yield f"PNG header of {width} x {height}", png(width, height, blank(5000))
        yield f"GIF header of {short}", gif(struct.pack("<BHHHHB", 0x2C, 0, 0, *short, 0) + b"\2\2\x4c\1\0", *short)
        yield f"BMP header of {width} x {height}", bmp(min(width, large), -min(height, large), 24, 0, bytes(99))
        jpeg = bytearray(JPEG)
        at = jpeg.index(b"\xff\xc0")
        jpeg[at + 5 : at + 9] = struct.pack(">HH", short[1], short[0])
        yield f"JPEG header of {short}", bytes(jpeg)
        if width * height == 0:
            continue  # a WebP states its sides less one
        canvas = b"".join(((side - 1) & 0xFFFFFF).to_bytes(3, "little") for side in (width, height))
        body = b"WEBPVP8X\x0a\0\0\0\2\0\0\0" + canvas + b"ANIM\6\0\0\0" + bytes(6)
        yield f"WebP canvas of {width} x {height}", b"RIFF" + struct.pack("<I", len(body)) + body


def gif(body: bytes, width: int = 8, height: int = 8) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + body + b";"


def bmp(width: int, height: int, bits: int, compression: int, body: bytes) -> bytes:
    palette = 1024 if bits == 8 else 0
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, palette // 4, 0)
    return b"BM" + struct.pack("<IHHI", 54 + palette + len(body), 0, 0, 54 + palette) + head + bytes(palette) + body


def flat(mode: str, width: int, height: int, **options) -> bytes:
    return saved(Image.new(mode, (width, height)), **options)


def scans() -> bytes:
    data = flat("RGB", 5000, 5000, format="JPEG", progressive=True)
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * 2000 + b"\xff\xd9"


def animated(form: str) -> bytes:
    frames = [Image.new("RGB", (2000, 2000), (shade, 0, 0)) for shade in range(0, 250, 25)]
    return saved(frames[0], format=form, save_all=True, append_images=frames)


def halves(data: bytes, end: bytes) -> bytes:
    return data[: len(data) // 2] + end


JPEG = flat("RGB", 8, 8, format="JPEG")
STRIPES = zlib.compress(b"\0\1\2\3\4" * 4)
SHARED = (
    b"II*\0\x08\0\0\0"
    + struct.pack("<H", 5000)
    + b"".join(struct.pack("<HHII", tag, 7, 60000, 8) for tag in range(5000))
    + bytes(4)
)
PROGRESSIVE = {"format": "JPEG", "progressive": True}
LOSSLESS = {"format": "WEBP", "lossless": True, "method": 0}
LARGE = {  # what it is -> the file, made when asked for: bombs by pixels, compression, metadata, frames and scans
    "11 MB of PNG": lambda: png(10, 10, blank(110), extra=chunk(b"tEXt", b"k\0" + bytes(11 * 2**20))),
    "PNG of 160 megapixels": lambda: png(16000, 10000, blank(160_010_000)),
    "PNG of 25 megapixels, RGBA with 16 bits": lambda: png(5000, 5000, blank(5000 * 40001), 16, 6),
    "PNG of 25 megapixels, last byte missing": lambda: png(5000, 5000, blank(5000 * 20001 - 1), 8, 6),
    "PNG of 25 megapixels, end missing": lambda: png(5000, 5000, blank(5000 * 20001), 8, 6)[:-20],
    "PNG of 1 x 25 million": lambda: png(1, 25_000_000, blank(50_000_000)),
    "PNG of 380 x 65,535": lambda: png(380, 65_535, blank(1521 * 65_535), 8, 6),
    "PNG of 65,535 x 380": lambda: png(65_535, 380, blank(380 * 262_141), 8, 6),
    "PNG whose data go on for a gigabyte": lambda: png(10, 10, blank(2**30)),
    "PNG of 800,000 empty texts": lambda: png(4, 4, blank(20), extra=chunk(b"tEXt") * 800_000),
    "PNG of 800,000 empty IDAT": lambda: png(4, 4, blank(20), extra=chunk(b"IDAT") * 800_000),
    "PNG with 64 texts of 50 MB": lambda: png(4, 4, blank(20), extra=chunk(b"zTXt", b"k\0\0" + blank(50_000_000)) * 64),
    "PNG with a profile of 500 MB": lambda: png(4, 4, blank(20), extra=chunk(b"iCCP", b"k\0\0" + blank(500_000_000))),
    "PNG with indices beyond its palette": lambda: png(4, 4, STRIPES, 8, 3, chunk(b"PLTE", b"\1\2\3")),
    "PNG with a palette of 300": lambda: png(4, 4, STRIPES, 8, 3, chunk(b"PLTE", bytes(900))),
    "PNG with no palette": lambda: png(4, 4, STRIPES, 8, 3),
    "PNG with EXIF that shares its bytes": lambda: png(4, 4, blank(20), extra=chunk(b"eXIf", SHARED)),
    "PNG with EXIF that loops": lambda: png(4, 4, blank(20), extra=chunk(b"eXIf", b"MM\0*\0\0\0\x08\0\1" + bytes(12))),
    "JPEG with EXIF that shares its bytes": lambda: (
        JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(SHARED) + 8) + b"Exif\0\0" + SHARED + JPEG[2:]
    ),
    "JPEG of 2.5 million empty segments": lambda: JPEG[:2] + b"\xff\xe1\0\2" * 2_500_000 + JPEG[2:],
    "JPEG with 10 MB of comments": lambda: JPEG[:2] + (b"\xff\xfe\xff\xff" + bytes(65533)) * 150 + JPEG[2:],
    "JPEG with 10 MB of filling": lambda: JPEG[:2] + b"\xff" * 10**7 + JPEG[2:],
    "JPEG with 10 MB of noise between segments": lambda: JPEG[:2] + b"\xff\0" * 5_000_000 + JPEG[2:],
    "JPEG of 25 megapixels in CMYK": lambda: flat("CMYK", 5000, 5000, format="JPEG"),
    "JPEG of 25 megapixels, progressive": lambda: flat("RGB", 5000, 5000, **PROGRESSIVE),
    "JPEG of 25 megapixels, progressive, no subsampling": lambda: flat("RGB", 5000, 5000, subsampling=0, **PROGRESSIVE),
    "JPEG of 25 megapixels, half": lambda: halves(flat("RGB", 5000, 5000, format="JPEG"), b"\xff\xd9"),
    "JPEG of 2,000 scans": scans,
    "GIF with five million blocks of comment": lambda: gif(b"!\xfe" + b"\1x" * 5_000_000 + b"\0"),
    "GIF with 10 MB of comment": lambda: gif(b"!\xfe" + (b"\xff" + b"x" * 255) * 40_000 + b"\0"),
    "GIF with 3 million empty extensions": lambda: gif(b"!\xff\0" * 3_300_000),
    "GIF of 25 megapixels": lambda: flat("L", 5000, 5000, format="GIF"),
    "GIF of 25 megapixels that ends too early": lambda: halves(flat("L", 5000, 5000, format="GIF"), b"\0;"),
    "GIF whose frame lies outside": lambda: gif(
        struct.pack("<BHHHHB", 44, 65000, 65000, 500, 500, 0) + b"\2\2\x4c\1\0"
    ),
    "GIF of 4 megapixels, animated": lambda: animated("GIF"),
    "WebP of 12 megapixels": lambda: flat("RGB", 4000, 3000, **LOSSLESS),
    "WebP of 12 megapixels, half of it zero": lambda: halves(
        data := flat("RGB", 4000, 3000, **LOSSLESS), bytes(len(data) - len(data) // 2)
    ),
    "WebP of 25 megapixels": lambda: flat("RGB", 5000, 5000, **LOSSLESS),
    "WebP of 4 megapixels, animated": lambda: animated("WEBP"),
    "BMP of 25 megapixels": lambda: flat("1", 5000, 5000, format="BMP"),
    "BMP with run lengths, 2000 wide": lambda: bmp(2000, 1000, 8, 1, b"\0\2\xff\xff" * 100_000),
    "BMP with run lengths, 25000 wide": lambda: bmp(25_000, 1000, 8, 1, b"\0\2\xff\xff" * 100_000),
}
