"""Every activation against torch.nn and autograd."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.networks import activations

X = np.concatenate([np.linspace(-8, 8, 321), [-700.0, 700.0, 1e-9, -1e-9]])
TURNED = {
    "elu": {"alpha": 0.4},
    "softplus": {"beta": 3.0},
    "leaky_relu": {"negative_slope": 0.3},
    "prelu": {"init": -0.5},
    "rrelu": {"lower": 0.1, "upper": 0.5},
}


def module(name: str, values: dict) -> nn.Module:
    return getattr(nn, activations.get(name).module)(**values).double().eval()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", [name for name in activations.ACTIVATIONS if name != "softmax"])
def test_value_and_slope_are_those_of_torch(name, turned):
    values = activations.settings(name, TURNED.get(name) if turned else None)
    x = torch.tensor(X[np.abs(X) > 0], requires_grad=True)
    layer = module(name, values)
    y = layer(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    ours, our_slope = activations.apply(name, x.detach().numpy().reshape(1, 1, -1), **values)
    np.testing.assert_allclose(ours.ravel(), y.detach(), atol=1e-8)  # torch's softplus is cut off at 20
    np.testing.assert_allclose(our_slope.ravel(), slope, atol=1e-8)


def test_softmax_over_channels_and_its_diagonal_are_those_of_torch():
    maps = torch.randn(4, 3, 5, dtype=torch.float64) * 200
    ours, slope = activations.apply("softmax", maps.numpy())
    np.testing.assert_allclose(ours, torch.softmax(maps, dim=0), atol=1e-12)
    jacobian = torch.autograd.functional.jacobian(lambda z: torch.softmax(z, 0), maps[:, 1, 2])
    np.testing.assert_allclose(slope[:, 1, 2], torch.diagonal(jacobian), atol=1e-12)


def test_the_softmax_curve_is_one_logit_among_zeros():
    softmax = activations.get("softmax")
    for x in (-900.0, -1.0, 0.0, 2.5, 900.0):
        expected = torch.softmax(torch.tensor([x, 0.0, 0.0, 0.0], dtype=torch.float64), 0)[0].item()
        assert softmax.f(np.array(x), classes=4) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("swish", {}, "unknown"),
        (None, {}, "unknown"),
        ("elu", {"alpha": float("nan")}, "alpha"),
        ("elu", {"alpha": True}, "alpha"),
        ("elu", {"alpha": "1"}, "alpha"),
        ("relu", {"alpha": 1.0}, "no parameter"),
        ("rrelu", {"lower": 0.9, "upper": 0.1}, "lower"),
    ],
)
def test_wrong_settings_are_named(name, given, said):
    with pytest.raises(ExplorerError, match=said):
        activations.settings(name, given)
