"""Where a network looks: captum's answers against autograd, a linear network, and plain covering."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from explorer.errors import ExplorerError
from explorer.inside.attribution import attribute, logits, target_layer
from explorer.inside.listing import layers
from explorer.networks import zoo


@pytest.fixture(scope="module")
def net():
    model = zoo.build("cabeq-sd-1", width=4, seed=0)
    torch.manual_seed(0)
    model(torch.randn(16, 3, 32, 32))
    return model.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def image():
    return torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("target", [0, 3, 7])
def test_grad_cam_is_the_weighted_sum_of_maps(net, image, target):
    body = nn.Sequential(net.cable, net.stem, net.stages)
    maps = body(image).detach().requires_grad_()
    score = net.head(net.flatten(net.pool(maps)))[0, target]
    weights = torch.autograd.grad(score, maps)[0].mean((2, 3), keepdim=True)
    cam = F.relu((weights * maps).sum(1, keepdim=True))
    wanted = F.interpolate(cam, (32, 32), mode="bilinear")[0, 0].detach().numpy()
    found = attribute(net, image, target, "Grad-CAM", "stages.3.1.relu2")
    assert found.score == pytest.approx(score.item(), rel=1e-4)
    assert wanted.any() and found.values is not None
    np.testing.assert_allclose(found.values, wanted, rtol=1e-3, atol=1e-5)


def test_integrated_gradients_of_a_linear_network_are_weight_times_input():
    linear = nn.Linear(48, 3)
    model = nn.Sequential(nn.Flatten(), linear).eval()
    u = torch.randn(1, 3, 4, 4)
    found = attribute(model, u, 1, "integrated gradients")
    assert found.values is not None
    wanted = (linear.weight[1].view(3, 4, 4) * u[0]).sum(0).detach().numpy()
    np.testing.assert_allclose(found.values, wanted, rtol=1e-4, atol=1e-5)


def test_integrated_gradients_sum_to_the_rise_of_the_score(net, image):
    found = attribute(net, image, 5, "integrated gradients")
    scores = logits(net)
    rise = (scores(image) - scores(torch.zeros_like(image)))[0, 5].item()
    assert found.values.sum() == pytest.approx(rise, rel=0.05, abs=0.05)


def test_occlusion_is_what_covering_takes_away():
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 2)).eval()
    u = torch.randn(1, 1, 8, 8)
    found = attribute(model, u, 0, "occlusion")  # windows of 2 moved by 1, averaged over those that cover a place
    covered = u.clone()
    covered[:, :, :2, :2] = 0
    fall = (model(u) - model(covered))[0, 0].item()
    assert found.values[0, 0] == pytest.approx(fall, abs=1e-5)


def test_the_model_is_left_as_it_was(net, image):
    attribute(net, image, 0, "Grad-CAM", "stem.relu")
    assert not any(module._forward_hooks or module._backward_hooks for module in net.modules())
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in net.parameters())


def test_nothing_to_draw_is_explained():
    conv = nn.Conv2d(1, 2, 3)
    dead = nn.Sequential(conv, nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 2)).eval()
    conv.bias.data.fill_(-100.0)
    u = torch.rand(1, 1, 8, 8)
    for method, said in (("Grad-CAM", "no place of layer 1"), ("occlusion", "does not depend on the image")):
        found = attribute(dead, u, 0, method, "1")
        assert found.values is None and said in found.why_not
    broken = attribute(dead, u * float("nan"), 0, "occlusion")
    assert broken.values is None and "not a number" in broken.why_not


def test_the_usual_target_is_the_last_layer_with_more_than_a_pixel(net, image):
    assert target_layer(layers(net, image)) == "stages.3.1.relu2"
    with pytest.raises(ExplorerError, match="no layer with maps"):
        target_layer(layers(nn.Sequential(nn.Flatten(), nn.Linear(4, 2)), torch.zeros(1, 1, 2, 2)))


@pytest.mark.parametrize(("arguments", "said"), [
    ((10, "Grad-CAM", "stem.relu"), "class is 10: this network has 0 to 9"),
    ((0, "magic", ""), "method is 'magic'"),
    ((0, "Grad-CAM", "head"), "no maps that Grad-CAM could weigh"),
    ((0, "Grad-CAM", "input"), "no maps"),
    ((0, "Grad-CAM", "nowhere"), "nearest"),
])  # fmt: skip
def test_a_wrong_wish_says_what_would_be_right(net, image, arguments, said):
    with pytest.raises(ExplorerError, match=said):
        attribute(net, image, *arguments)
