"""The optimiser of a run; its groups know what weight decay is for: convolution and linear weights, and nothing else.

Cable layers (which carry `weight_decay_free` and a `learning_rate_factor` of their own), BatchNorm and biases are
left without: decay would pull log Φ² towards 0, that is 1/Φ² towards 1, which is no image filter anyone asked for.
"""

import torch

from explorer.training.recipe.recipe import Recipe
from explorer.training.work.muon import Both, Muon

MUON_MOMENTUM = 0.6


def groups(model: torch.nn.Module, weight_decay: float) -> list[dict]:
    """Parameter groups {params, weight_decay, learning_rate_factor, names}, every parameter in exactly one."""
    sorted_out: dict[tuple[float, float], dict] = {}
    seen = set()
    for path, module in model.named_modules():
        cable = getattr(module, "weight_decay_free", False)
        factor = float(getattr(module, "learning_rate_factor", 1.0)) if cable else 1.0
        for name, parameter in module.named_parameters(recurse=False):
            if parameter in seen or not parameter.requires_grad:
                continue
            seen.add(parameter)
            decay = 0.0 if cable or parameter.ndim < 2 else weight_decay
            group = sorted_out.setdefault(
                (factor, decay), {"params": [], "weight_decay": decay, "learning_rate_factor": factor, "names": []}
            )
            group["params"].append(parameter)
            group["names"].append(f"{path}.{name}" if path else name)
    return list(sorted_out.values())


def build(model: torch.nn.Module, recipe: Recipe) -> torch.optim.Optimizer | Both:
    """SGD, or with a muon_rate Muon for the convolution kernels and SGD for the rest, cable layers among it."""
    rest, kernels = [], []
    for group in groups(model, recipe.weight_decay):
        del group["names"]
        if recipe.muon_rate:
            kernels += [parameter for parameter in group["params"] if parameter.ndim == 4]
            group["params"] = [parameter for parameter in group["params"] if parameter.ndim != 4]
        rest += [group] if group["params"] else []
    sgd = torch.optim.SGD(rest, lr=recipe.learning_rate, momentum=recipe.momentum, nesterov=recipe.nesterov, fused=True)
    if not kernels:
        return sgd
    # set_rate multiplies: at the peak of the schedule this is muon_rate itself
    group = {"params": kernels, "learning_rate_factor": recipe.muon_rate / recipe.learning_rate}
    return Both(sgd, Muon([group], recipe.muon_rate, MUON_MOMENTUM))


def set_rate(optimiser: torch.optim.Optimizer | Both, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate * group["learning_rate_factor"]
