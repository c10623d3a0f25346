"""Listening to a network without touching it.

Hooks on a shared model would catch the images of every browser that uses it. So each call makes a twin: new module
objects around the same parameters, put into evaluation mode, with listeners of its own, and thrown away after.
"""

import contextlib
import copy
import difflib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from explorer.errors import ExplorerError

# what has modules inside but is one layer for a reader; and what has none but is nothing to look at
_CONTAINERS = (nn.Sequential, nn.ModuleList)


@dataclass(frozen=True)
class Trace:
    """What went into and came out of one layer."""

    inputs: tuple[Tensor, ...]
    output: Tensor


def twin(module: nn.Module, seen: dict[int, nn.Module] | None = None) -> nn.Module:
    """The same network in evaluation mode: modules of its own, parameters and buffers shared, no hooks."""
    seen = {} if seen is None else seen
    if id(module) in seen:
        return seen[id(module)]
    fresh: Any = copy.copy(module)
    seen[id(module)] = fresh
    fresh._modules = OrderedDict((name, child and twin(child, seen)) for name, child in module._modules.items())
    for hooks in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks"):
        setattr(fresh, hooks, OrderedDict())
    fresh.training = False
    if getattr(fresh, "inplace", False):
        fresh.inplace = False  # it would overwrite the output of the layer before
    return fresh


def leaves(model: nn.Module) -> dict[str, nn.Module]:
    """The layers by name: modules without modules inside."""
    return {
        name: module
        for name, module in model.named_modules()
        if name and not len(module._modules) and not isinstance(module, _CONTAINERS)
    }


def module(model: nn.Module, name: str) -> nn.Module:
    """The layer with this name; the input stands for the identity."""
    known = leaves(model)
    if name == "input":
        return nn.Identity()
    if name not in known:
        near = difflib.get_close_matches(str(name), ["input", *known], n=1, cutoff=0.0)[0]
        raise ExplorerError(f"layer is {str(name)[:60]!r}: this network has none of that name, the nearest is {near!r}")
    return known[name]


def trace(model: nn.Module, batch: Tensor, names: set[str] | None = None) -> dict[str, Trace]:
    """Inputs and output of the named layers (or all), in the order in which they ran. Under inference mode."""
    copied, found = twin(model), {}
    wanted = {name: module for name, module in leaves(copied).items() if names is None or name in names}
    for name, module in wanted.items():
        module.register_forward_hook(_listener(found, name, len(wanted) if names is not None else 0))
    if wanted:
        with torch.inference_mode(), contextlib.suppress(_Enough):
            copied(batch)
    return found


def hear(model: nn.Module, batch: Tensor, name: str) -> Trace:
    """One layer's trace; the input passes through unchanged."""
    module(model, name)
    return Trace((batch,), batch) if name == "input" else trace(model, batch, {name})[name]


class _Enough(Exception):
    """Every wanted layer has run: the rest of the network need not."""


def _listener(found: dict[str, Trace], name: str, enough: int):
    def listen(_module, inputs, output):
        found[name] = Trace(inputs, output)
        if len(found) == enough:
            raise _Enough

    return listen
