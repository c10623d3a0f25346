"""One pixel's series against explicit steps and its bounds, and five terms against the step they make."""

import csv
import io

import numpy as np
import pytest
import torch

from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.diffusion.pixel import POINTS, five_terms, series
from explorer.errors import ExplorerError


def noise(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("shape", [(3, 8, 8), (1, 7, 10), (1, 5, 3), (1, 1, 6)])
@pytest.mark.parametrize("alpha", [1.0, 2.6])
def test_a_series_is_what_explicit_steps_give(boundary, shape, alpha):
    cable, u = Cable(alpha, 0.1, 1.0, 1.2, boundary), noise(*shape)
    for y, x in {(0, 0), (shape[1] - 1, shape[2] - 1), (shape[1] // 2, shape[2] // 3)}:
        found = series(cable, u, y, x, 450)
        assert found.steps[1] == 3 and len(found.steps) <= POINTS
        for place in (0, 1, 7, len(found.steps) - 1):
            stepped = cable.run(u, int(found.steps[place]))
            scale = stepped.abs().max().item()
            np.testing.assert_allclose(found.values[:, place], stepped[:, y, x].numpy(), atol=1e-10 * scale)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("parameters", [(2.0, 0.06), (2.3, 0.1), (3.0, 0.5), (1.0, 2.5)])
def test_no_value_leaves_its_bounds(boundary, parameters):
    cable, u = Cable(*parameters, boundary=boundary), noise(1, 12, 12)
    found = series(cable, u, 3, 5, 120)
    slack = 1e-9 * np.maximum(np.abs(found.low), np.abs(found.high))
    assert (found.values >= found.low - slack).all() and (found.values <= found.high + slack).all()
    if boundary != "zero" and parameters == (2.0, 0.06):  # the bound of a smooth scheme shrinks with the leak
        kept = (1 - cable.tau) ** found.steps
        np.testing.assert_allclose(found.high - found.low, kept * (found.high[0] - found.low[0]), rtol=1e-9)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_series_that_overflows_holds_no_nan(boundary):
    for u in (noise(1, 6, 6) - 0.5, torch.zeros(1, 6, 6), torch.ones(1, 6, 6)):
        found = series(Cable(1e4, 3.0, boundary=boundary), u, 2, 2, 100_000)
        for numbers in (found.values, found.low, found.high, found.centre):
            assert not np.isnan(numbers).any()
        assert (u != 0).any() or (found.values == 0).all()


def test_the_csv_can_be_read_back():
    found = series(Cable(1.0, 0.1), noise(3, 6, 6), 1, 2, 5)
    rows = list(csv.reader(io.StringIO(found.csv())))
    assert rows[0] == ["step", "red", "green", "blue", "mean decay", "lower bound", "upper bound"]
    numbers = np.array(rows[1:], dtype=float)
    np.testing.assert_array_equal(numbers[:, 1:4], found.values.T)
    np.testing.assert_array_equal(numbers[:, 0], range(6))


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("place", [(0, 0), (0, 4), (5, 6), (2, 0), (3, 3)])
def test_five_terms_add_up_to_the_next_value(boundary, place):
    cable, plane = Cable(1.3, 0.1, 0.9, 1.4, boundary), noise(6, 7)
    terms = five_terms(cable, plane, *place)
    assert [term.name for term in terms] == ["itself", "left", "right", "up", "down"]
    assert sum(term.product for term in terms) == pytest.approx(cable.step(plane)[place].item(), rel=1e-14)
    assert any("outside" in term.where for term in terms) == (place != (3, 3))


@pytest.mark.parametrize("place", [(-1, 0), (0, 7), (6, 0)])
def test_a_pixel_outside_is_named(place):
    row, column = place
    with pytest.raises(ExplorerError, match="give a whole number from 0 to"):
        series(Cable(1, 0.1), noise(1, 6, 7), row, column, 3)
    with pytest.raises(ExplorerError, match="give a whole number from 0 to"):
        five_terms(Cable(1, 0.1), noise(6, 7), row, column)
