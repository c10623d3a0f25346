"""Which layer feeds which, and what each put out, from one pass of the network.

The tensor that goes into a layer is the very one that came out of another. (torch.fx would read it off the code, but
to do so it replaces the call of every module of the process, also of those that other visitors' threads are running.)
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from explorer.errors import ExplorerError
from explorer.inside import tracing


@dataclass(frozen=True)
class Wired:
    module: nn.Module  # the network's own: no listener on it
    sources: tuple[str, ...]  # names of layers, one for each of its inputs; "input" is the picture
    heard: tracing.Trace


def wired(model: nn.Module, batch: Tensor) -> dict[str, Wired]:
    """Every layer in the order in which it runs; a network that computes outside its layers is an error in words."""
    found: dict[str, Wired] = {}
    made = {id(batch): "input"}
    copied = tracing.twin(model)

    def listen(name: str, module: nn.Module):
        def heard(_twin: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            if name in found:
                raise ExplorerError(
                    f"layer {name} runs twice in one pass: only networks that run each once can be followed"
                )
            sources = tuple(made[id(tensor)] for tensor in inputs if id(tensor) in made)
            if len(sources) < len(inputs):
                raise ExplorerError(
                    f"what goes into layer {name} comes out of no layer: something else is computed there"
                )
            found[name] = Wired(module, sources, tracing.Trace(inputs, output))  # kept, so no other gets its id
            made[id(output)] = name

        return heard

    own = tracing.leaves(model)
    for name, module in tracing.leaves(copied).items():
        module.register_forward_hook(listen(name, own[name]))
    with torch.inference_mode():
        result = copied(batch)
    if not found or made.get(id(result)) != next(reversed(found)):
        raise ExplorerError("what the network puts out comes out of none of its layers: it cannot be followed")
    return found
