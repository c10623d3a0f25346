import io
import itertools
import json
import subprocess

import numpy as np
import pytest
from PIL import Image

from explorer.paths import ROOT
from explorer.render import (
    NOT_FINITE,
    TABLES,
    Scale,
    bar,
    colour,
    enlarge,
    ink,
    luminance,
    mosaic,
    number,
    png,
    scale_of,
    size,
    to_rgb,
)
from explorer.ui.components.parts import plain


def test_colour_takes_the_table_entry_of_each_value():
    values = np.linspace(-3, 5, 256).reshape(16, 16)
    assert np.array_equal(colour(values, Scale(-3, 5)).reshape(-1, 3), TABLES["magnitude"])


def test_values_outside_the_scale_take_the_colour_of_its_end():
    picture = colour(np.array([[-1e30, 1e30]]), Scale(0, 1))
    assert picture[0, 0].tolist() == TABLES["magnitude"][0].tolist()
    assert picture[0, 1].tolist() == TABLES["magnitude"][-1].tolist()


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_marked_and_leave_the_scale_alone(odd):
    values = np.array([[0.0, odd], [2.0, 1.0]])
    assert scale_of(values) == Scale(0, 2)
    picture = colour(values)
    assert picture[0, 1].tolist() == list(NOT_FINITE)
    assert picture[1, 0].tolist() == TABLES["magnitude"][-1].tolist()


def test_nothing_finite_still_makes_a_picture():
    assert (colour(np.full((2, 2), np.nan)) == NOT_FINITE).all()


def test_signed_scale_is_symmetric_and_zero_is_nearly_white():
    values = np.array([[-1.0, 0.0, 4.0]])
    scale = scale_of(values)
    assert (scale.low, scale.high, scale.kind) == (-4, 4, "signed")
    assert colour(values, scale)[0, 1].min() > 235


def test_signed_map_is_blue_below_and_orange_above():
    below, above = colour(np.array([[-1.0, 1.0]]), Scale(-2, 2, "signed"))[0].astype(int)
    assert below[2] > below[0] + 30 and above[0] > above[2] + 30


def test_constant_maps_are_drawn_at_the_foot_of_the_scale_or_at_zero():
    assert (colour(np.full((2, 2), 7.0)) == TABLES["magnitude"][0]).all()
    assert (colour(np.zeros((2, 2)), scale_of(np.zeros((2, 2)), "signed")) == TABLES["signed"][127]).all()


def test_mosaic_puts_each_map_at_its_place_with_its_own_scale():
    maps = np.random.default_rng(0).normal(size=(5, 3, 4))
    scales = [scale_of(m) for m in maps]
    picture = mosaic(maps, scales, columns=2, gap=1, factor=2)
    assert picture.shape == (3 * 6 + 2, 2 * 8 + 1, 3)
    for place in range(5):
        top, left = (place // 2) * 7, (place % 2) * 9
        tile = picture[top : top + 6 : 2, left : left + 8 : 2]
        assert np.array_equal(tile, colour(maps[place], scales[place]))
    assert (picture[14:, 9:] == 255).all()


def test_enlarge_repeats_pixels_and_never_shrinks():
    picture = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    large = enlarge(picture, 7)
    assert large.shape == (6, 6, 3)
    assert np.array_equal(large[::3, ::3], picture)
    assert np.array_equal(enlarge(large, 2), large)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (0, "0 B"),
        (33, "132 B"),
        (249, "996 B"),
        (250, "1.00 KB"),
        (703_386, "2.81 MB"),
        (11_181_642, "44.7 MB"),
        (249_874, "999 KB"),
        (249_875, "1.00 MB"),
        (25 * 10**7, "1.00 GB"),
    ],
)  # four bytes each, by hand
def test_parameters_in_bytes(parameters, said):
    assert size(parameters) == said


def test_to_rgb_clips_and_repeats_grey():
    picture = to_rgb(np.array([[[-1.0, 0.5, np.inf]]]))
    assert picture[0].tolist() == [[0, 0, 0], [128, 128, 128], [255, 255, 255]]


def test_png_round_trip():
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png(picture)))), picture)


def test_bar_runs_from_low_to_high():
    strip = bar(Scale(0, 1), width=256, height=3)
    assert np.array_equal(strip[1], TABLES["magnitude"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1, "1.00"),
        (0.471234, "0.471"),
        (-12.345, "−12.3"),
        (999.6, "1000"),
        (8.125, "8.13"),
        (-8.125, "−8.13"),
        (0.0001220703125, "0.000122"),
        (100.5, "101"),
        (1_005_000, "1.01·10⁶"),
        (123456, "123456"),
        (0.00012345, "0.000123"),
        (1.5e-7, "1.50·10⁻⁷"),
        (-2.5e30, "−2.50·10³⁰"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
        (float("nan"), "not a number"),
    ],
)
def test_numbers_as_people_read_them(value, text):
    assert number(value) == text


def ties() -> list[float]:
    """Values half-way between two texts, those on either side of them, and the ends of what a float can hold."""
    halves = [part / 2**power for power in range(1, 16) for part in range(1, 1200, 2)]
    decades = [(digits + 0.5) * 10**power for power in range(12) for digits in range(99, 1000, 7)]
    edges = [5e-324, 2.2e-308, 1.7976931348623157e308, 9.995, 99.95, 999.5, 9999.5, 999999.5, 9.995e-5, 1e-4]
    values = [*halves, *decades, *edges]
    values += [float(np.nextafter(value, end)) for value in values[::5] for end in (0, 1e308)]
    return values + [-value for value in values]


PARTS = ROOT / "explorer/ui/components/parts.js"


def in_the_browsers_language(script: str, asked: list) -> list:
    """What parts.js makes of what is asked, where `script` writes it of `asked`."""
    run = f"""{plain(PARTS.read_text("utf-8"))}
      const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
      process.stdout.write(JSON.stringify({script}));
    """
    answer = subprocess.run(["node", "-e", run], input=json.dumps(asked), capture_output=True, check=True, text=True)
    return json.loads(answer.stdout)


@pytest.mark.needs("node")
def test_the_browser_prints_the_same_numbers_to_the_last_digit():
    asked = [[value, digits] for digits in (2, 3, 4, 6) for value in ties()]
    theirs = in_the_browsers_language("asked.map(([value, digits]) => number(value, digits))", asked)
    apart = [(*one, other) for one, other in zip(asked, theirs, strict=True) if number(*one) != other]
    assert len(asked) > 50_000 and apart == []


COLOURS = [*itertools.product(range(0, 256, 15), repeat=3), NOT_FINITE]
COLOURS += [tuple(int(level) for level in one) for table in TABLES.values() for one in table]


def test_what_is_written_on_a_colour_can_be_read():
    for levels in COLOURS:
        lightest, darkest = 1.05 / (luminance(*levels) + 0.05), (luminance(*levels) + 0.05) / 0.05
        assert max(lightest, darkest) == (darkest if ink(*levels) == "#000" else lightest) >= 4.5


@pytest.mark.needs("node")
def test_the_browser_writes_in_the_same_ink():
    theirs = in_the_browsers_language("asked.map((levels) => inkOn(...levels))", COLOURS)
    assert theirs == [ink(*levels) for levels in COLOURS]
