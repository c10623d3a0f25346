"""The law of one step: what it promises is what the steps do, and a bound is a bound wherever it is asked."""

import math
import subprocess
import sys

import numpy as np
import pytest
import torch

from explorer import equation
from explorer.data.disturb import blur
from explorer.diffusion.cable import Cable
from explorer.networks import growth, words
from explorer.networks.cable_layer import CabEqConv2d

EXACT = [
    (alpha_of, tau, h_y)
    for alpha_of in ("largest_alpha", "largest_smooth_alpha")
    for tau, h_y in ((0.05, 1.0), (0.1, 1.0), (0.3, 1.0), (0.1, 2.0), (0.7, 3.0), (1.0, 1.0))
]


def layer_of(cable: Cable) -> CabEqConv2d:
    layer = CabEqConv2d(1, 1)
    with torch.no_grad():
        layer.phi, layer.psi = cable.phi, cable.psi
        layer.tau.fill_(cable.tau)
    return layer


@pytest.mark.parametrize(("alpha_of", "tau", "h_y"), EXACT)
def test_on_its_bound_the_scheme_and_the_layer_made_of_it_hear_one_verdict(alpha_of, tau, h_y):
    alpha = getattr(equation, alpha_of)(tau, 1.0, h_y)
    cable = Cable(alpha, tau, 1.0, h_y)
    expected = "ringing" if alpha_of == "largest_alpha" else "smooth"
    assert cable.stability().verdict == expected
    if alpha == 0:  # Φ = ∞ is no layer
        return
    layer = layer_of(cable)
    assert growth.pairs(layer)[0].verdict == expected
    assert growth.bounded(layer)
    above = Cable(alpha * (1 + 1e-4), tau, 1.0, h_y)
    after = {"ringing": "divergent", "smooth": "ringing"}[expected]
    assert above.stability().verdict == growth.pairs(layer_of(above))[0].verdict == after
    assert growth.bounded(layer_of(above)) == (after != "divergent")


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_any_scheme_on_a_bound_counts_as_within_it(dtype):
    rng = np.random.default_rng(0)
    layer = CabEqConv2d(1, 1).to(dtype)
    for limit, weight, verdict in ((equation.BOUND, 4, "ringing"), (equation.SMOOTH_BOUND, 2, "smooth")):
        for tau, share in rng.uniform(0.01, 0.95, (300, 2)):
            r = (limit - tau) / weight
            with torch.no_grad():
                layer.phi, layer.psi = (r * share) ** -0.5, (r * (1 - share)) ** -0.5
                layer.tau.fill_(tau)
            assert growth.pairs(layer)[0].verdict == verdict


def test_the_gain_is_what_the_kernel_does_to_a_wave():
    tau, r_x, r_y = 0.1, 0.3, 0.05
    kernel = equation.kernel(tau, r_x, r_y)
    assert kernel.sum() == pytest.approx(1 - tau)
    assert np.abs(kernel).sum() == pytest.approx(equation.norm(tau, r_x, r_y))
    y, x = np.mgrid[-1:2, -1:2]
    for k_x, k_y in ((0.0, 0.0), (1.0, 2.0), (math.pi, 0.0), (0.3, math.pi), (math.pi, math.pi)):
        response = (kernel * np.exp(1j * (k_x * x + k_y * y))).sum()
        assert response == pytest.approx(equation.gain(tau, r_x, r_y, k_x, k_y), abs=1e-15)


def test_the_growth_is_the_largest_gain_and_broadcasts():
    rng = np.random.default_rng(1)
    tau, r_x, r_y = rng.uniform(0, 2.5, 50), rng.uniform(0, 1, 50), rng.uniform(0, 1, 50)
    k = np.linspace(0, np.pi, 33)
    g = equation.gain(tau, r_x, r_y, k[:, None, None], k[None, :, None])
    np.testing.assert_allclose(equation.growth(tau, r_x, r_y), np.abs(g).max((0, 1)), rtol=1e-12)
    for law, grows in zip(zip(tau, r_x, r_y, strict=True), np.abs(g).max((0, 1)), strict=True):
        assert (equation.verdict(*law) == "divergent") == (grows > 1)


def test_kernels_of_arrays_are_those_of_their_numbers():
    tau, r_x, r_y = np.random.default_rng(2).uniform(0, 1, (3, 2, 4))
    found = equation.kernel(tau, r_x, r_y)
    assert found.shape == (2, 4, 3, 3)
    np.testing.assert_array_equal(found[1, 2], equation.kernel(tau[1, 2], r_x[1, 2], r_y[1, 2]))


def test_the_layer_and_the_disturbance_take_the_steps_of_the_cable():
    cable = Cable(blur.ALPHA, blur.TAU)
    np.testing.assert_array_equal(blur.step_kernel(True), cable.kernel().numpy())
    layer = layer_of(Cable(1.3, 0.2, 1.0, 1.4)).double()
    r_x, r_y, tau = (value.item() for value in layer.rates())
    np.testing.assert_allclose(layer.kernel()[0, 0].detach(), equation.kernel(tau, r_x, r_y), rtol=1e-12)
    told = words.pair(layer, 0, 0)
    assert (told.flat, told.along_x) == pytest.approx((1 - tau, 1 - tau - 4 * r_x))
    assert (told.along_y, told.chequered) == pytest.approx((1 - tau - 4 * r_y, 1 - tau - 4 * r_x - 4 * r_y))


@pytest.mark.parametrize(("tau", "largest"), [(0.1, 2.375), (2.0, 0.0), (2.5, None), (0.0, math.inf)])
def test_the_largest_alpha(tau, largest):
    assert equation.largest_alpha(tau) == (None if largest is None else pytest.approx(largest))


def test_it_needs_no_torch():
    code = "import sys, explorer.equation; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
