"""The filter library against scipy.ndimage and the cable; the sum behind a value; two convolutions as one."""

import numpy as np
import pytest
import torch
from scipy import ndimage, signal

from explorer.diffusion.cable import Cable
from explorer.errors import ExplorerError
from explorer.layers import filters
from explorer.layers.convolution import Window, convolve, explain, turned, two_in_a_row

DRAW = np.random.default_rng(0)
PLANE = DRAW.random((9, 11))


def valid(kernel):
    """A kernel on PLANE by this module, no padding."""
    return convolve(PLANE[None], kernel[None, None], np.zeros(1), Window(len(kernel)))[0]


@pytest.mark.parametrize(
    ("name", "size", "reference"),
    [
        ("identity", 5, lambda u: u),
        ("box", 3, lambda u: ndimage.uniform_filter(u, 3)),
        ("box", 5, lambda u: ndimage.uniform_filter(u, 5)),
        ("sobel-x", 3, lambda u: ndimage.sobel(u, axis=1)),
        ("sobel-y", 5, lambda u: ndimage.sobel(u, axis=0)),
        ("laplacian", 3, ndimage.laplace),
        ("sharpen", 3, lambda u: u - ndimage.laplace(u)),
        ("gaussian", 3, lambda u: ndimage.convolve(ndimage.convolve(u, [[1, 2, 1]]), [[1], [2], [1]]) / 16),
    ],
)
def test_named_filters_are_those_of_scipy(name, size, reference):
    edge = size // 2
    np.testing.assert_allclose(valid(filters.named(name, size)), reference(PLANE)[edge:-edge, edge:-edge], atol=1e-12)


def test_gaussian_has_the_variance_it_says_and_blurs_sum_to_one():
    for size in (1, 2, 3, 6, 15):
        kernel = filters.named("gaussian", size)
        place = np.arange(size) - (size - 1) / 2
        assert (kernel.sum(axis=0) * place**2).sum() == pytest.approx((size - 1) / 4)
        assert kernel.sum() == pytest.approx(1) == filters.named("box", size).sum()
    for name in ("sobel-x", "sobel-y", "laplacian"):
        assert filters.named(name, 4).sum() == 0
    assert filters.named("emboss", 3).sum() == 1


def test_the_cable_kernel_is_one_step():
    step = Cable(1.3, 0.1, 0.8).step(torch.tensor(PLANE)).numpy()
    np.testing.assert_allclose(valid(filters.cable(1.3, 0.1, 0.8)), step[1:-1, 1:-1], atol=1e-12)


def test_more_random_filters_leave_the_first_alone():
    np.testing.assert_array_equal(filters.drawn(2, 3, 3, seed=4), filters.drawn(5, 3, 3, seed=4)[:2])
    assert not np.array_equal(filters.drawn(2, 3, 3, seed=4), filters.drawn(2, 3, 3, seed=5))
    assert filters.drawn(400, 5, 3, seed=0).std() == pytest.approx(75**-0.5, rel=0.02)


def test_a_kernel_over_channels_sees_their_mean():
    colour, kernel = DRAW.random((3, 6, 6)), filters.named("emboss", 3)
    maps = convolve(colour, filters.over(kernel, 3)[None], np.zeros(1), Window(3))
    grey = convolve(colour.mean(axis=0)[None], kernel[None, None], np.zeros(1), Window(3))
    np.testing.assert_allclose(maps, grey)


@pytest.mark.parametrize("seed", range(15))
def test_the_sum_behind_every_value_adds_up(seed):
    draw = np.random.default_rng(seed)
    size, stride, padding, dilation = (int(n) for n in draw.integers([1, 1, 0, 1], [4, 4, 4, 4]))
    window = Window(size, stride, padding, dilation)
    image, weights = draw.normal(size=(2, 9, 10)), draw.normal(size=(3, 2, size, size))
    bias = draw.normal(size=3)
    maps = convolve(image, weights, bias, window)
    assert maps.shape == (3, window.out(9), window.out(10))
    for k, i, j in np.ndindex(maps.shape):
        told = explain(image, weights[k], float(bias[k]), window, i, j)
        assert told.value == pytest.approx(maps[k, i, j], abs=1e-9)
        assert told.by_channel.sum() + told.bias == pytest.approx(told.value)
    top, left, height, width = explain(image, weights[0], 0, window, 0, 0).box
    assert (top, left) == (0, 0) and height == max(window.span - padding, 0) == width


def test_the_box_of_a_window_holds_its_pixels():
    told = explain(PLANE[None], np.ones((1, 3, 3)), 0, Window(3, stride=2), 2, 3)
    top, left, height, width = told.box
    np.testing.assert_array_equal(told.window[0], PLANE[top : top + height, left : left + width])


def test_two_linear_convolutions_are_one_and_a_relu_ends_that():
    a, b = DRAW.normal(size=(3, 3)), DRAW.normal(size=(2, 2))
    both = two_in_a_row(PLANE, a, b)
    assert both.kernel.shape == (4, 4) and both.second.shape == both.single.shape == (6, 8)
    assert both.apart < 1e-12 and both.apart_with_relu > 0.01
    by_index = sum(  # 003's (6), term by term, for the value at (1, 2)
        PLANE[1 + i + k, 2 + j + m] * a[i, j] * b[k, m] for i, j in np.ndindex(3, 3) for k, m in np.ndindex(2, 2)
    )
    assert both.second[1, 2] == pytest.approx(by_index)


def test_a_relu_changes_nothing_where_nothing_is_negative():
    assert two_in_a_row(PLANE, filters.named("box", 3), filters.named("sobel-x", 3)).apart_with_relu < 1e-12


def test_the_formula_carries_its_numbers():
    assert Window(3).formula("H", 5) == r"H_\text{out} = \frac{5 - 3 + 2\cdot 0}{1} + 1 = 3"  # 001, example 1
    assert Window(3, stride=2, dilation=2).formula("W", 8).count("lfloor") == 1
    assert Window(3, stride=2, dilation=2).formula("W", 8).endswith("= 2")
    assert Window(3, stride=2, dilation=2).rest(8) == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: convolve(PLANE[None], np.ones((1, 1, 5, 5)), np.zeros(1), Window(5, dilation=3)), "to 13 .*2 or"),
        (lambda: convolve(PLANE[None], np.ones((1, 1, 10, 10)), np.zeros(1), Window(10)), "9 × 11 .*padding 0.*1 or"),
        (lambda: filters.named("sobel-x", 2), "too small"),
        (lambda: filters.named("prewitt", 3), "unknown"),
        (lambda: filters.named("box", 0), "choose 1 to"),
        (lambda: two_in_a_row(np.zeros((3, 3)), np.ones((3, 3)), np.ones((2, 2))), "4 pixels"),
    ],
)
def test_impossible_settings_say_why(call, said):
    with pytest.raises(ExplorerError, match=said):
        call()


def test_convolution_and_correlation_are_scipys():
    draw = np.random.default_rng(4)
    image, kernel = draw.normal(size=(2, 9, 8)), draw.normal(size=(2, 3, 3))
    for by_half, reference in ((True, signal.convolve2d), (False, signal.correlate2d)):
        expected = sum(reference(plane, part, "valid") for plane, part in zip(image, kernel, strict=True)) + 0.5
        np.testing.assert_allclose(turned(image, kernel, 0.5, Window(3), by_half), expected, atol=1e-12)
    cable = filters.over(filters.cable(2.0, 0.1, 1.0), 2)
    as_it_lies = turned(image, cable, 0.0, Window(3), by_half=False)
    np.testing.assert_allclose(turned(image, cable, 0.0, Window(3)), as_it_lies, atol=1e-12)
