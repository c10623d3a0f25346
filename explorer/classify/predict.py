"""What trained networks say about one image, and how they change their minds when the image is changed first.

An image is changed as the network's own pixels, (C, size, size) in [0, 1], before normalisation; what leaves [0, 1] is
clipped, as any picture would be.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.ndimage
import torch
from torch import Tensor

from explorer.data import catalogue
from explorer.diffusion.cable import Cable
from explorer.errors import ExplorerError
from explorer.networks.subject import Subject

MOST_LEVELS = 200


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


@torch.inference_mode()
def probabilities(subject: Subject, batch: Tensor) -> np.ndarray:
    """Softmax of the network's output, (N, classes); the networks that end in log-softmax come out the same."""
    output = subject.model(batch)
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
    return subject.shown(subject.sees(image, fit))


def normalised(subject: Subject, fields: Tensor) -> Tensor:
    """Pixels (N, C, H, W) as the network wants them."""
    mean, std = (torch.tensor(values).view(-1, 1, 1) for values in (subject.mean, subject.std))
    return (fields.clamp(0, 1) - mean) / std


def diffused(field: Tensor, cable: Cable, steps: Sequence[int]) -> Tensor:
    """The pixels after each of `steps` steps of the scheme, (N, C, H, W)."""
    return torch.stack(list(cable.jumps(field, steps)))


def noisy(field: Tensor, levels: Sequence[float]) -> Tensor:
    """Gaussian noise with each standard deviation; the same noise, only stronger, so that curves are smooth."""
    noise = torch.randn(field.shape, generator=torch.Generator().manual_seed(0))
    return torch.stack([field + level * noise for level in levels])


def blurred(field: Tensor, levels: Sequence[float]) -> Tensor:
    """Gaussian blur with each standard deviation in pixels."""
    values = field.numpy()
    return torch.stack(
        [torch.from_numpy(scipy.ndimage.gaussian_filter(values, (0, level, level), mode="nearest")) for level in levels]
    )


def faded(field: Tensor, levels: Sequence[float]) -> Tensor:
    """The share `level` of the contrast taken away: at 1 only the mean grey is left."""
    mean = field.mean()
    return torch.stack([mean + (1 - level) * (field - mean) for level in levels])


DISTURBANCES: dict[str, tuple[Callable[[Tensor, Sequence[float]], Tensor], float, str]] = {
    "Noise": (noisy, 0.5, "standard deviation of the noise"),
    "Blur": (blurred, 4.0, "standard deviation of the blur, pixels"),
    "Contrast": (faded, 1.0, "share of the contrast taken away"),
}


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


def doubts(subject: Subject, image, dataset: str | None) -> list[str]:
    """Why the image is unlike what the network was trained on, a sentence each; none where it is like it."""
    found = []
    width, height = image.size
    if 2 * max(width, height) >= 3 * min(width, height):
        found.append(
            f"the image is {width} × {height}: one side is {max(width, height) / min(width, height):.1f} times the "
            "other, and all training images were square"
        )
    if min(width, height) >= 2 * subject.size:
        found.append(
            f"the image has {width} × {height} pixels and was made {subject.size} × {subject.size}: "
            "what was small in it is gone"
        )
    elif max(width, height) < subject.size / 1.5:
        found.append(
            f"the image has {width} × {height} pixels and was enlarged to {subject.size} × {subject.size}: it is "
            "blurred, training images were sharp"
        )
    if dataset is not None and dataset != subject.dataset:
        names = catalogue.title(dataset), catalogue.title(subject.dataset)
        found.append("the image comes from {}, and the network knows only {}".format(*names))
    return found
