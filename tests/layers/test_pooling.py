"""Pooling against torch, 003's figure 8, and what a moved image changes."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from explorer.errors import ExplorerError
from explorer.layers.pooling import FIGURE_8, Change, Pool, change, moved

MAPS = np.random.default_rng(0).normal(size=(3, 8, 9))


def test_figure_8_of_003():
    pool = Pool("max")
    np.testing.assert_array_equal(pool(FIGURE_8[None])[0], [[6, 8], [3, 4]])
    np.testing.assert_array_equal(np.argwhere(pool.won(FIGURE_8[None])[0]), [[1, 1], [1, 3], [2, 0], [3, 3]])
    np.testing.assert_array_equal(Pool("average")(FIGURE_8[None])[0], [[3.25, 5.25], [2, 2]])


@pytest.mark.parametrize(("size", "stride", "padding"), [(2, 2, 0), (3, 2, 1), (3, 1, 0), (2, 3, 1)])
def test_values_are_those_of_torch_and_boxes_hold_the_winner(size, stride, padding):
    maps = torch.tensor(MAPS)[None]
    largest = F.max_pool2d(maps, size, stride, padding)[0]
    np.testing.assert_allclose(Pool("max", size, stride, padding)(MAPS), largest)
    mean = F.avg_pool2d(maps, size, stride, padding)[0]
    np.testing.assert_allclose(Pool("average", size, stride, padding)(MAPS), mean)
    for i, j in np.ndindex(largest.shape[1:]):
        top, left, height, width = Pool("max", size, stride, padding).box(i, j, 8, 9)
        assert MAPS[0, top : top + height, left : left + width].max() == largest[0, i, j]


def test_every_window_has_one_winner_and_an_average_none():
    assert Pool("max", 3, 1).won(MAPS).sum() == 3 * 6 * 7
    assert Pool("average").won(MAPS).sum() == 0


def test_moving_repeats_the_edge():
    aside = [[1, 1, 1, 2], [5, 5, 6, 7], [3, 3, 2, 1], [1, 1, 2, 3]]
    np.testing.assert_array_equal(moved(FIGURE_8[None], 0, 1)[0], aside)
    np.testing.assert_array_equal(moved(FIGURE_8[None], -1, 0)[0, -2:], [FIGURE_8[3], FIGURE_8[3]])
    np.testing.assert_array_equal(moved(moved(MAPS, 2, -1), -2, 1)[:, :-2, 1:], MAPS[:, :-2, 1:])


def test_a_maximum_that_stays_in_its_window_hides_the_move():
    spot = np.zeros((1, 8, 8))
    spot[0, 4, 4] = 1
    aside, pool = moved(spot, 0, 1), Pool("max")
    assert change(spot, aside) == Change(unchanged=62 / 64, relative=2.0)
    assert change(pool(spot), pool(aside)) == Change(unchanged=1.0, relative=0.0)
    assert change(np.zeros((2, 2)), np.zeros((2, 2))) == Change(1.0, 0.0)


def test_an_unknown_kind_is_said():
    with pytest.raises(ExplorerError, match="max or average"):
        Pool("median")(MAPS)
