"""Where the electrode of the dendrite may be put."""

import pytest

from explorer.ui.components.dendrite.dendrite import share


@pytest.mark.parametrize(("sent", "place"), [(0.254, 0.25), (0, 0.0), (1, 1.0), (-3, 0.0), (7.5, 1.0)])
def test_a_place_is_a_share_of_the_length_in_hundredths(sent, place):
    assert share(sent, 0.5) == place


@pytest.mark.parametrize("sent", [None, "0.3", [0.3], {}, float("nan"), float("inf")])
def test_what_is_no_place_leaves_it_where_it_is(sent):
    assert share(sent, 0.5) == 0.5
