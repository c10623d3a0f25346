"""A network for the browser: its layers as JSON, and all its numbers in one block of bytes.

A number is two bytes where every value of its array is a float16 (the weights that come with the app are), else four.
In the graph an array is [offset in the block, how many, bytes of one].
"""

import math

import numpy as np
from torch import nn

from explorer.errors import ExplorerError
from explorer.live.graph import Node, graph

MOST_BYTES = 48 * 2**20  # on the wire
MOST_VALUES = 5 * 2**22  # of all maps of one pass: 84 MB in the browser


def pack(model: nn.Module, shape: tuple[int, int, int]) -> tuple[dict, bytes]:
    """(graph, numbers) of the network for pictures (channels, height, width); what cannot be packed is named."""
    count = sum(parameter.numel() for parameter in model.parameters())
    if 2 * count > MOST_BYTES:
        raise ExplorerError(_too_large(2 * count))
    layers, block = graph(model, shape), bytearray()
    if sum(math.prod(layer.shape) for layer in layers) > MOST_VALUES:
        raise ExplorerError(f"its maps hold more than {MOST_VALUES:,} values: the server answers for it")
    nodes = [_node(layer, block) for layer in layers]
    if len(block) > MOST_BYTES:
        raise ExplorerError(_too_large(len(block)))
    return {"shape": list(shape), "nodes": nodes}, bytes(block)


def _too_large(size: int) -> str:
    return f"it has {size / 2**20:.0f} MB of numbers, {MOST_BYTES >> 20} MB at most go to a browser: the server answers"


def _node(layer: Node, block: bytearray) -> dict:
    arrays = _folded(layer) if layer.op == "norm" else layer.numbers
    options = {name: value for name, value in layer.options.items() if name != "epsilon"}
    placed = {name: _placed(values, block) for name, values in arrays.items()}
    return {
        "name": layer.name,
        "op": layer.op,
        "from": list(layer.inputs),
        "shape": list(layer.shape),
        **options,
        **placed,
    }


def _folded(layer: Node) -> dict[str, np.ndarray]:
    """Batch norm as one multiplication and one addition a channel."""
    weight, bias, mean, variance = (
        layer.numbers[name].astype(np.float64) for name in ("weight", "bias", "mean", "variance")
    )
    scale = weight / np.sqrt(variance + layer.options["epsilon"])
    return {"weight": scale.astype(np.float32), "bias": (bias - mean * scale).astype(np.float32)}


def _placed(values: np.ndarray, block: bytearray) -> list[int]:
    with np.errstate(over="ignore"):
        half = values.astype("<f2")
    exact = np.array_equal(half.astype(np.float32), values)
    offset = len(block)
    block += (half if exact else values.astype("<f4")).tobytes()
    block += bytes(-len(block) % 4)
    return [offset, values.size, 2 if exact else 4]
