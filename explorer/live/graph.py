"""A network as a list of layers with their wiring, their settings and their numbers, without torch.

Which layer feeds which is seen by running the network once on zeros: the tensor that goes into a layer is the very one
that came out of another. (torch.fx would read it off the code, but to do so it replaces the call of every module of
the process, also of those that other visitors' threads are running.)
"""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from explorer.errors import ExplorerError
from explorer.inside import tracing
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
    layers, made, kept = [], {}, []
    copied = tracing.twin(model)

    def listen(name: str):
        def heard(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            if any(one.name == name for one in layers):
                raise ExplorerError(
                    f"layer {name} runs twice in one pass: only networks that run each once can be packed"
                )
            sources = tuple(made[id(tensor)] for tensor in inputs if id(tensor) in made)
            if len(sources) < len(inputs):
                raise ExplorerError(
                    f"what goes into layer {name} comes out of no layer: something else is computed there"
                )
            layers.append(Node(name, sources, tuple(output.shape[1:]), *describe(name, module)))
            made[id(output)] = name
            kept.append(output)  # or its id could be given to another tensor

        return heard

    for name, module in tracing.leaves(copied).items():
        module.register_forward_hook(listen(name))
    with torch.inference_mode():
        picture = torch.zeros(1, *shape)
        made[id(picture)] = "input"
        result = copied(picture)
    if not layers or made.get(id(result)) != layers[-1].name:
        raise ExplorerError("what the network puts out comes out of none of its layers: it cannot be packed")
    return layers
