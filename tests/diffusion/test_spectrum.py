"""Waves: their factors, their energies, and the scheme's distance from continuous time."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.diffusion import waves
from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.diffusion.spectrum import curves, error_curves, surface

U = torch.rand(2, 9, 12, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_curves_and_surface_are_the_same_factor():
    cable = Cable(2.0, 0.1, 1.0, 1.5)
    along = curves(cable)
    assert along.x[0] == along.y[0] == along.diagonal[0] == pytest.approx(0.9)
    assert along.x[-1] == pytest.approx(0.9 - 4 * cable.r_x)
    assert along.y[-1] == pytest.approx(0.9 - 4 * cable.r_y)
    assert along.diagonal[-1] == pytest.approx(1 - cable.stability().bound)
    _k, g = surface(cable, 5)
    assert g[2, 4] == pytest.approx(along.x[-1]) and g[0, 2] == pytest.approx(along.y[-1])
    assert g[3, 3] == pytest.approx(cable.amplification(math.pi / 2, math.pi / 2))


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("shape", [(2, 9, 12), (1, 8, 7), (1, 1, 5), (3, 4, 1), (1, 2, 2)])
def test_energies_add_up_to_the_sum_of_squares(boundary, shape):
    u = torch.rand(shape, dtype=torch.float64)
    assert waves.energies(u, boundary).sum() == pytest.approx(u.square().sum().item(), rel=1e-12)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_errors_are_those_between_the_fields_and_halve_with_tau(boundary):
    cable = Cable(1.0, 0.08, boundary=boundary)
    found = error_curves(cable, U, 20)
    assert [curve.tau for curve in found] == [0.08, 0.04, 0.02]
    for curve in found:
        scheme = replace(cable, tau=curve.tau)
        for place in (0, 5, -1):
            n = int(curve.steps[place])
            distance = (scheme.run(U, n) - scheme.exact(U, n)).square().mean().sqrt().item()
            assert curve.error[place] == pytest.approx(distance, rel=1e-8)
    np.testing.assert_allclose(found[0].time, found[2].time)
    assert found[0].error[-1] / found[1].error[-1] == pytest.approx(2, rel=0.15)


def test_a_divergent_scheme_has_infinite_errors_and_no_step_has_none():
    assert np.isinf(error_curves(Cable(1e3, 1.0), U, 100_000)[0].error[-1])
    assert all(len(curve.error) == 0 for curve in error_curves(Cable(1.0, 0.1), U, 0))
