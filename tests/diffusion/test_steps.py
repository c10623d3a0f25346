"""Chosen steps: both ways reach the same fields."""

import numpy as np
import torch

from explorer.diffusion.cable import Cable
from explorer.diffusion.steps import COUNTED, after, fields, shares, span, strip_steps, way


def noise(*shape, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


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


def test_shares_of_a_span_survive_the_largest_floats():
    field = np.array([0.0, 0.25, 1.0, 2.0, -5.0])
    assert shares(field, 0.0, 1.0).tolist() == [0, 0.25, 1, 1, 0]
    top = np.finfo(float).max
    wild = np.array([-np.inf, -top, 0.0, top, np.inf])
    assert span(wild) == (-top, top)
    assert shares(wild, *span(wild)).tolist() == [0, 0, 0.5, 1, 1]
    assert shares(np.ones(3), *span(np.ones(3))).tolist() == [0.5] * 3
    assert span(np.array([np.inf])) == (0, 0)
