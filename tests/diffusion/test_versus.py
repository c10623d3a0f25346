"""What stands beside a scheme differs from it in the one thing that was asked for, and the sentence says which."""

from dataclasses import fields

import pytest

from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.diffusion.versus import ALPHA, EDGES, IMPLICIT, SCALE, VERSUS, rival

CABLE = Cable(10, 0.01, 1.0, 2.0)


def differing(one: Cable, other: Cable) -> set[str]:
    return {field.name for field in fields(Cable) if getattr(one, field.name) != getattr(other, field.name)}


@pytest.mark.parametrize("versus", VERSUS)
def test_one_thing_differs(versus):
    same = (SCALE, IMPLICIT, "against insulated edges")
    wanted = set() if versus in same else {"alpha"} if versus == ALPHA else {"boundary"}
    assert differing(CABLE, rival(CABLE, versus, 3.5).cable) == wanted


def test_every_edge_can_be_compared_with():
    assert {rival(CABLE, versus, 0).cable.boundary for versus in EDGES} == set(BOUNDARIES)


@pytest.mark.parametrize(
    ("versus", "alpha", "words"),
    [
        ("against zero edges", 0, "Only the edges differ: insulated edges and zero edges, both smooth."),
        ("against insulated edges", 0, "Nothing differs: both have insulated edges, and are smooth."),
        (ALPHA, 80, "Only α differs: α = 10 is smooth, α = 80 is divergent."),
        (ALPHA, 2, "Only α differs: α = 10 and α = 2, both smooth."),
        (IMPLICIT, 0, "Only the steps differ: explicit and implicit, both smooth."),
        (SCALE, 0, "Only the colours differ: both are one field, and its scheme is smooth."),
    ],
)
def test_one_sentence_says_what_differs_and_both_verdicts(versus, alpha, words):
    assert rival(CABLE, versus, alpha).words == words


def test_implicit_steps_are_smooth_where_explicit_ones_explode():
    words = "Only the steps differ: explicit is divergent, implicit is smooth."
    assert rival(Cable(60, 0.01), IMPLICIT, 0).words == words


def test_another_alpha_is_another_comparison():
    assert len({rival(CABLE, ALPHA, alpha).name for alpha in (1, 2, 3)}) == 3
    assert rival(Cable(2, 0.01), ALPHA, 3).name == rival(Cable(5, 0.01), ALPHA, 3).name
