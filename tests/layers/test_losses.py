"""003's worked example, and each regulariser against torch."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from explorer.errors import ExplorerError
from explorer.layers import losses

MAPS = np.random.default_rng(0).normal(3, 2, size=(4, 6, 5))


def test_the_example_of_003_and_its_base_10_logarithm():
    told = losses.classify(losses.EXAMPLE, 0)
    np.testing.assert_allclose(told.shares, [0.903784, 0.096216], atol=5e-7)
    assert told.loss_base_10 == pytest.approx(0.043935, abs=5e-7)
    natural, base_10 = told.from_printed(0)
    assert (round(natural, 6), round(base_10, 6)) == (0.101165, 0.043935)
    assert told.loss == pytest.approx(natural, abs=1e-6)  # not rounded on the way: 0.101164
    assert losses.classify([0.0, 900.0], 0).from_printed(0) == (np.inf, np.inf)


@pytest.mark.parametrize("scale", [1, 50, 2000])
def test_softmax_and_loss_are_those_of_torch(scale):
    logits = np.random.default_rng(1).normal(size=7) * scale
    told = losses.classify(logits, 3)
    z = torch.tensor(logits)
    np.testing.assert_allclose(told.shares, torch.softmax(z, 0), atol=1e-12)
    assert told.loss == pytest.approx(F.cross_entropy(z, torch.tensor(3)).item(), rel=1e-12)


@pytest.mark.parametrize("label", [0, 3, 6])
def test_the_gradient_of_the_loss_is_autograds_and_not_what_003_prints_as_34(label):
    logits = np.random.default_rng(2).normal(size=7) * 3
    told = losses.classify(logits, label)
    z = torch.tensor(logits, requires_grad=True)
    F.cross_entropy(z, torch.tensor(label)).backward()
    assert z.grad is not None
    np.testing.assert_allclose(told.gradient(label), z.grad, atol=1e-12)
    others = np.arange(7) != label
    np.testing.assert_allclose(z.grad[others], told.shares[others], atol=1e-12)
    assert not np.isclose(z.grad[others], 1 - told.shares[others]).any()


@pytest.mark.parametrize(
    ("logits", "label"), [([1.0, np.nan], 0), ([1.0], 0), ([], 0), ([1.0, 2.0], 2), ([1.0, 2.0], -1)]
)
def test_unusable_logits_are_said(logits, label):
    with pytest.raises(ExplorerError):
        losses.classify(logits, label)


def test_dropout_keeps_the_mean_and_scales_what_stays():
    ones = np.ones((40, 50, 50))
    stays, values = losses.dropout(ones, 0.3, seed=1)
    assert stays.mean() == pytest.approx(0.7, abs=0.01) and values.mean() == pytest.approx(1, abs=0.01)
    assert set(np.unique(values)) == {0.0, 1 / 0.7}
    np.testing.assert_array_equal(losses.dropout(MAPS, 0, seed=1)[1], MAPS)
    with pytest.raises(ExplorerError, match="dropout"):
        losses.dropout(MAPS, 1.0, seed=1)


def test_batchnorm_is_torchs_in_training():
    told = losses.batchnorm(MAPS, 1.5, -0.5)
    weight, bias = torch.full((4,), 1.5).double(), torch.full((4,), -0.5).double()
    theirs = F.batch_norm(torch.tensor(MAPS)[None], None, None, weight, bias, training=True)[0]
    np.testing.assert_allclose(told.maps, theirs, atol=1e-12)
    assert losses.batchnorm(np.zeros((1, 1, 1))).maps == 0


def test_a_bias_before_batchnorm_changes_nothing():
    plain = losses.batchnorm(MAPS, 1.5, -0.5)
    moved = losses.batchnorm(MAPS + np.array([5.0, -3.0, 0.5, 0.0])[:, None, None], 1.5, -0.5)
    np.testing.assert_allclose(moved.maps, plain.maps, atol=1e-12)


def test_a_trained_bias_before_batchnorm_can_be_removed():
    """It gets no gradient, stays what it was, and gone with the running mean that knows it leaves every answer."""
    torch.manual_seed(0)
    convolution, normalising = torch.nn.Conv2d(1, 3, 3), torch.nn.BatchNorm2d(3)
    rest = torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(48, 2)
    network = torch.nn.Sequential(convolution, normalising, *rest).double()
    bias, mean = convolution.bias, normalising.running_mean
    assert bias is not None and mean is not None
    torch.nn.init.constant_(bias, 2.0)
    images, labels = torch.randn(16, 1, 6, 6).double(), torch.arange(16) % 2
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        loss = F.cross_entropy(network(images), labels)
        loss.backward()
        assert bias.grad.abs().max() < 1e-12 < convolution.weight.grad.abs().max()
        optimizer.step()
    assert torch.allclose(bias, torch.tensor(2.0).double(), atol=1e-10)
    with_bias = network.eval()(images)
    mean -= bias.detach()
    convolution.bias = None
    torch.testing.assert_close(network(images), with_bias, rtol=1e-12, atol=1e-12)


def test_l2_is_half_of_its_gradient_times_the_weights():
    weights = torch.tensor(MAPS, requires_grad=True)
    (weights**2).sum().backward()
    assert losses.l2(MAPS) == pytest.approx((weights.grad * weights / 2).sum().item())
    assert losses.l2(np.array([[1, 2], [3, 4]])) == 30


def test_l1_takes_the_same_off_every_weight_until_it_is_0():
    weights = np.array([-2.0, 0.3, 0.0, 1.0])
    np.testing.assert_allclose(losses.shrunk(weights, 0.5), [-1.5, 0.0, 0.0, 0.5])
    w = torch.tensor(weights, requires_grad=True)
    w.abs().sum().backward()
    assert w.grad is not None
    far = np.abs(weights) > 1e-3
    step = (weights - losses.shrunk(weights, 1e-3)) / 1e-3
    np.testing.assert_allclose(step[far], w.grad.numpy()[far], atol=1e-9)  # gradient descent, as long as none crosses 0
    assert losses.l1(weights) == pytest.approx(3.3)
