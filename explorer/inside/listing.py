"""What is inside a network: its layers, what they put out for an image, and their filters."""

from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor, nn

from explorer.errors import ExplorerError
from explorer.inside import tracing
from explorer.inside.kinds import kind_of
from explorer.inside.tracing import module
from explorer.networks.cable_layer import Stencil


@dataclass(frozen=True)
class Layer:
    name: str  # the module's path, "stages.0.1.conv2"; "input" for the image itself
    kind: str  # in words: "convolution", "batch norm", ...
    shape: tuple[int, ...]  # of one output: (maps, height, width) or (units,)
    parameters: int

    @property
    def has_maps(self) -> bool:
        return len(self.shape) == 3

    @property
    def block(self) -> str:
        """The part of the network that it belongs to: "stages.0.1", "stem", "head"."""
        head, _, _ = self.name.rpartition(".")
        return head.removesuffix(".shortcut") or self.name


def layers(model: nn.Module, example: Tensor) -> list[Layer]:
    """The image and every layer that it runs through, in that order."""
    modules = tracing.leaves(model)
    found = [Layer("input", "input", tuple(example.shape[1:]), 0)]
    for name, trace in tracing.trace(model, example).items():
        parameters = sum(parameter.numel() for parameter in modules[name].parameters())
        found.append(Layer(name, kind_of(modules[name]), tuple(trace.output.shape[1:]), parameters))
    return found


def run(model: nn.Module, batch: Tensor, names: Iterable[str]) -> dict[str, Tensor]:
    """The outputs of the named layers, all from one pass."""
    names = list(names)
    for name in names:
        module(model, name)
    found = tracing.trace(model, batch, set(names))
    return {name: batch if name == "input" else found[name].output for name in names}


def filters(model: nn.Module, name: str) -> Tensor:
    """The weights of a convolution or a cable layer: (out, in, height, width)."""
    layer = module(model, name)
    if isinstance(layer, Stencil):
        return layer.kernel().detach()
    if isinstance(layer, nn.Conv2d):
        return layer.weight.detach()
    raise ExplorerError(f"layer {name} is a {kind_of(layer)}: choose a convolution or a cable layer to see filters")
