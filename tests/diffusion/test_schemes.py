"""The other schemes against matrices of scipy, py-pde and each other."""

from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
import scipy.sparse.linalg
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.diffusion import schemes
from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.diffusion.schemes import EXACT, EXPLICIT, IMPLICIT, MIDDLE, SCHEMES
from explorer.errors import ExplorerError

HEIGHT, WIDTH = 6, 7
U = torch.from_numpy(np.random.default_rng(0).random((2, HEIGHT, WIDTH)))


def matrix(cable: Cable) -> np.ndarray:
    """z as a matrix on the pixels of a small grid: I minus the explicit step, pixel by pixel."""
    basis = torch.eye(HEIGHT * WIDTH, dtype=torch.float64).reshape(-1, HEIGHT, WIDTH)
    return np.eye(HEIGHT * WIDTH) - cable.step(basis).reshape(HEIGHT * WIDTH, -1).numpy().T


def by_matrix(step: np.ndarray, n: int) -> np.ndarray:
    return (U.reshape(len(U), -1).numpy() @ np.linalg.matrix_power(step, n).T).reshape(U.shape)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("n", [0, 1, 5])
def test_all_are_what_scipy_makes_of_the_matrix(boundary, n):
    cable = Cable(3.0, 0.2, 1.0, 1.5, boundary)
    z, one = matrix(cable), np.eye(HEIGHT * WIDTH)
    steps = {
        EXPLICIT: one - z,
        IMPLICIT: scipy.sparse.linalg.spsolve(scipy.sparse.csc_matrix(one + z), one),
        MIDDLE: scipy.sparse.linalg.spsolve(scipy.sparse.csc_matrix(one + z / 2), one - z / 2),
        EXACT: scipy.linalg.expm(-z),
    }
    for scheme in SCHEMES:
        np.testing.assert_allclose(scheme.after(cable, U, n), by_matrix(steps[scheme], n), atol=1e-11)


def test_crank_nicolson_is_py_pdes():
    pde = pytest.importorskip("pde")
    cable = Cable(2.0, 0.1, boundary="periodic")
    grid = pde.CartesianGrid([[0, HEIGHT], [0, WIDTH]], [HEIGHT, WIDTH], periodic=True)
    equation = pde.PDE({"u": f"{cable.alpha} * laplace(u) - u"})
    solver = pde.CrankNicolsonSolver(equation, maxerror=1e-12, maxiter=1000, backend="numpy")
    field = pde.ScalarField(grid, U[0].numpy())
    theirs = pde.Controller(solver, t_range=10 * cable.tau, tracker=None).run(field, dt=cable.tau)
    np.testing.assert_allclose(MIDDLE.after(cable, U[:1], 10)[0], theirs.data, atol=1e-8)


laws = st.builds(
    Cable, st.floats(0, 100), st.floats(0.001, 3), st.floats(0.3, 3), st.floats(0.3, 3), st.sampled_from(BOUNDARIES)
)


@given(laws, st.integers(1, 50))
@settings(deadline=None)
def test_implicit_and_crank_nicolson_never_diverge_and_smooth_ones_make_no_new_extremes(cable, n):
    largest = U.abs().max()
    for scheme in (IMPLICIT, MIDDLE, EXACT):
        energy = (scheme.after(cable, U, n) ** 2).sum()
        assert energy <= (U**2).sum() * (1 + 1e-9)
        if schemes.verdict(scheme, cable) == "smooth":
            field = scheme.after(cable, U, n)
            assert field.min() >= -1e-9 and field.max() <= largest + 1e-9


def test_crank_nicolson_rings_where_steps_are_long():
    cable = Cable(10.0, 0.3)  # z of the checkerboard is 24
    assert [schemes.verdict(scheme, cable) for scheme in SCHEMES] == ["divergent", "smooth", "ringing", "smooth"]
    spot = torch.zeros(1, 9, 9, dtype=torch.float64)
    spot[0, 4, 4] = 1
    assert MIDDLE.after(cable, spot, 1).min() < -0.1 < IMPLICIT.after(cable, spot, 1).min()


@pytest.mark.parametrize("n", [1, 16, 300])
def test_orders_are_one_one_and_two(n):
    smooth = torch.from_numpy(np.cos(np.pi * (np.arange(16) + 0.5) / 16))[None, None].expand(1, 16, 16).clone()
    found = schemes.orders(Cable(2.0, 0.01), smooth, n)
    assert [one.scheme for one in found] == [EXPLICIT, IMPLICIT, MIDDLE]
    for one, order in zip(found, (1, 1, 2), strict=True):
        assert one.read == pytest.approx(order, abs=0.1)
        assert (np.diff(one.tau) > 0).all()


def test_the_error_is_that_of_the_fields():
    cable, n = Cable(2.0, 0.05), 8
    for one in schemes.orders(cable, U, n):
        place = int(np.argmin(np.abs(one.tau - cable.tau)))
        apart = one.scheme.after(cable, U, n) - EXACT.after(cable, U, n)
        assert one.tau[place] == pytest.approx(cable.tau)
        assert one.error[place] == pytest.approx(float((apart**2).mean().sqrt()), rel=1e-9)


def test_no_error_and_a_divergent_scheme_have_no_order():
    assert schemes.orders(Cable(2.0, 0.05), torch.zeros(1, 4, 4), 4)[0].read is None
    explicit, implicit, middle = (one.read for one in schemes.orders(Cable(30.0, 0.3), U, 5))
    assert explicit is None and implicit is not None and middle is not None


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_perona_maliks_with_a_large_k_is_the_explicit_scheme(boundary):
    cable = Cable(3.0, 0.05, 1.0, 1.5, boundary)
    np.testing.assert_allclose(schemes.sparing_edges(cable, U, 7, 1e9), cable.run(U, 7), atol=1e-12)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_perona_maliks_is_the_sum_over_four_neighbours(boundary):
    cable, k = Cable(3.0, 0.05, 1.0, 1.5, boundary), 0.3
    expected = np.empty(U.shape)
    modes: dict[str, Any] = {"insulated": "edge", "periodic": "wrap", "zero": "constant"}
    framed = np.pad(U.numpy(), ((0, 0), (1, 1), (1, 1)), mode=modes[boundary])
    for row in range(HEIGHT):
        for column in range(WIDTH):
            here, new = framed[:, row + 1, column + 1], (1 - cable.tau) * framed[:, row + 1, column + 1]
            for down, right, r in ((0, 1, cable.r_x), (0, -1, cable.r_x), (1, 0, cable.r_y), (-1, 0, cable.r_y)):
                step = framed[:, row + 1 + down, column + 1 + right] - here
                new = new + r * step / (1 + np.mean(step**2) / k**2)
            expected[:, row, column] = new
    np.testing.assert_allclose(schemes.sparing_edges(cable, U, 1, k), expected, atol=1e-12)


def test_perona_maliks_keeps_an_edge_that_the_cable_washes_out():
    edge = torch.zeros(1, 16, 16, dtype=torch.float64)
    edge[..., 8:] = 1
    cable = Cable(20.0, 0.01)
    spared, washed = schemes.sparing_edges(cable, edge, 30, 0.05), cable.run(edge, 30)
    assert spared[0, 8].diff().max() > 0.6 > 0.2 > washed[0, 8].diff().max()


@pytest.mark.parametrize("k", [0, -1, float("nan"), float("inf")])
def test_a_k_that_is_none_is_refused(k):
    with pytest.raises(ExplorerError, match="K is"):
        schemes.sparing_edges(Cable(1, 0.1), U, 1, k)
