import numpy as np
import pytest
import torch

from explorer.diffusion.cable import Cable
from explorer.networks import words
from explorer.networks.cable_layer import CabEqConv2d


def layer(phi=2.0, psi=2.0, tau=None):
    """Three channels that do nothing to each other's flat areas unless told."""
    one = CabEqConv2d(3, 3)
    one.phi, one.psi = torch.full((3, 3), float(phi)), torch.full((3, 3), float(psi))
    with torch.no_grad():
        one.tau.copy_(1 - torch.eye(3) if tau is None else torch.as_tensor(tau))
    return one


def test_the_four_gains_are_those_of_the_scheme():
    cable = Cable(alpha=1.3, tau=0.2, h_x=1.2, h_y=0.8)
    found = words.pair(layer(cable.phi, cable.psi, np.full((3, 3), cable.tau)), 1, 2)
    assert found.flat == pytest.approx(cable.amplification(0, 0), abs=1e-5)
    assert found.along_x == pytest.approx(cable.amplification(np.pi, 0), abs=1e-5)
    assert found.along_y == pytest.approx(cable.amplification(0, np.pi), abs=1e-5)
    assert found.chequered == pytest.approx(cable.amplification(np.pi, np.pi), abs=1e-5)


@pytest.mark.parametrize(
    ("phi", "psi", "flat", "said"),
    [
        (4.0, 4.0, 1.0, "smooths in every channel"),
        (3.0, 30.0, 1.0, "smooths along x in every channel"),
        (30.0, 3.0, 1.0, "smooths along y in every channel"),
        (2.0, 2.0, 0.0, "keeps only edges in every channel"),
        (2.0, 2.0, -1.0, "sharpens in every channel and flips the sign of red and green and blue"),
        (1.0, 1.0, 1.0, "sharpens fine detail, turned over in every channel"),
    ],
)
def test_what_is_said_of_equal_channels(phi, psi, flat, said):
    assert said in words.sentence(layer(phi, psi, 1 - flat * torch.eye(3)))


def test_the_strongest_mixture_is_named_with_its_gain():
    tau = 1 - torch.eye(3)
    tau[0, 1], tau[2, 1] = 0.6, 0.8  # green into red 0.4, green into blue 0.2
    assert "mixes green into red (+0.40)" in words.sentence(layer(4, 4, tau))
    tau[0, 1] = 1.5
    assert "subtracts green from red (−0.50)" in words.sentence(layer(4, 4, tau))


def test_edges_of_one_colour_in_another_are_named_where_nothing_is_as_strong():
    one, size = layer(4, 4), torch.full((3, 3), 4.0)
    size[2, 0] = 1.0  # red into blue: -4 sin²(k_x/2) - 4 sin²(k_y/2), down to -8
    one.phi, one.psi = size, size
    said = words.sentence(one)
    assert "smooths in every channel and puts the edges of red, turned over, into blue (×8.0)" in said
    size[1, 1] = 0.9  # green's own is stronger
    one.phi, one.psi = size, size
    assert "edges of red" not in words.sentence(one)


def test_channels_that_differ_are_named_one_by_one():
    tau = 1 - torch.eye(3)
    tau[1, 1] = 1.0
    said = words.sentence(layer(4, 4, tau))
    assert "smooths in red" in said and "keeps only edges in green" in said and "smooths in blue" in said


def test_faint_mixtures_are_left_unsaid():
    tau = 1 - torch.eye(3)
    tau[0, 1] = 0.95
    assert "mixes" not in words.sentence(layer(4, 4, tau))
