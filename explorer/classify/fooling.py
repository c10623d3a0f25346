"""Changes too small to see that make a network err: no pixel moves by more than ε, each along the sign of its slope.

    fooled(subject, fields, classes, 2 / 255)              # away from these classes in one step
    fooled(subject, fields, classes, 2 / 255, steps=10)    # in ten, each held to ε again
    fooled(subject, fields, classes, 2 / 255, aimed=True)  # towards them

One step is the fast gradient sign method (I. Goodfellow, J. Shlens and C. Szegedy, Explaining and Harnessing
Adversarial Examples, ICLR 2015), several are projected gradient descent without its random start (A. Madry et al.,
Towards Deep Learning Models Resistant to Adversarial Attacks, ICLR 2018). Fields are the network's own pixels,
(N, C, size, size) in [0, 1]; what is changed stays in there.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.classify.predict import standardised
from explorer.errors import ExplorerError
from explorer.networks.subject import Subject

GREYS = 255  # of a picture, in which ε is told
STRIDE = 2.5  # of several steps each is this times ε by their number, as Madry et al. have it
MOST_STEPS = 100
PIXELS_AT_ONCE = 2**16  # of the images of one pass, all of whose maps are kept for the way back


def fooled(
    subject: Subject,
    fields: Tensor,
    classes: Tensor,
    epsilon: float | Tensor,
    *,
    steps: int = 1,
    aimed: bool = False,
) -> Tensor:
    """The pictures after the attack; `epsilon` is one number or one a picture, or many for a single picture."""
    farthest = torch.as_tensor(epsilon, dtype=fields.dtype).reshape(-1, 1, 1, 1)
    if not ((farthest >= 0) & (farthest <= 1)).all():  # no number lies nowhere
        raise ExplorerError("ε is how far a pixel may move: take it between 0 and 1")
    if not 1 <= steps <= MOST_STEPS:
        raise ExplorerError(f"{steps} steps of an attack: take 1 to {MOST_STEPS}")
    if not ((classes >= 0) & (classes < len(subject.classes))).all():
        raise ExplorerError(f"a class lies outside 0 to {len(subject.classes) - 1}")
    lowest, highest = (fields - farthest).clamp(min=0), (fields + farthest).clamp(max=1)
    stride = farthest * (1 if steps == 1 else STRIDE / steps) * (-1 if aimed else 1)
    moved = fields
    for _ in range(steps):
        moved = torch.clamp(moved + stride * slope(subject, moved, classes.expand(len(moved))).sign(), lowest, highest)
    return moved


def slope(subject: Subject, fields: Tensor, classes: Tensor) -> Tensor:
    """How the loss of each picture, the cross-entropy with its class, changes with each of its pixels."""
    parts = max(1, PIXELS_AT_ONCE // (fields.shape[-1] * fields.shape[-2]))
    return torch.cat([_slope(subject, *part) for part in zip(fields.split(parts), classes.split(parts), strict=True)])


def _slope(subject: Subject, fields: Tensor, classes: Tensor) -> Tensor:
    with torch.enable_grad():
        pixels = fields.detach().requires_grad_()
        loss = F.cross_entropy(subject.model(standardised(subject, pixels)).float(), classes, reduction="sum")
        return torch.autograd.grad(loss, pixels)[0]


def course(
    subject: Subject, field: Tensor, target: int, levels: list[float], *, steps: int = 1, aimed: bool = False
) -> Tensor:
    """One picture under the attack at every ε of `levels`, (levels, C, H, W)."""
    return fooled(subject, field[None], torch.tensor([target]), torch.tensor(levels), steps=steps, aimed=aimed)
