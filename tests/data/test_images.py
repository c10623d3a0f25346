"""Uploads: pixels against Pillow's own reading, alpha against its formula, and bad files of every kind."""

import io
import struct
import subprocess
import sys
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image, ImageOps, PngImagePlugin

from benchmarks.hostile.uploads import LARGE, headers, saved, small, sound
from explorer.data.images import LONGEST, decode, field, fit, network_input
from explorer.errors import ExplorerError

SOUND = dict(sound())


def noise(width, height, bands=3, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, bands), np.uint8).squeeze()


def difference(image, expected):
    return np.abs(np.asarray(image).astype(int) - np.asarray(expected).astype(int)).max()


@given(
    some.integers(1, 40),
    some.integers(1, 40),
    some.sampled_from([("PNG", {}), ("BMP", {}), ("WEBP", {"lossless": True})]),
)
@settings(max_examples=30, deadline=None)
def test_a_lossless_file_gives_back_its_pixels(width, height, how):
    pixels = noise(width, height).reshape(height, width, 3)
    image = decode(saved(Image.fromarray(pixels), format=how[0], **how[1]))
    assert image.mode == "RGB"
    np.testing.assert_array_equal(np.asarray(image), pixels)


@pytest.mark.parametrize("what", sorted(SOUND.keys() - {"16-bit PNG"}))
def test_every_kind_of_file_reads_as_pillow_reads_it(what):
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(SOUND[what])))  # the first frame
    if expected.has_transparency_data:
        expected = Image.alpha_composite(Image.new("RGBA", expected.size, "white"), expected.convert("RGBA"))
    image = decode(SOUND[what])
    assert image.mode == "RGB" and image.size == expected.size
    assert difference(image, expected.convert("RGB")) == 0


@pytest.mark.parametrize(
    "options",
    [
        {"restart_marker_rows": 1},
        {"restart_marker_blocks": 2, "progressive": True},
        {"keep_rgb": True},
        {"subsampling": 2, "optimize": True, "quality": 100},
        {"comment": b"\xff\xd9 \xff\xda" * 50, "icc_profile": b"\xff\xd8 no profile"},
        {"format": "MPO", "save_all": True, "append_images": [Image.new("RGB", (50, 40), "red")]},  # as phones write
    ],
    ids="-".join,
)
def test_unusual_jpegs_survive_the_rewrapping(options):
    data = saved(Image.fromarray(noise(50, 40)), **{"format": "JPEG", **options})
    assert difference(decode(data), Image.open(io.BytesIO(data)).convert("RGB")) == 0


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("endian", ["<", ">"])
def test_orientation(form, orientation, endian):
    exif = Image.Exif()
    exif.endian = endian
    exif[0x0112] = orientation
    data = saved(Image.fromarray(noise(12, 7)), format=form, exif=exif)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    assert difference(decode(data), expected) == 0


@pytest.mark.parametrize("orientation", range(10))
def test_orientation_of_a_png_that_tells_it_in_xmp(orientation):
    about = PngImagePlugin.PngInfo()
    about.add_itxt("XML:com.adobe.xmp", f'<rdf:Description tiff:Orientation="{orientation}"/>')
    data = saved(Image.fromarray(noise(12, 7)), format="PNG", pnginfo=about)
    expected = Image.open(io.BytesIO(data))
    expected = expected if orientation in (0, 9) else ImageOps.exif_transpose(expected)
    assert difference(decode(data), expected.convert("RGB")) == 0


def rle8(width: int, height: int, body: bytes) -> bytes:
    palette = b"".join(struct.pack("<4B", grey, grey, grey, 0) for grey in range(256))
    start = 14 + 40 + len(palette)
    about = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(body), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + about + palette + body


def test_a_run_length_coded_bmp():
    body = bytes([3, 50, 1, 200, 0, 0, 0, 4, 10, 20, 30, 40, 0, 0, 0, 1])  # rows from below: runs, then single pixels
    expected = np.array([[10, 20, 30, 40], [50, 50, 50, 200]], np.uint8)
    assert difference(decode(rle8(4, 2, body)), Image.fromarray(expected).convert("RGB")) == 0
    with pytest.raises(ExplorerError, match="compressed BMP of more than"):
        decode(rle8(2000, 2000, body))


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_alpha_is_laid_on_white(form):
    pixels = noise(31, 9, 4)
    colour, alpha = pixels[..., :3].astype(float), pixels[..., 3:] / 255
    image = decode(saved(Image.fromarray(pixels), format=form, lossless=True, exact=True))
    assert difference(image, np.rint(colour * alpha + 255 * (1 - alpha))) <= 1


def test_grey_alpha_and_the_transparent_colour_are_laid_on_white():
    pixels = noise(8, 8, 2)
    alpha = pixels[..., 1] / 255
    expected = np.rint(pixels[..., 0] * alpha + 255 * (1 - alpha))
    image = Image.merge("LA", [Image.fromarray(pixels[..., band].copy()) for band in (0, 1)])
    assert difference(decode(saved(image, format="PNG")).getchannel(0), expected) <= 1
    for form in ("PNG", "GIF"):
        palette = Image.fromarray(noise(8, 8)).quantize(4)
        transparent = np.asarray(palette) == 2
        image = np.asarray(decode(saved(palette, format=form, transparency=2)))
        assert (image[transparent] == 255).all()
        np.testing.assert_array_equal(image[~transparent], np.asarray(palette.convert("RGB"))[~transparent])
    grey = noise(8, 8, 1).astype(np.uint16) * 257
    image = np.asarray(decode(saved(Image.fromarray(grey), format="PNG", transparency=int(grey[3, 3]))))
    assert (image[3, 3] == 255).all() and (image[grey != grey[3, 3]][:, 0] == grey[grey != grey[3, 3]] // 257).all()


def test_sixteen_bits_become_eight_by_rounding():
    values = np.array([[0, 1, 128, 129, 257, 32767, 32768, 65535]], np.uint16)
    image = np.asarray(decode(saved(Image.fromarray(values), format="PNG")))
    np.testing.assert_array_equal(image[..., 0], np.rint(values / 65535 * 255))


@pytest.mark.parametrize(
    ("width", "height", "bands"), [(1024, 700, 1), (1025, 3, 4), (2100, 1511, 4), (1300, 2900, 1), (5, 9001, 4)]
)
def test_a_large_picture_comes_smaller_but_alike(width, height, bands):
    """The strips must not show: against Pillow's reduction of the whole picture."""
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([(x * 255 // width), (y * 255 // height), (x + y) % 256, 255 - y * 200 // height], -1)
    whole = Image.fromarray(pixels.astype(np.uint8)[..., :bands].squeeze(-1) if bands == 1 else pixels.astype(np.uint8))
    image = decode(saved(whole, format="PNG", compress_level=1))
    assert max(image.size) == LONGEST
    assert abs(image.width / width - LONGEST / max(width, height)) * width <= 1
    white = Image.new("RGBA", whole.size, "white")
    expected = (
        Image.alpha_composite(white, whole.convert("RGBA")).convert("RGB").resize(image.size, Image.Resampling.BOX)
    )
    assert np.abs(np.asarray(image).astype(float) - np.asarray(expected))[..., :2].mean() < 1


def test_the_limits_are_where_they_are_said_to_be():
    just = decode(saved(Image.new("1", (5000, 5000), 1), format="PNG"))
    assert just.size == (LONGEST, LONGEST) and just.getextrema() == ((255, 255),) * 3
    with pytest.raises(ExplorerError, match="5001 x 5000 pixels, at most 25 million"):
        decode(saved(Image.new("1", (5001, 5000), 1), format="PNG"))
    data = SOUND["RGB JPEG"]
    assert decode(data + bytes(10 * 2**20 - len(data))).size == (17, 23)
    with pytest.raises(ExplorerError, match="10 MB at most"):
        decode(data + bytes(10 * 2**20 - len(data) + 1))


@pytest.mark.parametrize("what", SOUND)
def test_every_cut_is_refused(what):
    data = SOUND[what]
    whole = decode(data)
    for length in range(len(data)):
        try:
            cut = decode(data[:length])
        except ExplorerError:
            continue
        assert length > len(data) // 9 and difference(cut, whole) == 0, length  # only what follows the picture is gone


def test_nothing_but_a_picture_or_an_explorer_error_comes_out():
    outcomes = {True: 0, False: 0}
    for what, data in islice(small(seed=1), 1500):
        try:
            image = decode(data)
            assert image.mode == "RGB" and min(image.size) >= 1 and max(image.size) <= LONGEST, what
            outcomes[True] += 1
        except ExplorerError as error:
            assert str(error).startswith("The picture "), what
            outcomes[False] += 1
    assert min(outcomes.values()) > 100


MEASURE = """
import sys
from explorer.errors import ExplorerError
from explorer.data.images import decode
def memory(key):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(key)) / 1000
data = open(sys.argv[1], "rb").read()
before = memory("VmRSS")
try:
    decode(data)
    print("read", memory("VmHWM") - before)
except ExplorerError:
    print("refused", memory("VmHWM") - before)
"""
EXPENSIVE = {  # what happens to it
    "PNG of 25 megapixels, last byte missing": "refused",
    "JPEG of 25 megapixels, progressive": "read",
    "WebP of 12 megapixels": "read",
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read from Linux's /proc")
@pytest.mark.parametrize("what", EXPENSIVE)
def test_expensive_files_stay_under_200_megabytes(what, tmp_path):
    """Each in a process of its own, since a process keeps what its decoders once took."""
    (tmp_path / "file").write_bytes(LARGE[what]())
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "file")]
    outcome, peak = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert outcome == EXPENSIVE[what]
    assert float(peak) < 200


FREE = (
    "GIF with five million",
    "GIF with 10 MB",
    "GIF with 3 million",
    "JPEG of 2.5 million",
    "PNG of 800,000",
    "BMP with",
)


@pytest.mark.parametrize("what", [what for what in LARGE if what.startswith(FREE)])
def test_wrapping_without_end_is_refused_without_decoding(what, monkeypatch):
    monkeypatch.setattr("explorer.data.images._decode", lambda file: pytest.fail("decoded"))
    with pytest.raises(ExplorerError):
        decode(LARGE[what]())


def test_stated_sizes_are_believed_before_pixels_are_looked_for(monkeypatch):
    monkeypatch.setattr("explorer.data.images._decode", lambda file: pytest.fail("decoded"))
    for _, data in headers():
        with pytest.raises(ExplorerError, match=r"pixels|cut off"):
            decode(data)


@pytest.mark.parametrize("data", [None, 7, "text", ["list"]])
def test_what_is_not_bytes_is_refused(data):
    with pytest.raises(ExplorerError):
        decode(data)


def test_fit_keeps_the_middle_or_the_whole():
    pixels = np.zeros((30, 60, 3), np.uint8)
    pixels[:, :15], pixels[:, 15:45], pixels[:, 45:] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    image = Image.fromarray(pixels)
    crop, pad, stretch = (np.asarray(fit(image, 12, mode)).astype(int) for mode in ("crop", "pad", "stretch"))
    assert (crop[:, 2:-2] == (0, 255, 0)).all() and crop[0, 0, 0] == crop[0, -1, 2] < 30
    assert (pad[:3] == 128).all() and (pad[9:] == 128).all() and (pad[3:9, 0] == (255, 0, 0)).all()
    assert (stretch[:, 0] == (255, 0, 0)).all() and (stretch[:, -1] == (0, 0, 255)).all()


@given(some.integers(1, 33))
@settings(max_examples=10, deadline=None)
def test_fit_at_its_own_size_changes_nothing(side):
    image = Image.fromarray(noise(side, side).reshape(side, side, 3))
    for mode in ("crop", "pad", "stretch"):
        assert difference(fit(image, side, mode), image) == 0


@pytest.mark.parametrize("size", [0, -1, 2.5, 10**9, None, True])
def test_a_size_that_is_none(size):
    with pytest.raises(ExplorerError, match="size is"):
        fit(Image.new("RGB", (4, 4)), size)


def test_an_unknown_mode():
    with pytest.raises(ExplorerError, match="crop, pad, stretch"):
        fit(Image.new("RGB", (4, 4)), 4, "zoom")


def test_field_and_network_input_are_the_pixels():
    pixels = noise(6, 6)
    image = Image.fromarray(pixels)
    colour = field(image, 6, colour=True)
    assert colour.dtype == np.float32, "an array, as the player and the pages want it"
    np.testing.assert_allclose(colour, pixels.transpose(2, 0, 1) / 255, atol=1e-7)
    luma = pixels @ [0.299, 0.587, 0.114] / 255  # ITU-R 601-2
    np.testing.assert_allclose(field(image, 6, colour=False)[0], luma, atol=1 / 255)
    mean, std = (0.4, 0.5, 0.6), (0.1, 0.2, 0.3)
    seen = network_input(image, 3, 6, mean, std)
    np.testing.assert_allclose(seen[0].permute(1, 2, 0), (pixels / 255 - mean) / std, atol=1e-5)
    np.testing.assert_allclose(network_input(image, 1, 6, [0.5], [0.5])[0, 0], luma * 2 - 1, atol=2 / 255)
    with pytest.raises(ExplorerError, match="channels is 1 with 3 means"):
        network_input(image, 1, 6, mean, std)
