"""A network as a list of layers with their wiring, their settings and their numbers, without torch."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn

from explorer.inside.wiring import wired
from explorer.live.describing import describe


@dataclass(frozen=True)
class Node:
    name: str  # the module's path, "stages.0.1.conv2"
    inputs: tuple[str, ...]  # names of layers; "input" is the picture
    shape: tuple[int, ...]  # of one output: (maps, height, width) or (units,)
    op: str  # "conv", "relu", ...
    options: dict[str, float | int | list[int]] = field(default_factory=dict)
    numbers: dict[str, np.ndarray] = field(default_factory=dict)  # float32


def graph(model: nn.Module, shape: tuple[int, ...]) -> list[Node]:
    """Every layer in the order in which it runs, for one picture of this shape (channels, height, width)."""
    return [
        Node(name, one.sources, tuple(one.heard.output.shape[1:]), *describe(name, one.module))
        for name, one in wired(model, torch.zeros(1, *shape)).items()
    ]
