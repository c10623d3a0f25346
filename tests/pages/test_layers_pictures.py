"""What the Layers page paints itself: the window on a picture, dots, strips of maps, bars of a vector."""

import numpy as np
import pytest

from explorer.render import Scale
from explorer.ui.shared.grids import grid, tidy
from explorer.ui.shared.pictures import ABOVE, BELOW, MARK, bar_strip, dotted, outlined, seen, strip

GREY = np.full((4, 6, 3), 90, np.uint8)


def marked(picture):
    return (picture == MARK).all(axis=-1)


def test_a_box_is_outlined_where_its_pixels_are():
    large = outlined(GREY, (1, 2, 2, 3), target=60)
    rows, columns = np.nonzero(marked(large))
    assert large.shape == (40, 60, 3)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (10, 29, 20, 49)
    assert not marked(large)[15:25, 25:45].any()  # only its edge
    assert not marked(outlined(GREY, (0, 0, 0, 0))).any() and not marked(GREY).any()


def test_dots_stand_in_the_pixels_that_won():
    places = np.zeros((4, 6))
    places[1, 4] = 2
    rows, columns = np.nonzero(marked(dotted(GREY, places, target=60)))
    assert set(rows // 10) == {1} and set(columns // 10) == {4}


def test_maps_are_equally_large_in_every_strip():
    scale = Scale(0, 1)
    few, many = strip(np.ones((2, 5, 5)), scale, 4, tile=20), strip(np.ones((9, 5, 5)), scale, 4, tile=20)
    assert few.shape == many.shape == (20, 4 * 20 + 3 * 2, 4)
    assert few[0, :42, 3].sum() == 255 * 40 and few[:, 42:].sum() == 0
    assert many[0, :, 3].sum() == 255 * 80


def test_bars_are_as_high_as_their_values_and_coloured_by_their_sign():
    picture = bar_strip(np.array([2.0, -1.0, 0.0, 1.0]), width=40, height=31)
    above, below = ((picture == colour).all(axis=-1) for colour in (ABOVE, BELOW))
    heights = [int(above[:, x].sum()) for x in (5, 15, 25, 35)]
    assert heights == [20, 0, 0, 10] and below[:, 15].sum() == 10 and below[:, 5].sum() == 0


@pytest.mark.parametrize("values", [[0.0], [np.nan, np.inf], np.zeros(5000), np.ones(3)])
def test_bars_of_odd_vectors(values):
    assert bar_strip(np.array(values)).shape == (72, 832, 4)


def test_more_values_than_columns_keep_the_extreme_ones():
    values = np.zeros(10_000)
    values[5_000] = -3
    below = (bar_strip(values, width=100, height=31) == BELOW).all(axis=-1)
    assert list(np.flatnonzero(below.any(axis=0))) == [50] and below[:, 50].sum() == 30


def test_a_field_is_seen_as_it_is_and_numbers_in_a_scale():
    assert (seen(np.full((3, 2, 2), 0.5)) == 128).all()
    assert seen(np.array([[[0.0, 5.0]]])).shape == (1, 2, 3)


def test_numbers_in_a_grid_are_escaped_marked_and_short():
    html = grid(np.array([[1.0, -0.12345]]), "<b>", marks=np.array([[True, False]]))
    assert "<b>" not in html and html.count('class="mark"') == 1
    assert ">1<" in html and ">−0.123<" in html
    assert grid(np.zeros((40, 2)), "long").count("<tr>") == 16 and "first 16 of 40" in grid(np.zeros((40, 2)), "long")
    assert tidy(1e7) == "1.00·10⁷" and tidy(-3.0) == "−3" and tidy(np.nan) == "not a number"
