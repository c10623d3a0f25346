"""The cable layer against the scheme itself, autograd and hard training."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer.diffusion.cable import Cable
from explorer.networks.cable_layer import CabEqBlock, CabEqConv2d, CabEqResidualBlock
from explorer.networks.zoo import parameters


def set_pair(layer: CabEqConv2d, out: int, into: int, cable: Cable) -> None:
    phi, psi, tau = layer.phi.detach().clone(), layer.psi.detach().clone(), layer.tau.detach().clone()
    phi[out, into], psi[out, into], tau[out, into] = cable.phi, cable.psi, cable.tau
    layer.phi, layer.psi = phi, psi
    with torch.no_grad():
        layer.tau.copy_(tau)


@pytest.mark.parametrize("cable", [
    Cable(0.8, 0.1, 1.0, 1.0, "zero"), Cable(0.5, 0.3, 1.0, 2.0, "zero"), Cable(3.0, 0.9, 0.7, 0.9, "zero"),
])  # fmt: skip
def test_one_pair_is_one_step_of_the_scheme(cable):
    layer = CabEqConv2d(3, 2).double()
    set_pair(layer, 1, 2, cable)
    u = torch.zeros(1, 3, 7, 5, dtype=torch.float64)
    u[0, 2] = torch.randn(7, 5, dtype=torch.float64)
    torch.testing.assert_close(layer(u)[0, 1], cable.step(u[0, 2]), rtol=1e-10, atol=1e-10)


def test_inputs_are_summed_over_their_own_steps():
    layer, u = CabEqConv2d(3, 3).double(), torch.randn(2, 3, 6, 6, dtype=torch.float64)
    phi, psi, tau = layer.phi.detach(), layer.psi.detach(), layer.tau.detach()
    for out in range(3):
        steps = 0
        for i in range(3):  # α = 1/(Φ²τ) does not exist for τ = 0, so the step is written out
            p = F.pad(u[:, i], (1, 1, 1, 1))
            across = p[:, 1:-1, :-2] - 2 * u[:, i] + p[:, 1:-1, 2:]
            along = p[:, :-2, 1:-1] - 2 * u[:, i] + p[:, 2:, 1:-1]
            steps = steps + (1 - tau[out, i]) * u[:, i] + across / phi[out, i] ** 2 + along / psi[out, i] ** 2
        torch.testing.assert_close(layer(u)[:, out], steps)


def test_phi_and_psi_come_back_as_they_were_set():
    layer = CabEqConv2d(2, 2).double()
    wanted = torch.tensor([[0.2, 1.0], [2.0, 50.0]], dtype=torch.float64)
    layer.phi, layer.psi = wanted, wanted.T
    torch.testing.assert_close(layer.phi.detach(), wanted)
    torch.testing.assert_close(layer.psi.detach(), wanted.T)


@pytest.mark.parametrize("raw", [-1e30, -50.0, 0.0, 50.0, 1e30])
def test_whatever_is_learned_the_step_stays_bounded(raw):
    layer = CabEqConv2d(1, 1)
    layer.log_phi2.data.fill_(raw)
    assert 0.99e-4 <= 1 / layer.phi.item() ** 2 <= 1.01e2
    assert layer.kernel().isfinite().all()


def test_values_outside_the_bounds_are_set_to_the_bounds():
    layer = CabEqConv2d(1, 1).double()
    layer.phi, layer.psi = 1e-9, 1e9
    assert layer.phi.item() == pytest.approx(0.1, rel=1e-3) and layer.psi.item() == pytest.approx(100, rel=1e-3)


def test_gradients_are_those_of_finite_differences():
    layer, u = CabEqConv2d(2, 2).double(), torch.randn(1, 2, 4, 3, dtype=torch.float64, requires_grad=True)
    names = ("log_phi2", "log_psi2", "tau")
    values = tuple(getattr(layer, name).detach().clone().requires_grad_() for name in names)

    def run(u, *values):
        return torch.func.functional_call(layer, dict(zip(names, values, strict=True)), (u,))

    assert torch.autograd.gradcheck(run, (u, *values))


def test_autocast_leaves_it_in_float32():
    layer, u = CabEqConv2d(3, 3), torch.randn(1, 3, 8, 8)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert F.conv2d(u, torch.randn(1, 3, 3, 3)).dtype == torch.bfloat16
        torch.testing.assert_close(layer(u), layer.float()(u), rtol=0, atol=0)
        assert layer(u.bfloat16()).dtype == torch.float32


def test_the_start_is_near_a_quarter_and_keeps_each_channels_mean():
    torch.manual_seed(0)
    layer = CabEqConv2d(40, 40)
    r = (1 / layer.phi**2).detach()
    assert r.log().mean().exp().item() == pytest.approx(0.25, rel=0.05)
    assert r.log().std().item() == pytest.approx(0.3, rel=0.1)
    torch.testing.assert_close(layer.kernel().detach().sum((-1, -2)), torch.eye(40), atol=1e-5, rtol=0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_300_steps_at_rate_one_half_stay_finite_and_move(seed):
    torch.manual_seed(seed)
    model = nn.Sequential(
        CabEqResidualBlock(3), CabEqBlock(3), nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 10)
    )
    cables = [module for module in model.modules() if isinstance(module, CabEqConv2d)]
    start = [cable.phi.detach().clone() for cable in cables]
    optimiser = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    for _ in range(300):
        images, labels = torch.randn(8, 3, 8, 8), torch.randint(0, 10, (8,))
        optimiser.zero_grad()
        F.cross_entropy(model(images), labels).backward()
        optimiser.step()
    for cable, before in zip(cables, start, strict=True):
        for values in (cable.phi, cable.psi, cable.tau):
            assert values.isfinite().all()
        assert (cable.phi - before).abs().max() > 1e-3
        assert (1 / cable.phi**2).min() > 0.99e-4 and (1 / cable.phi**2).max() < 1.01e2


def test_blocks_have_the_papers_parameters_and_a_skip():
    assert parameters(CabEqBlock(3)) == 33 and parameters(CabEqResidualBlock(3)) == 66
    block = CabEqResidualBlock(3).eval()
    nn.init.zeros_(block.bn2.weight)
    u = torch.randn(1, 3, 5, 5)
    torch.testing.assert_close(block(u), F.relu(u))


def test_the_optimiser_can_tell_the_layer():
    assert CabEqConv2d.weight_decay_free is True and math.isfinite(CabEqConv2d.learning_rate_factor)
