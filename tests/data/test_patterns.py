"""Patterns against what makes each useful: its spectrum, its symmetry, its one bright pixel."""

from typing import Any

import numpy as np
import pytest
import scipy.fft

from explorer.data.patterns import PATTERNS, pattern
from explorer.errors import ExplorerError


def grey(*arguments, **options):
    image = pattern(*arguments, **options)
    pixels = np.asarray(image).astype(float)
    assert image.mode == "RGB" and (pixels == pixels[..., :1]).all()
    return pixels[..., 0]


@pytest.mark.parametrize("size", [1, 2, 31, 256])
@pytest.mark.parametrize("name", PATTERNS)
def test_any_size(name, size):
    assert grey(name, size).shape == (size, size)


@pytest.mark.parametrize("name", PATTERNS)
def test_the_whole_scale_is_used(name):
    assert grey(name).min() <= 2 and grey(name).max() >= 253


@pytest.mark.parametrize("size", [64, 65])
def test_an_impulse_is_one_pixel(size):
    assert grey("impulse", size).sum() == 255 == grey("impulse", size)[size // 2, size // 2]


def test_an_edge_and_bars():
    assert (np.diff(grey("edge", 64), axis=1) > 0).sum() == 64  # one step a row
    stripes = grey("stripes", 256)
    assert (stripes == stripes[0]).all() and (np.diff(stripes[0]) != 0).sum() == 31
    assert (stripes == 255).mean() == 0.5


def test_a_checkerboard_is_its_own_opposite_a_square_further():
    board = grey("checkerboard", 256)
    np.testing.assert_array_equal(board[8:], 255 - board[:-8])
    np.testing.assert_array_equal(board, board.T)


@pytest.mark.parametrize("waves", [1, 5, 8, 31])
def test_a_cosine_is_one_wave_for_insulated_and_for_periodic_edges(waves):
    row = grey("cosine", 64, waves=waves)[0] - 127.5
    fft: Any = scipy.fft  # its types are those of its dispatcher
    insulated, periodic = np.abs(fft.dct(row)), np.abs(fft.rfft(row))
    assert insulated.argmax() == 2 * waves and np.sort(insulated)[-2] < 0.02 * insulated.max()
    assert periodic.argmax() == waves and np.sort(periodic)[-2] < 0.02 * periodic.max()


def test_rings_look_alike_from_every_side():
    rings = grey("rings", 65, waves=4)
    for turned in (rings.T, rings[::-1], np.rot90(rings)):
        np.testing.assert_array_equal(rings, turned)
    peaks = np.flatnonzero((rings[32, 1:-1] > rings[32, :-2]) & (rings[32, 1:-1] > rings[32, 2:])) + 1
    np.testing.assert_allclose(np.diff(peaks), 65 / 4, atol=1)


def test_noise_is_flat_and_seeded():
    first, again, other = grey("noise", 128), grey("noise", 128), grey("noise", 128, seed=1)
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.99
    assert abs(first.mean() - 127.5) < 2
    neighbours = np.corrcoef(first[:, 1:].ravel(), first[:, :-1].ravel())[0, 1]
    assert abs(neighbours) < 0.03


@pytest.mark.parametrize(
    "options", [{"size": 0}, {"size": 10**6}, {"size": 2.5}, {"waves": -1}, {"seed": -1}, {"waves": float("nan")}]
)
def test_numbers_out_of_range(options):
    with pytest.raises(ExplorerError, match=f"{next(iter(options))} is"):
        pattern("cosine", **options)


def test_an_unknown_pattern_names_the_nearest():
    with pytest.raises(ExplorerError, match="did you mean checkerboard"):
        pattern("chequerboard")
