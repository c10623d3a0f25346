"""Figures of the Results page hold the numbers that they are given."""

import pytest

from explorer.figures import results as figures
from explorer.figures.theme import OKABE_ITO, QUANTITY
from explorer.results.differences import Difference


def test_a_difference_is_a_mark_with_its_interval_in_the_colour_of_its_sign():
    lines = [
        ("better", Difference(10, 1.0, 0.5, 2.0)),
        ("worse", Difference(10, -1.0, -1.5, -0.5)),
        ("nothing", Difference(10, 0.1, -0.5, 0.7)),
        ("two pairs", Difference(2, 3.0)),
    ]
    better, worse, nothing, two = figures.differences(lines, 0.3, "key").data
    assert [one.marker.color for one in (better, worse, nothing)] == [
        QUANTITY["good"],
        QUANTITY["bad"],
        OKABE_ITO["grey"],
    ]
    assert (better.x[0] + better.error_x.array[0], better.x[0] - better.error_x.arrayminus[0]) == (2.0, 0.5)
    assert two.marker.symbol == "circle-open" and two.error_x.array is None


def test_a_band_reaches_from_the_lowest_to_the_highest_around_the_mean():
    band, line = figures.bands({"kind": ([1, 2], [[1.0, 5.0], [3.0, 6.0], [2.0, 10.0]])}, "loss").data
    assert list(line.y) == pytest.approx([2.0, 7.0])
    assert list(zip(band.x, band.y, strict=True)) == [(1, 3.0), (2, 10.0), (2, 5.0), (1, 1.0)]
