"""The lines of a layer against what the layer computes: torch's dense layer and its convolution along a row."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from explorer.errors import ExplorerError
from explorer.layers.connections import dense, windowed
from explorer.layers.convolution import Window


def along(lines, x: np.ndarray, weights: np.ndarray, outputs: int) -> np.ndarray:
    y = np.zeros(outputs)
    for line in lines:
        y[line.target] += weights[line.weight] * x[line.source]
    return y


@pytest.mark.parametrize(
    "window", [Window(3), Window(1), Window(3, 2, 1), Window(2, 3, 2), Window(3, 1, 2, 2), Window(9)]
)
def test_the_lines_of_a_convolution_are_what_torch_computes(window):
    draw = np.random.default_rng(window.size)
    x, weights = draw.normal(size=9), draw.normal(size=window.size)
    kept = torch.tensor(x)[None, None], torch.tensor(weights)[None, None]
    expected = F.conv1d(*kept, stride=window.stride, padding=window.padding, dilation=window.dilation)[0, 0].numpy()
    np.testing.assert_allclose(along(windowed(9, window), x, weights, len(expected)), expected, atol=1e-12)


def test_a_dense_layer_has_a_weight_a_line():
    draw = np.random.default_rng(0)
    x, weights, lines = draw.normal(size=5), draw.normal(size=(4, 5)), dense(5, 4)
    np.testing.assert_allclose(along(lines, x, weights.ravel(), 4), weights @ x)
    assert len(lines) == len({line.weight for line in lines}) == 20


def test_a_window_that_does_not_fit_says_so():
    with pytest.raises(ExplorerError, match="does not fit"):
        windowed(4, Window(5))
