"""The coloured grids of Φ, Ψ and τ."""

import numpy as np

from explorer.ui.training.parameters import table


def test_cells_say_their_number_and_colours_mean_the_same_in_all_epochs():
    values = np.array([[[1.0, 2.0]], [[3.0, 2.0]]])
    first, last = table("Φ", values, 0), table("Φ", values, 1)
    assert ">1.00</td>" in first and ">3.00</td>" in last and "1.00 to 3.00" in first
    cell = first.split("<td ")[2].split(" title")[0]
    assert cell == last.split("<td ")[2].split(" title")[0], "2.0 has one colour"


def test_a_value_that_is_none_has_the_colour_of_no_scale():
    assert "rgb(213,0,213)" in table("τ", np.array([[[1.0, np.nan]]]), 0)
    assert "rgb(213,0,213)" in table("τ", np.array([[[np.nan]]]), 0)


def test_a_large_grid_is_not_spelled_out():
    assert table("Φ", np.ones((1, 9, 9)), 0).count("></td>") == 81
