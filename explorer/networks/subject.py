"""A network to look into and what it takes: its images as it sees them, and those pixels back in colours."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from explorer.data import images
from explorer.networks import zoo


@dataclass(frozen=True, eq=False)
class Subject:
    key: str
    version: str  # with the key it names these very weights
    model: nn.Module  # in evaluation mode; never changed
    about: str  # one line
    dataset: str
    classes: tuple[str, ...]
    size: int
    channels: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    tested: str = ""  # which images its test results are of

    @property
    def parameters(self) -> int:
        return zoo.parameters(self.model)

    def sees(self, image, mode: str = "crop") -> Tensor:
        """The image as this network gets it: (1, channels, size, size), normalised."""
        return images.network_input(image, self.channels, self.size, self.mean, self.std, mode)

    def shown(self, batch: Tensor) -> Tensor:
        """What the network sees, back in colours: (channels, size, size) from 0 to 1."""
        mean, std = (torch.tensor(values).view(-1, 1, 1) for values in (self.mean, self.std))
        return (batch[0] * std + mean).clamp(0, 1)
