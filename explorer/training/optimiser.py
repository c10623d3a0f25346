"""SGD whose groups know what weight decay is for: convolution and linear weights, and nothing else.

Cable layers (which carry `weight_decay_free` and a `learning_rate_factor` of their own), BatchNorm and biases are
left without: decay would pull log Φ² towards 0, that is 1/Φ² towards 1, which is no image filter anyone asked for.
"""

import torch

from explorer.training.recipe import Recipe


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


def sgd(model: torch.nn.Module, recipe: Recipe) -> torch.optim.SGD:
    named = groups(model, recipe.weight_decay)
    plain = [{key: value for key, value in group.items() if key != "names"} for group in named]
    return torch.optim.SGD(
        plain, lr=recipe.learning_rate, momentum=recipe.momentum, nesterov=recipe.nesterov, fused=True
    )


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate * group["learning_rate_factor"]
