"""Numbers of the Diffusion page: presets say what they are, and the laws are judged by what is measured."""

import math

import numpy as np
import pytest
import torch

from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.diffusion.laws import (
    COUNTED,
    PRESETS,
    after,
    fields,
    half_life,
    largest_stable_alpha,
    lengths,
    proof,
    shares,
    span,
    strip_steps,
    way,
)

VERDICTS = {
    "gentle": "smooth", "strong": "smooth", "decay": "smooth", "horizontal": "smooth",
    "edge": "ringing", "ringing": "ringing", "explosion": "divergent",
}  # fmt: skip


def noise(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def states(cable, u, n):
    return [check.state for check in proof(cable, u, cable.jump(u, n), n)]


def cable_of(preset, boundary="insulated"):
    return Cable(preset.alpha, preset.tau, preset.h_x, preset.h_y, boundary)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_do_what_their_names_say(name):
    cable, u = cable_of(PRESETS[name]), noise(24, 24)
    assert cable.stability().verdict == VERDICTS[name]
    after_100 = cable.run(u, 100)
    if name == "decay":
        assert torch.allclose(after_100, (1 - cable.tau) ** 100 * u, rtol=1e-12)
    if name == "horizontal":
        assert (after_100.std(1) / after_100.mean(1)).max() < 0.3 < (u.std(1) / u.mean(1)).min()
        assert torch.allclose(after_100.mean(1), (1 - cable.tau) ** 100 * u.mean(1), rtol=1e-4)
    if name == "edge":
        y, x = torch.meshgrid(torch.arange(24), torch.arange(24), indexing="ij")
        finest = (-1.0) ** (x + y).double()
        periodic = cable_of(PRESETS[name], "periodic")
        assert torch.allclose(periodic.run(finest, 101), -finest, rtol=1e-9)
    if name == "explosion":
        assert after_100.abs().max() > 1e4


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
    assert Cable(alpha, tau, 1.0, h_y).stability().verdict != "divergent"
    assert Cable(alpha * 1.0002, tau, 1.0, h_y).stability().verdict == "divergent"
    assert len(f"{alpha:.10g}".replace(".", "").strip("0")) <= 5
    assert largest_stable_alpha(Cable(1, 0)) is largest_stable_alpha(Cable(1, 2.5)) is None


def test_strip_steps_run_from_first_to_last():
    assert strip_steps(0) == [0]
    assert strip_steps(3) == [0, 1, 2, 3]
    for n in (7, 60, 100_000):
        steps = strip_steps(n)
        assert steps[0] == 0 and steps[-1] == n and len(steps) <= 8
        assert steps == sorted(set(steps))
    assert len(strip_steps(60)) == 8


def test_few_steps_are_counted_and_many_jumped_with_the_same_result():
    cable, u = Cable(1.0, 0.01), noise(16, 16)
    most = COUNTED // u.numel()
    assert way(u, most) == "explicit steps" and way(u, most + 1) == "closed form"
    for steps in ([0, 3, 30], [0, 3, most + 1]):
        for n, field in zip(steps, fields(cable, u, steps), strict=True):
            assert torch.allclose(field, cable.jump(u, n), rtol=1e-9)
            assert torch.allclose(field, after(cable, u, n), rtol=1e-9)


@pytest.mark.parametrize("boundary", ["insulated", "periodic"])
def test_the_laws_hold_where_they_are_promised(boundary):
    u = noise(3, 20, 20)
    assert states(Cable(2.0, 0.06, boundary=boundary), u, 60) == ["holds"] * 3
    assert states(Cable(2.0, 0.06, boundary=boundary), u, 0) == ["holds"] * 3
    assert states(Cable(2.37, 0.1, boundary=boundary), u, 100) == ["holds", "broken", "holds"]
    assert states(Cable(2.3, 0.1, boundary=boundary), torch.ones(1, 9, 9).double(), 4) == ["holds", "silent", "holds"]
    assert states(Cable(3.0, 0.5, boundary=boundary), u, 60)[:2] == ["unknown", "broken"]
    assert states(Cable(3.0, 0.5, boundary=boundary), u, 5000) == ["unknown"] * 3


def test_zero_edges_promise_no_mean_but_still_no_new_extremes():
    assert states(Cable(2.0, 0.06, boundary="zero"), noise(20, 20) + 0.5, 30) == ["silent", "holds", "holds"]


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_field_that_is_not_the_scheme_s_is_found_out(boundary):
    cable, u = Cable(2.0, 0.06, boundary=boundary), noise(20, 20)
    field = cable.run(u, 10)
    checks = proof(cable, u, field + 1e-3, 10)
    assert checks[0].state == ("silent" if boundary == "zero" else "broken")
    assert [check.state for check in proof(cable, u, field + 2, 10)][1:] == ["broken", "broken"]


def test_shares_of_a_span_survive_the_largest_floats():
    field = np.array([0.0, 0.25, 1.0, 2.0, -5.0])
    assert shares(field, 0.0, 1.0).tolist() == [0, 0.25, 1, 1, 0]
    top = np.finfo(float).max
    wild = np.array([-np.inf, -top, 0.0, top, np.inf])
    assert span(wild) == (-top, top)
    assert shares(wild, *span(wild)).tolist() == [0, 0, 0.5, 1, 1]
    assert shares(np.ones(3), *span(np.ones(3))).tolist() == [0.5] * 3
    assert span(np.array([np.inf])) == (0, 0)
