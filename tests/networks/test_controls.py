"""The controls of the cable layer: their sizes, what contains what, and a smooth layer that cannot ring."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from explorer.inside import listing
from explorer.networks import zoo
from explorer.networks.cable_layer import CabEqConv2d, CableLayer, Stencil
from explorer.networks.controls import FRONTS, Blur, Depthwise, Free, SmoothCabEqConv2d, SoftCabEqConv2d
from explorer.training.recipe.recipe import preset
from explorer.training.work import export, optimiser

MORE = {
    "front-bn": 6,
    "front-blur": 6,
    "front-depthwise": 33,
    "front-free": 87,
    "cabeq-sd-1": 33,
    "cabeq-soft-1": 33,
    "cabeq-smooth-1": 33,
}
WAVES = np.linspace(0, np.pi, 9)


def gains(layer: CableLayer) -> np.ndarray:
    """(waves along x, along y, out, in), from Φ, Ψ and τ by the law of one step."""
    r_x, r_y, tau = (values.detach().double().numpy() for values in (layer.phi**-2, layer.psi**-2, layer.tau))
    bend = 4 * np.sin(WAVES / 2) ** 2
    return 1 - tau - bend[:, None, None, None] * r_x - bend[None, :, None, None] * r_y


@pytest.mark.parametrize(("name", "more"), MORE.items())
def test_every_arm_has_its_number_of_parameters_more_than_the_baseline(name, more):
    for width in (8, 64):
        counts = [zoo.parameters(zoo.build(one, width=width)) for one in (name, "original")]
        assert counts[0] - counts[1] == more
    assert {*MORE, "original"} >= {*FRONTS} and zoo.entry(name).description


raws = arrays.arrays(np.float32, (3, 3, 3), elements=st.floats(-1e4, 1e4, width=32, allow_subnormal=False))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(raws)
def test_the_smooth_layer_never_rings(raw):
    layer = SmoothCabEqConv2d(3, 3)
    with torch.no_grad():
        layer.raw.copy_(torch.from_numpy(raw))
    r_x, r_y, tau = (rate.detach() for rate in layer.rates())
    assert (tau >= 0).all() and (r_x > 0).all() and (r_y > 0).all()
    assert (tau.double() + 4 * (r_x.double() + r_y.double()) <= 1).all()
    found = gains(layer)
    assert found.min() >= 0 and found.max() <= 1 and layer.kernel().isfinite().all()
    for axis in (0, 1):  # and no finer wave is kept better than a coarser one
        assert (np.diff(found, axis=axis) <= 1e-12).all()


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(arrays.arrays(np.float32, (3, 2, 2), elements=st.floats(-2, 2, width=32, allow_subnormal=False)))
def test_the_smooth_layers_gradient_is_alive_wherever_it_may_go(raw):
    layer = SmoothCabEqConv2d(2, 2).double()
    with torch.no_grad():
        layer.raw.copy_(torch.from_numpy(raw))
    weights = torch.randn(2, 2, 3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    (layer.kernel() * weights).sum().backward()
    assert layer.raw.grad.isfinite().all() and (layer.raw.grad.abs() > 0).all()
    assert torch.autograd.gradcheck(
        lambda raw: torch.func.functional_call(layer, {"raw": raw}, (weights[0][None],)),
        (layer.raw.detach().requires_grad_(),),
    )


def test_soft_and_smooth_start_as_one_and_the_same_smoothing():
    soft, smooth = SoftCabEqConv2d(3, 3), SmoothCabEqConv2d(3, 3)
    torch.testing.assert_close(soft.kernel(), smooth.kernel())
    found = gains(soft)
    assert found.min() >= 0 and found.max() <= 1 and (np.diff(found, axis=0) < 0).all()
    torch.testing.assert_close(Free(3, 3).kernel(), soft.kernel())
    torch.testing.assert_close(Depthwise(3, 3).kernel(), soft.kernel() * torch.eye(3)[..., None, None])
    today = gains(CabEqConv2d(3, 3))  # while the paper's layer starts by sharpening
    assert np.abs(today[-1, -1]).sum() > 2 * np.abs(today[0, 0]).sum()


def test_the_free_control_contains_the_cable_layer_and_the_depthwise_one():
    u = torch.randn(2, 3, 7, 6)
    free = Free(3, 3)
    for other in (CabEqConv2d(3, 3), SmoothCabEqConv2d(3, 3), Depthwise(3, 3), Blur(3, 3)):
        with torch.no_grad():
            for parameter in other.parameters():
                parameter.add_(0.3 * torch.randn_like(parameter))
            free.weight.copy_(other.kernel().flatten(2))
            assert torch.equal(free(u), other(u))


def test_the_depthwise_control_is_a_convolution_by_groups():
    layer, u = Depthwise(3, 3), torch.randn(2, 3, 7, 6)
    torch.nn.init.normal_(layer.weight)
    torch.testing.assert_close(layer(u), F.conv2d(u, layer.weight[:, None], padding=1, groups=3))


def test_the_blur_is_the_binomial_one_and_learns_nothing():
    layer, u = Blur(3, 3), torch.zeros(1, 3, 5, 5)
    u[0, 1, 2, 2] = 16
    wanted = torch.tensor([[1, 2, 1], [2, 4, 2], [1, 2, 1.0]])
    assert torch.equal(layer(u)[0, 1, 1:4, 1:4], wanted) and layer(u)[0, [0, 2]].abs().max() == 0
    assert not list(layer.parameters()) and not layer.state_dict()


@pytest.mark.parametrize("name", FRONTS)
def test_a_front_computes_in_float32_and_is_to_the_optimiser_what_a_cable_layer_is(name):
    model, u = zoo.build(name, width=2, seed=0), torch.randn(4, 3, 32, 32)
    layers = [module for module in model.modules() if isinstance(module, Stencil)]
    assert len(layers) == (name != "front-bn")
    for layer in layers:
        plain = F.conv2d(u, layer.kernel(), padding=1)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            assert torch.equal(layer(u), plain) and layer(u.bfloat16()).dtype == torch.float32
    with torch.autocast("cpu", dtype=torch.bfloat16):
        F.cross_entropy(model(u).float(), torch.arange(4)).backward()
    numbers = [parameter for layer in layers for parameter in layer.parameters()]
    assert all(one.grad.isfinite().all() and one.grad.abs().max() > 0 for one in numbers)
    both = optimiser.build(model, preset("good", model=name, muon_rate=0.03, device="cpu"))
    for group in both.param_groups:
        mine = [one for one in group["params"] if any(one is number for number in numbers)]
        assert not mine or (len(mine) == len(group["params"]) == len(numbers))
        assert not mine or (group["weight_decay"], group["learning_rate_factor"]) == (0.0, 2.0)
        assert not mine or any(group is one for one in both.parts[0].param_groups)


@pytest.mark.parametrize("name", FRONTS)
def test_its_filters_can_be_seen_and_what_it_learned_is_kept(name):
    model = zoo.build(name, width=2, seed=0).eval()
    layers = {path: module for path, module in model.named_modules() if isinstance(module, Stencil)}
    for path, layer in layers.items():
        assert torch.equal(listing.filters(model, path), layer.kernel())
    cable, kernels = export.cable(model), export.kernels(model)
    assert {*cable, *kernels} == {*layers} and not {*cable} & {*kernels}
    for path, values in kernels.items():
        np.testing.assert_allclose(values, layers[path].kernel().detach().numpy(), rtol=1e-3)
    assert all(math.isfinite(number) for one in cable.values() for row in one["phi"] for number in row)
