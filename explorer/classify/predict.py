"""What trained networks say about one image, and how they change their minds when the image is changed first.

An image is changed as the network's own pixels, (C, size, size) in [0, 1], before normalisation; what leaves [0, 1] is
clipped, as any picture would be.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from explorer.data import catalogue, disturb, images
from explorer.diffusion.cable import Cable
from explorer.errors import ExplorerError
from explorer.networks.subject import Subject

MOST_LEVELS = 200
MOST_NAMED = 20  # classes in a sentence
MOST_TOLD = 100  # of more classes no sentence says what they are
PIXELS_AT_ONCE = 2**18  # of the images of one pass: with the largest maps 80 MB
IN_WORDS = dict(enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 2))
NO_LEAK = 1e-15  # of a value in a step: 10,000 steps lose a hundred-billionth


@dataclass(frozen=True, eq=False)
class Prediction:
    subject: Subject
    probabilities: np.ndarray  # (classes,)
    milliseconds: float

    @property
    def best(self) -> int:
        return int(self.probabilities.argmax())

    @property
    def answer(self) -> str:
        return self.subject.classes[self.best]

    def top(self, count: int = 5) -> list[tuple[str, float]]:
        """(class, probability), the likeliest first."""
        order = np.argsort(-self.probabilities, kind="stable")[:count]
        return [(self.subject.classes[place], float(self.probabilities[place])) for place in order]


def parts(batch: Tensor) -> Sequence[Tensor]:
    """As many pictures as go through a network in one pass, and then as many more."""
    return batch.split(max(1, PIXELS_AT_ONCE // (batch.shape[-1] * batch.shape[-2])))


@torch.inference_mode()
def probabilities(subject: Subject, batch: Tensor) -> np.ndarray:
    """Softmax of the network's output, (N, classes); the networks that end in log-softmax come out the same."""
    output = torch.cat([subject.model(part) for part in parts(batch)])
    if output.ndim != 2 or output.shape[1] != len(subject.classes):
        raise ExplorerError(f"{subject.key} puts out {tuple(output.shape[1:])}: it has to end in one number a class")
    return output.float().softmax(1).numpy()


def predict(subject: Subject, image, fit: str = "crop") -> Prediction:
    """One network on one picture, with the time that it took."""
    batch = subject.sees(image, fit)
    begin = time.perf_counter()
    shares = probabilities(subject, batch)[0]
    return Prediction(subject, shares, 1000 * (time.perf_counter() - begin))


def pixels(subject: Subject, image, fit: str = "crop") -> Tensor:
    """What the network sees before normalisation, (C, size, size) in [0, 1]."""
    return torch.from_numpy(images.field(image, subject.size, subject.channels == 3, fit))


def normalised(subject: Subject, fields: Tensor) -> Tensor:
    """Pixels (N, C, H, W) as the network wants them."""
    return standardised(subject, fields.clamp(0, 1))


def standardised(subject: Subject, fields: Tensor) -> Tensor:
    """The same of pixels that lie in [0, 1], with a slope at 0 and 1 as well, where clamp has none."""
    mean, std = (torch.tensor(values).view(-1, 1, 1) for values in (subject.mean, subject.std))
    return (fields - mean) / std


def diffused(field: Tensor, cable: Cable, steps: Sequence[int]) -> Tensor:
    """The pixels after each of `steps` steps of the scheme, (N, C, H, W)."""
    return torch.stack(list(cable.jumps(field, steps)))


def without_leak(cable: Cable) -> Cable:
    """The same coupling, r_x and r_y, with so little leak that no float32 tells it from none."""
    return replace(cable, alpha=cable.alpha * cable.tau / NO_LEAK, tau=NO_LEAK)


def disturbed(field: Tensor, name: str, strengths: Sequence[float]) -> Tensor:
    """The pixels at each strength of a disturbance that test sets are measured under, (N, C, H, W)."""
    picture = (255 * field.clamp(0, 1)).round().to(torch.uint8).permute(1, 2, 0).numpy()[None]
    level = disturb.disturbance(name).level
    changed = [disturb.disturbed(picture, name, level(strength)) for strength in strengths]
    return torch.from_numpy(np.concatenate(changed)).permute(0, 3, 1, 2) / 255


def course(subject: Subject, fields: Tensor) -> np.ndarray:
    """Probabilities along a row of changed images, (levels, classes)."""
    if len(fields) > MOST_LEVELS:
        raise ExplorerError(f"{len(fields)} images in a row: ask for at most {MOST_LEVELS}")
    return probabilities(subject, normalised(subject, fields))


def changes(shares: np.ndarray) -> list[tuple[int, int, int]]:
    """Where along the row the answer changes: (place, class before, class after)."""
    best = shares.argmax(1)
    places = np.flatnonzero(best[1:] != best[:-1]) + 1
    return [(int(place), int(best[place - 1]), int(best[place])) for place in places]


def vocabulary(classes: Sequence[str], label: str) -> str:
    """What to say of an image that is none of the classes, or of which nobody knows what it is (`label` is empty);
    nothing where it is one of them, or where they are too many to say."""
    if label in classes or len(classes) > MOST_TOLD:
        return ""
    count = IN_WORDS.get(len(classes), f"{len(classes):,}")
    listed = list(classes[:MOST_NAMED]) + [f"{len(classes) - MOST_NAMED:,} more"] * (len(classes) > MOST_NAMED)
    named = f"{', '.join(listed[:-1])} and {listed[-1]}"
    if label:
        return f"“{label}” is none of the {count} things that these networks know: {named}. So no answer can be right."
    return f"These networks know {count} things: {named}. Whatever the image shows, they answer with one of these."


def doubts(subject: Subject, image, dataset: str | None) -> list[str]:
    """Why the image is unlike what the network was trained on, a sentence each; none where it is like it."""
    found = []
    width, height = image.size
    photos = catalogue.of_photos(subject.dataset)
    if not photos and 2 * max(width, height) >= 3 * min(width, height):
        found.append(
            f"the image is {width} × {height}: one side is {max(width, height) / min(width, height):.1f} times the "
            "other, and all training images were square"
        )
    if not photos and min(width, height) >= 2 * subject.size:
        found.append(
            f"the image has {width} × {height} pixels and was made {subject.size} × {subject.size}: "
            "what was small in it is gone"
        )
    elif max(width, height) < subject.size / 1.5:
        found.append(
            f"the image has {width} × {height} pixels and was enlarged to {subject.size} × {subject.size}: it is "
            "blurred, training images were sharp"
        )
    photo = photos and dataset in catalogue.KNOWN and catalogue.KNOWN[dataset].channels == 3
    if dataset not in (None, subject.dataset) and not photo:
        names = catalogue.title(dataset), catalogue.title(subject.dataset)
        found.append("the image comes from {}, and the network knows only {}".format(*names))
    return found
