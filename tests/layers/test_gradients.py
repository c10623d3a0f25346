"""The shares that pass by counting; the vanishing gradient against autograd and against its bound."""

import numpy as np
import pytest
import torch

from explorer.layers import gradients
from explorer.networks import activations


def test_shares_that_pass():
    maps = np.array([[[-1.0, -2.0, 0.5, 3.0]]])
    relu = gradients.passed(activations.apply("relu", maps)[1])
    assert (relu.silenced, relu.saturated, relu.mean_slope) == (0.5, 0, 0.5)
    sigmoid = gradients.passed(activations.apply("sigmoid", np.array([[[0.0, 9.0, -9.0, 1.0]]]))[1])
    assert (sigmoid.silenced, sigmoid.saturated) == (0, 0.5)


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh", "softmax", "elu"])
def test_vanishing_is_the_gradient_that_autograd_finds(name):
    depth, width = 4, 6
    draw = np.random.default_rng(3)
    weights = [torch.tensor(draw.normal(0, 1.5 / np.sqrt(width), (width, width))) for _ in range(depth)]
    x = torch.tensor(draw.normal(size=width), requires_grad=True)
    functions = {"softmax": lambda z: torch.softmax(z, 0), "elu": torch.nn.functional.elu}
    layer = functions.get(name) or getattr(torch, name)
    inputs, y = [], x
    for weight in weights:
        inputs.append(y)
        y = layer(weight @ y)
    upstream = torch.tensor(draw.normal(size=width))
    backward = torch.autograd.grad(y, inputs, upstream)
    expected = [(gradient.norm() / upstream.norm()).item() for gradient in reversed(backward)]
    np.testing.assert_allclose(gradients.vanishing(name, depth, width, gain=1.5, seed=3), expected, rtol=1e-9)


def test_sigmoid_shrinks_a_quarter_a_layer_and_relu_does_not_with_its_gain():
    sigmoid, relu = gradients.vanishing("sigmoid"), gradients.vanishing("relu", gain=np.sqrt(2))
    draw = np.random.default_rng(0)
    stretch = [np.linalg.norm(draw.normal(0, 1 / 8, (64, 64)), 2) for _ in range(20)]
    assert (sigmoid <= np.cumprod([largest / 4 for largest in reversed(stretch)])).all()
    assert sigmoid[-1] < 1e-10 < 0.05 < relu[-1] < 20


def test_one_path_multiplies_the_slope():
    np.testing.assert_allclose(gradients.along_path("tanh", 2.0, 3), np.cosh(2) ** np.array([-2.0, -4, -6]))
    np.testing.assert_allclose(gradients.along_path("sigmoid", 0.0), 0.25 ** np.arange(1, 21))
    assert gradients.along_path("relu", 2.0).min() == 1 and gradients.along_path("relu", -2.0).max() == 0
    np.testing.assert_allclose(gradients.along_path("leaky_relu", -1.0, 2, negative_slope=0.5), [0.5, 0.25])
