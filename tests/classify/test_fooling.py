import numpy as np
import pytest
import torch
import torch.nn.functional as F
from captum.robust import FGSM, PGD
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from explorer.classify import fooling, predict
from explorer.data import samples
from explorer.errors import ExplorerError
from explorer.subjects import pretrained, untrained

NETWORK = "optdigits-digits-cnn"


@pytest.fixture(scope="module")
def digits():
    """(a trained network, its pixels of a hundred digits, their classes)"""
    subject, shown = pretrained(NETWORK), samples("optdigits")
    fields = torch.stack([predict.pixels(subject, one.image) for one in shown])
    return subject, fields, torch.tensor([one.label for one in shown])


def forward(subject):
    """The network from pixels to probabilities' logarithms, as captum wants it."""
    return nn.Sequential(Normalised(subject), subject.model)


class Normalised(nn.Module):
    def __init__(self, subject):
        super().__init__()
        self.mean, self.std = (torch.tensor(values).view(-1, 1, 1) for values in (subject.mean, subject.std))

    def forward(self, fields):
        return (fields - self.mean) / self.std


@pytest.mark.filterwarnings("ignore:Input Tensor")  # captum announces that it asks for slopes
@pytest.mark.parametrize("aimed", [False, True])
@pytest.mark.parametrize("steps", [1, 10])
def test_it_does_what_captum_does(digits, steps, aimed):
    subject, fields, classes = digits
    epsilon, loss, start = 0.1, nn.CrossEntropyLoss(reduction="none"), fields.clone().requires_grad_()
    towards = (classes + 3) % 10 if aimed else classes
    if steps == 1:
        attack = FGSM(forward(subject), loss, 0, 1)
        attack.zero_thresh = 0  # slopes below a millionth count as well
        theirs = attack.perturb(start, epsilon, towards, targeted=aimed)
    else:
        attack = PGD(forward(subject), loss, 0, 1)
        attack.fgsm.zero_thresh = 0
        theirs = attack.perturb(start, epsilon, fooling.STRIDE * epsilon / steps, steps, towards, targeted=aimed)
    ours = fooling.fooled(subject, fields, towards, epsilon, steps=steps, aimed=aimed)
    torch.testing.assert_close(ours, theirs.detach(), atol=1e-5, rtol=0)
    before, after = (
        (predict.probabilities(subject, predict.normalised(subject, one)).argmax(1) == classes.numpy()).mean()
        for one in (fields, ours)
    )
    assert after < before - 0.1, "and it fools the network"


def test_the_slope_is_that_of_the_loss():
    subject = untrained("mlp", 16, 0)
    field = torch.rand(2, subject.channels, subject.size, subject.size, dtype=torch.float64)
    subject.model.double()
    found = fooling.slope(subject, field, torch.tensor([3, 7]))
    step = 1e-6 * torch.randn_like(field, generator=torch.Generator().manual_seed(1))

    def loss(fields):
        output = subject.model(predict.normalised(subject, fields))
        return F.cross_entropy(output, torch.tensor([3, 7]), reduction="none")

    rise = loss(field + step) - loss(field - step)
    torch.testing.assert_close(2 * (found * step).sum((1, 2, 3)), rise.to(found.dtype), rtol=1e-3, atol=1e-12)


@settings(deadline=None)
@given(
    epsilon=st.floats(0, 1),
    steps=st.integers(1, 5),
    aimed=st.booleans(),
    seed=st.integers(0, 99),
)
def test_no_pixel_moves_farther_than_epsilon_or_leaves_the_picture(digits, epsilon, steps, aimed, seed):
    subject, fields, classes = digits
    some = torch.from_numpy(np.random.default_rng(seed).permutation(len(fields))[:4])
    before, after = (
        fields[some],
        fooling.fooled(subject, fields[some], classes[some], epsilon, steps=steps, aimed=aimed),
    )
    assert (after - before).abs().max() <= epsilon + 1e-6
    assert after.min() >= 0
    assert after.max() <= 1


def test_a_course_is_each_of_its_attacks_and_begins_with_the_picture(digits):
    subject, fields, classes = digits
    levels = [0.0, 0.01, 0.2]
    found = fooling.course(subject, fields[3], int(classes[3]), levels, steps=3)
    assert torch.equal(found[0], fields[3])
    for level, one in zip(levels, found, strict=True):
        alone = fooling.fooled(subject, fields[3:4], classes[3:4], level, steps=3)[0]
        torch.testing.assert_close(one, alone)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"epsilon": float("nan")}, "how far a pixel may move"),
        ({"epsilon": -0.1}, "between 0 and 1"),
        ({"epsilon": float("inf")}, "between 0 and 1"),
        ({"steps": 0}, "take 1 to"),
        ({"steps": 10**6}, "take 1 to"),
        ({"classes": torch.tensor([10])}, "lies outside 0 to 9"),
        ({"classes": torch.tensor([-1])}, "lies outside 0 to 9"),
    ],
)
def test_what_it_refuses_is_a_sentence(digits, changed, sentence):
    subject, fields, classes = digits
    asked = {"classes": classes[:1], "epsilon": 0.1, "steps": 1} | changed
    with pytest.raises(ExplorerError, match=sentence):
        fooling.fooled(subject, fields[:1], asked["classes"], asked["epsilon"], steps=asked["steps"])


def test_the_network_is_as_it_was(digits):
    subject, fields, classes = digits
    before = [part.clone() for part in subject.model.state_dict().values()]
    fooling.fooled(subject, fields[:2], classes[:2], 0.1)
    assert all(torch.equal(one, other) for one, other in zip(before, subject.model.state_dict().values(), strict=True))
    assert all(part.grad is None and not part.requires_grad for part in subject.model.parameters())
