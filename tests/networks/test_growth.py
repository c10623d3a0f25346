"""A learned layer as a diffusion: its iteration is the scheme's, its growth is what iterating it does."""

import pytest
import torch
from torch import nn

from explorer.diffusion.cable import Cable
from explorer.errors import ExplorerError
from explorer.networks.cable_layer import CabEqConv2d
from explorer.networks.growth import growth, iterate, pairs, square_layers
from explorer.networks.zoo import build


def of_cable(cable, channels=1):
    """A layer whose channels diffuse on their own, each as the cable."""
    layer = CabEqConv2d(channels, channels)
    with torch.no_grad():
        layer.phi, layer.psi = cable.phi, cable.psi
        layer.tau.fill_(cable.tau)
    return layer


@pytest.mark.parametrize("alpha", [1.0, 2.3, 3.0])
def test_one_channel_is_the_scheme_with_zero_edges(alpha):
    cable = Cable(alpha, 0.1, 1.0, 1.1, "zero")
    layer, u = of_cable(cable), torch.rand(1, 9, 8)
    torch.testing.assert_close(iterate(layer, u, 12), cable.run(u, 12), rtol=2e-4, atol=1e-5)
    (pair,) = pairs(layer)
    assert pair.verdict == cable.stability().verdict
    assert pair.growth == pytest.approx(cable.stability().growth, rel=1e-5)
    assert growth(layer) == pytest.approx(cable.stability().growth, rel=1e-5)


def test_the_growth_of_several_channels_is_that_of_iterating_them():
    torch.manual_seed(0)
    layer = CabEqConv2d(3, 3)
    u = torch.rand(3, 24, 24, dtype=torch.float64)
    first, second = iterate(layer, u, 30), iterate(layer, u, 31)
    assert 0.95 * growth(layer) < (second.norm() / first.norm()).item() <= growth(layer)  # reached on endless grids
    assert [(pair.output, pair.input) for pair in pairs(layer)][:4] == [(0, 0), (0, 1), (0, 2), (1, 0)]


def test_a_divergent_layer_stays_finite():
    layer = of_cable(Cable(10.0, 0.9, boundary="zero"))
    assert torch.isfinite(iterate(layer, torch.rand(1, 8, 8), 400)).all()


def test_layers_are_found_by_name_and_only_square_ones():
    model = build("cabeq-rn-1", width=8)
    found = square_layers(model)
    assert len(found) == 2 and all(layer.in_channels == 3 for layer in found.values())
    assert square_layers(nn.Sequential(CabEqConv2d(3, 4))) == {}
    with pytest.raises(ExplorerError, match="the image has 1 channels: this layer wants 3"):
        iterate(next(iter(found.values())), torch.rand(1, 4, 4), 1)
