"""What a network answers when maps of one of its layers are switched off: their values become 0, the rest goes on.

silence.answer(model, image, "stem.conv", [1, 4])   # the network's output without maps 1 and 4 of stem.conv
"""

import re
from collections.abc import Collection, Iterable

import torch
from torch import Tensor, nn

from explorer.errors import ExplorerError
from explorer.inside import tracing

MOST = 8000  # letters of a list that a link may bring
_RUN = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?", re.ASCII)


def answer(model: nn.Module, batch: Tensor, layer: str, off: Collection[int]) -> Tensor:
    """The network's output for a batch while these maps, or units, of the layer are 0."""
    tracing.module(model, layer)
    copied, maps = tracing.twin(model), sorted(off)

    def switched(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        return _without(output, maps)

    with torch.inference_mode():
        if layer == "input":
            return copied(_without(batch, maps))
        tracing.leaves(copied)[layer].register_forward_hook(switched)
        return copied(batch)


def _without(output: Tensor, maps: list[int]) -> Tensor:
    if maps and not 0 <= maps[0] <= maps[-1] < output.shape[1]:
        raise ExplorerError(f"map is {maps[-1]}: this layer has 0 to {output.shape[1] - 1}")
    output = output.clone()
    output[:, maps] = 0
    return output


def write(off: Iterable[int]) -> str:
    """1,4,7-9: numbers in their order, those in a row as one run."""
    runs: list[list[int]] = []
    for number in sorted(off):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{low}-{high}" if high > low else str(low) for low, high in runs)


def read(text: str, count: int) -> frozenset[int]:
    """What `write` wrote, of a layer of so many maps; somebody may have typed it."""
    found: set[int] = set()
    for part in text.split(",") if len(text) <= MOST else [""]:
        run = _RUN.fullmatch(part)
        low, high = (int(run[1]), int(run[2] or run[1])) if run else (1, 0)
        if not low <= high < count:
            raise ExplorerError(f"the maps that this link switches off are not those of a layer of {count}: all are on")
        found.update(range(low, high + 1))
    return frozenset(found)
