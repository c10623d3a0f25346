"""The two orders of an array in memory against torch's own layouts."""

import numpy as np
import pytest
import torch

from explorer.layers import memory

SHAPES = [(2, 3, 3), (1, 5, 5), (3, 2, 4), (4, 1, 1)]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_numbers_lie_as_torch_lays_them(shape):
    values = torch.arange(float(np.prod(shape))).reshape(1, *shape)
    laid = values.contiguous(memory_format=torch.channels_last)
    held = torch.as_strided(laid, (laid.numel(),), (1,)).numpy()  # as they lie, one after the other
    np.testing.assert_array_equal(values.numpy().ravel()[memory.channels_last(shape)], held)
    for k, i, j in np.ndindex(shape):
        first, last = memory.first_place(shape, k, i, j), memory.last_place(shape, k, i, j)
        assert first == sum(step * at for step, at in zip(values.stride()[1:], (k, i, j), strict=True))
        assert held[last] == values[0, k, i, j] == values.flatten()[first]


def test_a_piece_holds_the_number_and_does_not_move_while_one_is_chosen_in_it():
    maps = np.random.default_rng(0).random((6, 30, 29))
    for index, row, column in ((0, 0, 0), (5, 29, 28), (3, 13, 14)):
        piece, (first, top, left) = memory.cut(maps, index, row, column)
        assert piece[index - first, row - top, column - left] == maps[index, row, column]
        again, begin = memory.cut(maps, first, top, left)
        assert begin == (first, top, left) and np.array_equal(again, piece)
        assert max(piece.shape) <= 3
    whole = np.ones((2, 3, 3))
    assert memory.cut(whole, 1, 2, 2) == (whole, (0, 0, 0))
