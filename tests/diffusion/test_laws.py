"""What is known of a scheme beforehand, and its laws: they are judged by what is measured."""

import math
from decimal import Decimal

import pytest
import torch

from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.diffusion.laws import half_life, largest_stable_alpha, lengths, proof
from explorer.diffusion.steps import MOST_STEPS


def noise(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def states(cable, u, n):
    return [check.state for check in proof(cable, u, cable.jump(u, n), n)]


def test_the_half_life_halves_the_mean():
    cable, u = Cable(1.0, 0.06), noise(8, 8)
    whole = math.floor(half_life(cable))
    assert cable.run(u, whole).mean() >= u.mean() / 2 > cable.run(u, whole + 1).mean()
    assert half_life(Cable(1, 0)) == half_life(Cable(1, 2.5)) == math.inf
    assert half_life(Cable(1, 1)) == 1
    assert lengths(Cable(4.0, 0.1, 0.5, 2.0)) == (4.0, 1.0)


@pytest.mark.parametrize("tau", [0.001, 0.06, 0.1, 1 / 3, 1.99])
@pytest.mark.parametrize("h_y", [1.0, 0.37, 1000.0])
def test_the_largest_stable_alpha_is_stable_and_nothing_above_it_is(tau, h_y):
    alpha = largest_stable_alpha(Cable(1.0, tau, 1.0, h_y))
    assert alpha is not None
    assert Cable(alpha, tau, 1.0, h_y).stability().verdict != "divergent"
    assert Cable(alpha * 1.0002, tau, 1.0, h_y).stability().verdict == "divergent"
    assert len(f"{alpha:.10g}".replace(".", "").strip("0")) <= 5
    assert largest_stable_alpha(Cable(1, 0)) is largest_stable_alpha(Cable(1, 2.5)) is None


@pytest.mark.parametrize("boundary", ["insulated", "periodic"])
def test_the_laws_hold_where_they_are_promised(boundary):
    u = noise(3, 20, 20)
    assert states(Cable(2.0, 0.06, boundary=boundary), u, 60) == ["holds"] * 3
    assert states(Cable(2.0, 0.06, boundary=boundary), u, 0) == ["holds"] * 3
    assert states(Cable(2.37, 0.1, boundary=boundary), u, 100) == ["holds", "broken", "holds"]
    assert states(Cable(2.3, 0.1, boundary=boundary), torch.ones(1, 9, 9).double(), 4) == ["holds", "silent", "holds"]
    assert states(Cable(3.0, 0.5, boundary=boundary), u, 60)[:2] == ["unknown", "broken"]
    assert states(Cable(3.0, 0.5, boundary=boundary), u, 5000) == ["unknown"] * 3


@pytest.mark.parametrize("boundary", ["insulated", "periodic"])
def test_the_laws_hold_at_the_last_step_that_may_be_asked_for(boundary):
    u = noise(3, 20, 20)
    for alpha, tau in ((2.0, 1e-9), (1e3, 3.7e-9), (1e6, 1e-7), (0.0, 0.0), (3.0, 0.0), (0.0, 1e-10)):
        assert states(Cable(alpha, tau, boundary=boundary), u, MOST_STEPS) == ["holds"] * 3, (alpha, tau)
    for alpha in (2.375, 2.374):  # at the bound itself the finest wave neither grows nor dies
        assert states(Cable(alpha, 0.1, boundary=boundary), u, MOST_STEPS)[2] == "holds", alpha


@pytest.mark.parametrize("n", [10**5, 2**20, 2**20 + 1, MOST_STEPS])
def test_a_jump_leaks_as_exact_arithmetic_says(n):
    cable, u = Cable(2.0, 1e-9), torch.ones(1, 8, 8).double()
    true = Decimal(1 - cable.tau) ** n
    assert cable.jump(u, n).mean().item() == pytest.approx(float(true), rel=1e-10)


def test_zero_edges_promise_no_mean_but_still_no_new_extremes():
    assert states(Cable(2.0, 0.06, boundary="zero"), noise(20, 20) + 0.5, 30) == ["silent", "holds", "holds"]


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_field_that_is_not_the_scheme_s_is_found_out(boundary):
    cable, u = Cable(2.0, 0.06, boundary=boundary), noise(20, 20)
    field = cable.run(u, 10)
    checks = proof(cable, u, field + 1e-3, 10)
    assert checks[0].state == ("silent" if boundary == "zero" else "broken")
    assert [check.state for check in proof(cable, u, field + 2, 10)][1:] == ["broken", "broken"]
