"""The scheme against convolution, scipy.ndimage, py-pde, its closed form, and the laws it must keep."""

import itertools
import math
import warnings
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.errors import ExplorerError

SHAPES = [(16, 16), (9, 14), (15, 7), (1, 11), (12, 1), (2, 3), (1, 1)]
SMOOTH: dict[str, Any] = {"alpha": 0.7, "tau": 0.1, "h_x": 0.8, "h_y": 1.3}
RINGING: dict[str, Any] = {"alpha": 1.6, "tau": 0.15, "h_x": 1.0, "h_y": 1.1}
NDIMAGE_MODE = {"insulated": "nearest", "periodic": "wrap", "zero": "constant"}


def noise(*shape, dtype=torch.float64, seed=0):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def relative(a, b):
    return ((a - b).abs().max() / b.abs().max().clamp(min=1e-300)).item()  # below that floats lose their digits


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_step_is_the_correlation_with_the_kernel(shape, boundary):
    cable, u = Cable(**SMOOTH, boundary=boundary), noise(*shape)
    expected = scipy.ndimage.correlate(u.numpy(), cable.kernel().numpy(), mode=NDIMAGE_MODE[boundary])
    np.testing.assert_allclose(cable.step(u).numpy(), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
def test_with_zero_outside_it_is_a_padded_convolution(dtype, tolerance):
    cable, u = Cable(**SMOOTH, boundary="zero"), noise(2, 3, 13, 10, dtype=dtype)
    kernel = cable.kernel().to(dtype).expand(3, 1, 3, 3)
    expected = u
    for _ in range(5):
        expected = torch.nn.functional.conv2d(expected, kernel, padding=1, groups=3)
    stepped = cable.run(u, 5)
    assert stepped.dtype == dtype
    assert relative(stepped, expected) < tolerance


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("parameters", [SMOOTH, RINGING], ids=["smooth", "ringing"])
def test_a_jump_is_as_many_steps(shape, boundary, parameters):
    cable, u = Cable(**parameters, boundary=boundary), noise(*shape)
    for n in (0, 1, 7, 1000):
        assert relative(cable.jump(u, n), cable.run(u, n)) < 1e-9


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_jump_is_as_many_steps_where_the_scheme_diverges(boundary):
    cable, u = Cable(3.0, 0.4, boundary=boundary), noise(3, 10, 13)
    for n in (1, 7, 300):
        assert relative(cable.jump(u, n), cable.run(u, n)) < 1e-9


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_jumps_compose(boundary):
    cable, u = Cable(**RINGING, boundary=boundary), noise(2, 9, 8)
    assert relative(cable.jump(cable.jump(u, 3), 11), cable.jump(u, 14)) < 1e-12
    for n, field in zip((0, 5, 2), cable.jumps(u, [0, 5, 2]), strict=True):
        assert torch.equal(field, cable.jump(u, n))


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("way", ["run", "jump", "exact"])
def test_it_is_linear(way, boundary):
    cable, a, b = Cable(**RINGING, boundary=boundary), noise(8, 11, seed=1), noise(8, 11, seed=2)
    evolve = getattr(cable, way)
    assert relative(evolve(2 * a - 3 * b, 9), 2 * evolve(a, 9) - 3 * evolve(b, 9)) < 1e-12


@pytest.mark.parametrize("boundary", ["insulated", "periodic"])
@pytest.mark.parametrize("parameters", [SMOOTH, RINGING], ids=["smooth", "ringing"])
def test_the_mean_leaks_by_one_minus_tau_a_step(parameters, boundary):
    cable, u = Cable(**parameters, boundary=boundary), noise(9, 12)
    for n in (1, 10, 60):
        expected = (1 - cable.tau) ** n * u.mean().item()
        assert cable.run(u, n).mean().item() == pytest.approx(expected, rel=1e-11)
        assert cable.exact(u, n).mean().item() == pytest.approx(math.exp(-n * cable.tau) * u.mean().item(), rel=1e-11)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_smooth_scheme_makes_no_new_extremes_and_a_ringing_one_does(boundary):
    u = torch.zeros(9, 9, dtype=torch.float64)
    u[4, 4] = 1.0
    smooth = Cable(Cable(1, 0.2).stability().largest_smooth_alpha or 0, 0.2, boundary=boundary)
    for n in (1, 2, 3, 10):
        field = smooth.run(u, n)
        assert field.min() >= -1e-15
        assert field.max() <= 1
    ringing = Cable(1.05 * smooth.alpha, 0.2, boundary=boundary)
    assert ringing.stability().verdict == "ringing"
    assert ringing.step(u).min() < -0.01


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("spacing", [(1.0, 1.0), (0.5, 2.0)])
def test_the_verdict_holds_two_percent_to_either_side_of_the_bound(spacing, boundary):
    h_x, h_y = spacing
    bound = Cable(1.0, 0.1, h_x, h_y).stability().largest_alpha
    assert bound is not None
    inside, outside = (Cable(bound * factor, 0.1, h_x, h_y, boundary) for factor in (0.98, 1.02))
    u = noise(40, 40) - 0.5
    assert inside.stability().verdict == "ringing"
    assert inside.run(u, 3000).abs().max() < u.abs().max()
    assert outside.stability().verdict == "divergent"
    assert outside.run(u, 3000).abs().max() > 1e6
    assert Cable(bound, 0.1, h_x, h_y).stability().verdict == "ringing"


def test_the_growth_is_the_largest_amplification_of_any_wave():
    k = np.linspace(-np.pi, np.pi, 101)
    parameters: dict[str, Any]
    for parameters in (SMOOTH, RINGING, {"alpha": 3.0, "tau": 0.4}, {"alpha": 0, "tau": 2.5}):
        cable = Cable(**parameters)
        surface = np.abs(cable.amplification(k[None, :], k[:, None]))
        assert cable.stability().growth == pytest.approx(surface.max(), rel=1e-12)


def test_a_wave_that_the_grid_allows_is_multiplied_by_its_amplification():
    cable, x, y = Cable(**RINGING, boundary="periodic"), torch.arange(12.0), torch.arange(8.0)
    k_x, k_y = 2 * math.pi * 5 / 12, 2 * math.pi * 3 / 8
    wave = torch.cos(k_x * x[None, :] + k_y * y[:, None]).double()
    assert relative(cable.step(wave), cable.amplification(k_x, k_y) * wave) < 1e-5


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_py_pde_takes_the_same_steps(boundary, monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")  # its loops over 140 pixels are quicker than compiling them
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations of its own
        import pde

        cable, u = Cable(0.8, 0.06, 0.5, 0.75, boundary), noise(10, 14)
        height, width = u.shape
        sides = [(0.0, width * cable.h_x), (0.0, height * cable.h_y)]
        grid = pde.CartesianGrid(sides, [width, height], periodic=boundary == "periodic")
        outside = {"insulated": {"derivative": 0}, "periodic": "periodic", "zero": {"virtual_point": 0}}[boundary]
        equation = pde.PDE({"u": f"{cable.alpha} * laplace(u) - u"}, bc=outside)
        settings = {"t_range": 20 * cable.tau, "dt": cable.tau, "solver": "euler", "backend": "numpy", "tracker": None}
        solved = equation.solve(pde.ScalarField(grid, u.numpy().T), **settings)
    assert relative(cable.run(u, 20), torch.from_numpy(solved.data.T.copy())) < 1e-10


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_halving_the_time_step_halves_the_error_against_the_exact_solution(boundary):
    u = noise(12, 12)
    errors = []
    for halvings in range(4):
        cable = Cable(1.0, 0.1 / 2**halvings, boundary=boundary)
        n = 10 * 2**halvings  # t = 1
        errors.append((cable.run(u, n) - cable.exact(u, n)).abs().max().item())
    for coarse, fine in itertools.pairwise(errors):
        assert coarse / fine == pytest.approx(2, rel=0.12)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("parameters", [(3.0, 0.5), (0.5, 3.0), (1e25, 1e3), (0.0, 1e30)])
def test_a_divergent_scheme_ends_at_infinity_without_nan_or_a_warning(parameters, dtype, boundary):
    cable, u = Cable(*parameters, boundary=boundary), noise(2, 7, 8, dtype=dtype) - 0.5
    for evolve in (cable.run, cable.jump):
        for n in (1, 50, 501, 3000):
            field = evolve(u, n)
            assert not field.isnan().any()
        assert field.isinf().all()
    assert not cable.run(field, 3).isnan().any()
    assert not cable.jump(field, 3).isnan().any()
    assert not Cable(0.5, 0.5, boundary=boundary).run(field, 3).isnan().any()  # centre 0 times inf


def test_a_jump_blows_up_no_rounding_noise():
    flat = torch.full((33, 17), 0.3, dtype=torch.float64)
    assert relative(Cable(3.0, 0.4).jump(flat, 400), 0.6**400 * flat) < 1e-9


class NewStorage(TorchDispatchMode):
    """Counts the tensors that operations return in memory not seen before."""

    def __init__(self):
        super().__init__()
        self.seen = set()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        for tensor in result if isinstance(result, tuple) else (result,):
            if isinstance(tensor, torch.Tensor) and tensor.numel() > 1:
                self.seen.add(tensor.untyped_storage().data_ptr())
        return result


def test_more_steps_need_no_more_memory_and_leave_the_input_alone():
    u, counts = noise(32, 32), []
    before = u.clone()
    for n in (2, 100):
        with NewStorage() as storages:
            Cable(**RINGING).run(u, n)
        counts.append(len(storages.seen))
    assert counts[0] == counts[1]
    assert torch.equal(u, before)


def test_strided_batched_and_empty_batches():
    cable, u = Cable(**SMOOTH), noise(4, 6, 5)
    strided = u.transpose(0, 2)[:, ::2]
    assert torch.equal(cable.run(strided, 4), cable.run(strided.contiguous(), 4))
    for index in range(4):
        assert relative(cable.jump(u, 6)[index], cable.jump(u[index], 6)) < 1e-14
    assert cable.run(torch.empty(0, 3, 4), 5).shape == cable.jump(torch.empty(0, 3, 4), 5).shape == (0, 3, 4)


def test_the_numbers_of_the_scheme():
    cable = Cable(2.0, 0.06, 1.0, 2.0)
    assert (cable.r_x, cable.r_y) == pytest.approx((0.12, 0.03))
    assert (cable.phi**-2, cable.psi**-2) == pytest.approx((0.12, 0.03))
    assert cable.kernel().sum().item() == pytest.approx(1 - 0.06)
    assert cable.kernel()[1].tolist() == pytest.approx([0.12, 1 - 0.06 - 0.3, 0.12])
    assert Cable(1, 0.5).h_y == 1.0
    still = Cable(0, 0)
    assert still.phi == still.psi == math.inf
    assert still.stability().verdict == "smooth"
    assert still.stability().largest_alpha == math.inf
    assert Cable(0, 2.5).stability().verdict == "divergent"
    assert Cable(0, 2.5).stability().largest_alpha is None


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"alpha": -1}, "alpha is -1"),
        ({"alpha": math.nan}, "alpha is nan"),
        ({"tau": math.inf}, "tau is inf"),
        ({"tau": -0.1}, "tau is -0.1"),
        ({"tau": 1e31}, r"tau is 1e\+31"),
        ({"tau": "a lot"}, "tau is 'a lot'"),
        ({"h_x": 0}, "h_x is 0"),
        ({"h_y": -2}, "h_y is -2"),
        ({"h_x": 1e-200}, "alpha is 1"),
        ({"boundary": "open"}, "boundary is 'open': choose one of insulated"),
    ],
)
def test_bad_values_are_named(values, named):
    with pytest.raises(ExplorerError, match=f"^{named}"):
        Cable(**{"alpha": 1.0, "tau": 0.1, **values})


@pytest.mark.parametrize(
    ("u", "n", "named"),
    [
        (torch.zeros(3, 3, dtype=torch.uint8), 1, "u has dtype torch.uint8: convert"),
        (torch.zeros(3), 1, r"u has shape \(3,\)"),
        (torch.zeros(3, 0), 1, r"u has shape \(3, 0\)"),
        (torch.full((2, 2), math.nan), 1, "u holds NaN"),
        (np.zeros((3, 3)), 1, "u is a ndarray"),
        (torch.zeros(3, 3), -1, "n is -1"),
        (torch.zeros(3, 3), 1.5, "n is 1.5"),
    ],
)
@pytest.mark.parametrize("way", ["run", "jump", "exact"])
def test_bad_fields_and_counts_are_named(way, u, n, named):
    with pytest.raises(ExplorerError, match=f"^{named}"):
        getattr(Cable(1.0, 0.1), way)(u, n)
