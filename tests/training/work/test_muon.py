"""Muon against the singular value decomposition it stands in for, and inside a run."""

import pytest
import torch

from explorer.networks import zoo
from explorer.networks.cable_layer import CabEqConv2d
from explorer.training.recipe.recipe import preset
from explorer.training.work import optimiser
from explorer.training.work.loop import train
from explorer.training.work.muon import Muon, orthogonal
from tests.training.work.test_loop import after, numbers, same

RECIPE = preset("quick", epochs=1, batch_size=512, width=4, muon_rate=0.05, device="cpu", precision="float32")


@pytest.mark.parametrize("shape", [(4, 9), (9, 4), (16, 16), (1, 9), (64, 576)])
def test_all_singular_values_come_near_one_and_the_directions_stay(shape):
    torch.manual_seed(0)
    u, _, vt = torch.linalg.svd(torch.randn(shape), full_matrices=False)
    matrix = u * torch.logspace(0, -1.5, min(shape)) @ vt
    found = u.T @ orthogonal(matrix) @ vt.T  # diagonal, where the directions are the matrix's own
    values = found.diagonal()
    assert ((values > 0.3) & (values < 1.3)).all(), values
    torch.testing.assert_close(found, torch.diag(values), atol=2e-3, rtol=0)


def test_zeros_stay_zeros_and_the_size_of_the_gradient_does_not_matter():
    assert not orthogonal(torch.zeros(3, 9)).any()
    matrix = torch.randn(5, 18, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(orthogonal(1e3 * matrix), orthogonal(matrix), rtol=1e-3, atol=1e-4)


def test_a_step_moves_by_its_share_and_keeps_the_length():
    torch.manual_seed(0)
    kernel = torch.nn.Parameter(torch.randn(8, 4, 3, 3))
    before, kernel.grad = kernel.detach().clone(), torch.randn(8, 4, 3, 3)
    Muon([{"params": [kernel]}], lr=0.05, momentum=0.6).step()
    assert kernel.norm().item() == pytest.approx(before.norm().item(), rel=1e-6)
    assert ((kernel - before).norm() / before.norm()).item() == pytest.approx(0.05, rel=0.3)
    assert ((kernel - before) * kernel.grad).sum() < 0


def test_muon_has_the_convolutions_and_sgd_all_the_rest():
    model = zoo.build("cabeq-rn-2", width=4)
    sgd, muon = optimiser.build(model, RECIPE).parts
    mine = {id(p) for group in muon.param_groups for p in group["params"]}
    theirs = {id(p) for group in sgd.param_groups for p in group["params"]}
    assert mine == {id(m.weight) for m in model.modules() if isinstance(m, torch.nn.Conv2d)}
    assert not mine & theirs and mine | theirs == {id(p) for p in model.parameters()}
    cable = {id(p) for m in model.modules() if isinstance(m, CabEqConv2d) for p in m.parameters()}
    assert cable <= theirs
    optimiser.set_rate(optimiser.build(model, RECIPE), RECIPE.learning_rate)
    assert isinstance(optimiser.build(model, RECIPE.changed(muon_rate=0.0)), torch.optim.SGD)


def test_the_rate_at_the_peak_is_the_recipes():
    both = optimiser.build(zoo.build("original", width=4), RECIPE)
    optimiser.set_rate(both, RECIPE.learning_rate)
    assert both.parts[1].param_groups[0]["lr"] == pytest.approx(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("cut", [1, 4, 7])
def test_a_run_with_muon_that_was_cut_is_bit_for_bit_the_run_that_was_not(tmp_path, cut):
    whole = train(RECIPE, tmp_path / "whole")
    assert whole.state == "finished", whole
    assert train(RECIPE, tmp_path / "cut", should_stop=after(cut)).state == "stopped"
    assert train(RECIPE, tmp_path / "cut") == whole
    assert same(numbers(tmp_path / "cut"), numbers(tmp_path / "whole"))
