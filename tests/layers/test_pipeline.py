"""002's network by hand against the same network in torch: all gradients, and a few steps of its SGD."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from explorer.layers.pipeline import CLASSES, STARTS, Pass, start, train

DRAW = np.random.default_rng(0)
X, LABELS = DRAW.integers(0, 17, (4, 1, 8, 8)) / 16, np.array([0, 3, 3, 9])


def loss_of(leaves) -> torch.Tensor:
    conv, bias, first, second = leaves
    pooled = F.max_pool2d(torch.relu(F.conv2d(torch.tensor(X), conv, bias, padding=1)), 2).flatten(1)
    hidden = torch.relu(pooled @ first[:-1] + first[-1])
    return F.cross_entropy(hidden @ second[:-1] + second[-1], torch.tensor(LABELS))


@pytest.mark.parametrize("how", STARTS)
def test_every_gradient_and_ten_steps_are_torchs(how):
    weights = start(how, 5)
    leaves = [torch.tensor(values, requires_grad=True) for values in weights.all]
    optimiser = torch.optim.SGD(leaves, lr=0.2)
    told = Pass(weights, X, LABELS)
    loss = loss_of(leaves)
    assert told.loss == pytest.approx(loss.item(), abs=1e-12)
    loss.backward()
    for ours, theirs in zip(told.gradients.all, leaves, strict=True):
        assert theirs.grad is not None
        np.testing.assert_allclose(ours, theirs.grad, atol=1e-12)
    optimiser.step()
    for _ in range(9):
        optimiser.zero_grad()
        loss_of(leaves).backward()
        optimiser.step()
    after, losses = train(weights, X, LABELS, 0.2, 10)
    for ours, theirs in zip(after.all, leaves, strict=True):
        np.testing.assert_allclose(ours, theirs.detach(), atol=1e-9)
    assert losses[-1] == pytest.approx(loss_of(leaves).item(), abs=1e-9) and len(losses) == 11


def test_the_two_ways_to_begin_have_the_spread_that_they_say():
    flat = np.concatenate([start(STARTS[0], seed).first.ravel() for seed in range(20)])
    assert -0.5 <= flat.min() < -0.499 and 0.499 < flat.max() <= 0.5
    assert flat.std() == pytest.approx(1 / np.sqrt(12), rel=0.01)
    he = np.concatenate([start(STARTS[1], seed).first[:-1].ravel() for seed in range(20)])
    assert he.std() == pytest.approx(np.sqrt(2 / 64), rel=0.01)
    for how in STARTS:
        assert not start(how, 0).bias.any() and start(how, 0).second.shape == (33, CLASSES)
