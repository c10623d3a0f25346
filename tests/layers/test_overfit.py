"""Polynomials through points: numpy's own fit, exact fits, and what a penalty does."""

import numpy as np
import pytest
from numpy.polynomial import Polynomial

from explorer.errors import ExplorerError
from explorer.layers.overfit import NOISE, Fit, parabola, points


@pytest.mark.parametrize("degree", [0, 1, 2, 5, 9])
def test_without_a_penalty_it_is_numpys_fit(degree):
    x, y = points(12, 3)
    fit, expected = Fit(x, y, degree), Polynomial.fit(x, y, degree)
    at = np.linspace(-1, 1, 50)
    np.testing.assert_allclose(fit(at), expected(at), atol=1e-9)
    assert fit.error == pytest.approx(np.sqrt(np.mean((expected(x) - y) ** 2)))


def test_as_many_coefficients_as_points_leave_no_error_and_fit_nothing_else():
    x, y = points(11, 0)
    wild, right = Fit(x, y, 10), Fit(x, y, 2)
    assert wild.error < 1e-9 < right.error
    assert wild.unseen > right.unseen > NOISE
    assert Fit(x, parabola(x), 2).unseen == pytest.approx(NOISE)


def test_the_penalty_solves_its_own_equation_and_calms_the_curve():
    x, y = points(11, 0)
    fit = Fit(x, y, 10, 0.01)
    basis = np.polynomial.legendre.legvander(x, 10)
    slope = basis.T @ (basis @ fit.coefficients - y) + 0.01 * len(x) * fit.coefficients
    np.testing.assert_allclose(slope, 0, atol=1e-12)  # where |A·c - y|² + λ·n·|c|² is least
    assert fit.unseen < Fit(x, y, 10).unseen and fit.error > Fit(x, y, 10).error


def test_one_point_is_too_few():
    with pytest.raises(ExplorerError, match="too few"):
        points(1, 0)
