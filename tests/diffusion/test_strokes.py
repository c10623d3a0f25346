"""Strokes replayed between jumps against the scheme stepped one by one with a brush; what a stranger gives as some."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from explorer.diffusion import strokes
from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.diffusion.film import film
from explorer.diffusion.pixel import series
from explorer.diffusion.steps import COUNTED
from explorer.diffusion.strokes import MOST, Stroke, painted, painted_fields, parse, read, start, text
from explorer.errors import ExplorerError

SIZE = 12
NUMBERS = some.tuples(
    some.integers(0, 90), some.integers(-3, 14), some.integers(-3, 14), some.integers(0, 5), some.floats(-2, 2)
)
FEW = settings(deadline=None, max_examples=25)
LISTS = some.lists(NUMBERS, max_size=6).map(lambda found: tuple(Stroke(*one) for one in sorted(found)))


def noise(*shape):
    return torch.rand(shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64)


def stepped(cable, u, listed, n):
    """Step by step, pixel by pixel, as somebody with a brush would do it."""
    for step in range(n + 1):
        if step:
            u = cable.step(u)
        for one in (stroke for stroke in listed if stroke.step == step):
            u = u.clone()
            for y, x in np.ndindex(*u.shape[-2:]):
                if (y - one.row) ** 2 + (x - one.column) ** 2 <= one.radius**2:
                    u[:, y, x] = one.value
    return u


@FEW
@given(LISTS, some.sampled_from(BOUNDARIES), some.integers(0, 100))
def test_a_jump_over_strokes_is_what_stepping_with_a_brush_gives(listed, boundary, n):
    cable, u = Cable(2.0, 0.05, 1.0, 1.3, boundary), noise(3, SIZE, SIZE)
    wanted = stepped(cable, u, listed, n)
    assert torch.allclose(painted(cable, u, listed, n), wanted, rtol=0, atol=1e-12)


@FEW
@given(LISTS, some.lists(some.integers(0, 100), min_size=1, max_size=5, unique=True).map(sorted))
def test_fields_of_many_steps_are_those_of_each(listed, steps):
    cable, u = Cable(2.0, 0.05), noise(1, SIZE, SIZE)
    found = list(painted_fields(cable, u, listed, steps))
    assert len(found) == len(steps)
    for n, field in zip(steps, found, strict=True):
        assert torch.allclose(field, painted(cable, u, listed, n), rtol=0, atol=1e-12)


def test_far_strokes_are_jumped_to_and_jumped_from(monkeypatch):
    cable, u, listed = Cable(0.3, 1e-4), noise(1, 8, 8), [Stroke(700, 2, 2, 1, 3.0), Stroke(1500, 5, 6, 2, -1.0)]
    near = painted(cable, u, listed, 2000)
    assert 2000 * u.numel() < COUNTED
    monkeypatch.setattr("explorer.diffusion.steps.COUNTED", 0)  # everything in closed form
    assert torch.allclose(painted(cable, u, listed, 2000), near, rtol=0, atol=1e-11)


def test_where_the_laws_count_from():
    cable, u, listed = Cable(2.0, 0.05), noise(1, SIZE, SIZE), [Stroke(4, 5, 5, 2, 1.0), Stroke(9, 0, 0, 3, 0.0)]
    assert start(cable, u, listed, 3)[1] == 0 and start(cable, u, [], 50)[1] == 0
    field, begin = start(cable, u, listed, 8)
    assert begin == 4 and torch.allclose(field, stepped(cable, u, listed, 4), rtol=0, atol=1e-12)
    assert start(cable, u, listed, 9)[1] == 9


@FEW
@given(LISTS, some.integers(0, 90))
def test_a_pixels_series_goes_through_the_strokes(listed, n):
    cable, u = Cable(2.0, 0.05), noise(2, SIZE, SIZE)
    found = series(cable, u, 5, 6, n, listed)
    assert found.steps.tolist() == sorted(set(found.steps.tolist()))
    for place in {0, len(found.steps) // 2, len(found.steps) - 1}:
        there = painted(cable, u, listed, int(found.steps[place]))[:, 5, 6]
        np.testing.assert_allclose(found.values[:, place], there.numpy(), atol=1e-10)
    slack = 1e-9 * np.maximum(np.abs(found.low), np.abs(found.high)) + 1e-12
    assert (found.values >= found.low - slack).all() and (found.values <= found.high + slack).all()


def test_a_film_shows_the_strokes():
    cable, u, seen = Cable(2.0, 0.05), noise(1, SIZE, SIZE), []
    listed, steps = [Stroke(4, 5, 5, 2, 1.0)], [0, 3, 4, 8]

    def paint(field):
        seen.append(field)
        return np.zeros((SIZE, SIZE, 3), np.uint8)

    film(cable, u, steps, paint, strokes=listed)
    for n, field in zip(steps, seen, strict=True):
        np.testing.assert_allclose(field, stepped(cable, u, listed, n).numpy(), atol=1e-12)


@FEW
@given(LISTS)
def test_their_text_is_read_back_and_needs_no_escapes(listed):
    written = text(listed)
    assert parse(written) == listed
    assert set(written) <= set("0123456789._~-e")
    assert read([list(vars(stroke).values()) for stroke in listed]) == listed


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([[1, 2, 3, 4]], "is not five numbers"),
        ([5], "is not five numbers"),
        ([[-1, 0, 0, 1, 1.0]], "holds -1"),
        ([[0, 0, 0, 25, 1.0]], "holds 25"),
        ([[0, 0, 0, 1, float("nan")]], "holds nan"),
        ([[0, 0, 0, 1, 101]], "holds 101"),
        ([[True, 0, 0, 1, 1]], "holds True"),
        ([[0.5, 0, 0, 1, 1]], "give whole numbers"),
        ([[5, 0, 0, 1, 1], [4, 0, 0, 1, 1]], "not in the order"),
        ([[0, 0, 0, 0, 0]] * (MOST + 1), "too many"),
    ],
)
def test_what_a_stranger_gives_is_refused_with_a_sentence(given, said):
    with pytest.raises(ExplorerError, match=said):
        read(given)


@pytest.mark.parametrize("given", ["x", "1_2_3", "1_2_3_4_5~", "1_2_3_4_inf", "1_2_3_4_1e999", "~"])
def test_a_link_that_holds_no_strokes_is_refused(given):
    with pytest.raises(ExplorerError):
        strokes.parse(given)
