"""No picture hides the middle of another, and those that do not hide any stay where they are."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from explorer.ui.components.neighbours.neighbours import LEAST, apart

DRAW = np.random.default_rng(0)
CROWDS = {
    "all in one place": np.full((100, 2), 0.5),
    "in a corner": np.zeros((60, 2)),
    "on a line": np.stack([np.linspace(0, 1, 100), np.full(100, 0.5)], 1),
    "three clusters": DRAW.normal(size=(100, 2)) * 0.02 + DRAW.choice([0.1, 0.5, 0.9], (100, 1)),
    "anywhere": DRAW.random((100, 2)),
}


@pytest.mark.parametrize("crowd", CROWDS)
def test_pictures_are_moved_apart_within_the_plane(crowd):
    moved = apart(CROWDS[crowd])
    between = pdist(moved, "chebyshev")
    assert between.min() >= LEAST - 1e-6 and moved.min() >= 0 and moved.max() <= 1


def test_what_hides_nothing_stays():
    places = np.stack(np.meshgrid(np.linspace(0, 1, 10), np.linspace(0, 1, 10)), -1).reshape(-1, 2)
    np.testing.assert_allclose(apart(places), places, atol=1e-4)
