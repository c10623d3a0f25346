"""A network as a flow of blocks, as one draws it on a board: cable, stem, stages, head."""

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.inside.listing import Layer


@dataclass(frozen=True)
class Block:
    name: str  # "stage 1.0", "stem", "conv2"
    layers: tuple[Layer, ...]  # in the order in which they run

    @property
    def shape(self) -> tuple[int, ...]:
        """What leaves the block."""
        return self.layers[-1].shape

    @property
    def parameters(self) -> int:
        return sum(layer.parameters for layer in self.layers)

    @property
    def residual(self) -> bool:
        """Whether a skip leads around its layers."""
        return any(layer.kind == "residual sum" for layer in self.layers)


def blocks(layers: Sequence[Layer]) -> list[Block]:
    """Layers of one module path stand together; in a plain chain each layer that learns takes along what follows."""
    groups: list[tuple[str, list[Layer]]] = []
    for layer in layers:
        nested = layer.block != layer.name
        begins = layer.parameters > 0 and layer.kind != "batch norm"
        same = groups and groups[-1][0] == layer.block
        plain_before = groups and "." not in groups[-1][1][-1].name and groups[-1][0] != "input"
        if same or (not nested and not begins and plain_before):
            groups[-1][1].append(layer)
        else:
            groups.append((layer.block, [layer]))
    return [Block(_title(name), tuple(inside)) for name, inside in groups]


def block_of(found: Sequence[Block], layer: str) -> int:
    """The number of the block that holds the layer."""
    return next(number for number, block in enumerate(found) if any(one.name == layer for one in block.layers))


def _title(name: str) -> str:
    return name.replace("stages.", "stage ").replace("cable.", "cable ").replace("_", " ")
