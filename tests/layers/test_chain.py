"""003's chain against torch's autograd, its own example, and the equation that it prints wrong."""

import numpy as np
import pytest
import torch

from explorer.errors import ExplorerError
from explorer.layers import losses
from explorer.layers.chain import Chain, example


def by_autograd(chain: Chain):
    first, last = (torch.tensor(weights, requires_grad=True) for weights in (chain.first, chain.last))
    hidden = torch.relu(first @ torch.tensor(chain.x))
    hidden.retain_grad()
    scores = torch.relu(hidden @ last)
    scores.retain_grad()
    loss = torch.nn.functional.cross_entropy(scores[None], torch.tensor([chain.truth]))
    loss = loss + chain.decay * ((first**2).sum() + (last**2).sum())
    loss.backward()
    return loss.item(), first.grad.numpy(), last.grad.numpy(), hidden.grad.numpy(), scores.grad.numpy()


def drawn(seed: int) -> Chain:
    draw = np.random.default_rng(seed)
    inputs, hidden, classes = draw.integers(1, 6, 3)
    first, last = draw.normal(size=(hidden, inputs)), draw.normal(size=(hidden, classes + 1))
    return Chain(draw.normal(size=inputs), first, last, int(draw.integers(classes + 1)), float(draw.choice([0, 0.1])))


@pytest.mark.parametrize("chain", [example(), *map(drawn, range(20))])
def test_every_derivative_is_autograds(chain):
    loss, first, last, hidden, scores = by_autograd(chain)
    assert chain.loss == pytest.approx(loss, abs=1e-12)
    np.testing.assert_allclose(chain.by_first, first, atol=1e-12)
    np.testing.assert_allclose(chain.by_last, last, atol=1e-12)
    np.testing.assert_allclose(chain.by_hidden, hidden, atol=1e-12)
    np.testing.assert_allclose(chain.by_score, scores, atol=1e-12)
    np.testing.assert_allclose(chain.by_score, -chain.softmax_slopes / chain.shares[chain.truth], atol=1e-12)  # (25)


def test_the_example_is_003s_and_its_34_does_not_follow():
    chain = example()
    np.testing.assert_allclose(chain.scores, losses.EXAMPLE)
    assert [f"{share:.6f}" for share in chain.shares] == ["0.903784", "0.096216"]
    assert chain.hidden[3] == 0 and not chain.by_first[3].any()
    np.testing.assert_allclose(chain.softmax_slopes, [0.086959, -0.086959], atol=1e-6)  # (27), (28)
    np.testing.assert_allclose(chain.by_score, [-0.096216, 0.096216], atol=1e-6)  # they sum to 0
    np.testing.assert_allclose(chain.printed, [-0.096216, 0.903784], atol=1e-6)  # (34) as printed: they do not


def test_a_correction_goes_as_the_gradient_says():
    """(35): for a small step the loss falls by s · |gradient|²."""
    for chain in (example(), Chain(np.array([1.0, -2.0]), np.eye(2), np.ones((2, 3)), 2, 0.05)):
        slope = (chain.by_first**2).sum() + (chain.by_last**2).sum()
        assert chain.loss - chain.corrected(1e-6).loss == pytest.approx(1e-6 * slope, rel=1e-4)


def test_weights_that_do_not_fit_are_named():
    with pytest.raises(ExplorerError, match="W is 2 × 3: give 2 × 2"):
        Chain(np.ones(2), np.ones((2, 3)), np.ones((2, 2)))
    with pytest.raises(ExplorerError, match="the true class is 2"):
        Chain(np.ones(2), np.ones((2, 2)), np.ones((2, 2)), 2)


def test_a_step_is_that_of_torchs_sgd():
    """Its penalty is called weight_decay there, and is 2λ."""
    chain = Chain(example().x, example().first, example().last, 1, 0.05)
    weights = [torch.tensor(values, requires_grad=True) for values in (chain.first, chain.last)]
    scores = torch.relu(torch.relu(weights[0] @ torch.tensor(chain.x)) @ weights[1])
    torch.nn.functional.cross_entropy(scores[None], torch.tensor([1])).backward()
    torch.optim.SGD(weights, lr=0.3, weight_decay=0.1).step()
    after = chain.corrected(0.3)
    for ours, theirs in zip((after.first, after.last), weights, strict=True):
        np.testing.assert_allclose(ours, theirs.detach(), atol=1e-12)
