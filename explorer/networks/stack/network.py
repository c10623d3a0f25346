"""A planned stack as a torch network, and as the PyTorch code that builds the same one.

Both come from one description a layer. Weights are drawn from a generator of their own, so that pages that build at
the same time do not disturb each other, and in torch's own way and order, so that the exported code draws the same.
"""

from collections import OrderedDict

import numpy as np
import torch
from torch import nn

from explorer.networks import activations
from explorer.networks.shapes import Shape, words
from explorer.networks.stack.plan import Planned


def describe(layer: Planned) -> tuple[str, list, dict]:
    """The torch.nn class of a layer with its arguments, those at their defaults left out."""
    row, kind = layer.row, layer.row.kind
    if kind == "conv":
        options = {
            "kernel_size": row["kernel"],
            "stride": row["stride"],
            "padding": row["padding"],
            "dilation": row["dilation"],
            "bias": row["bias"],
        }
        defaults = {"stride": 1, "padding": 0, "dilation": 1, "bias": True}
        return "Conv2d", [layer.before[0], row["channels"]], _changed(options, defaults)
    if kind in ("maxpool", "avgpool"):
        options = {"stride": row["stride"], "padding": row["padding"]}
        name = "MaxPool2d" if kind == "maxpool" else "AvgPool2d"
        return name, [row["kernel"]], _changed(options, {"stride": row["kernel"], "padding": 0})
    if kind == "batchnorm":
        return ("BatchNorm2d" if len(layer.before) == 3 else "BatchNorm1d"), [layer.before[0]], {}
    if kind == "dropout":
        return "Dropout", [row["p"]], {}
    if kind == "flatten":
        return "Flatten", [], {}
    if kind == "dense":
        return "Linear", [layer.before[0], row["units"]], _changed({"bias": row["bias"]}, {"bias": True})
    if row["function"] == "softmax":
        return "Softmax", [], {"dim": 1}
    parameters = {name: value for name, value in row.settings.items() if name != "function"}
    return activations.get(row["function"]).module, [], parameters


def _changed(options: dict, defaults: dict) -> dict:
    return {name: value for name, value in options.items() if name not in defaults or value != defaults[name]}


def build(layers: list[Planned], seed: int) -> nn.Sequential:
    """The network with fresh weights, in evaluation mode; equal seeds give equal weights."""
    generator = torch.Generator().manual_seed(seed)
    modules = OrderedDict()
    for layer in layers:
        name, arguments, options = describe(layer)
        kind = getattr(nn, name)
        if name in ("Conv2d", "Linear"):
            modules[layer.name] = nn.utils.skip_init(kind, *arguments, **options)
            _draw(modules[layer.name], generator)
        else:
            modules[layer.name] = kind(*arguments, **options)
    return nn.Sequential(modules).eval()


def _draw(module: nn.Conv2d | nn.Linear, generator: torch.Generator) -> None:
    """What torch's reset_parameters draws: U(-b, b) with b = 1/sqrt(inputs of one output value)."""
    nn.init.kaiming_uniform_(module.weight, a=5**0.5, generator=generator)
    if module.bias is not None:
        bound = module.weight[0].numel() ** -0.5
        nn.init.uniform_(module.bias, -bound, bound, generator=generator)


def outputs(model: nn.Sequential, x: torch.Tensor) -> list[np.ndarray]:
    """What each layer makes of one input (1, C, H, W), in order, without the batch axis."""
    found = []
    with torch.inference_mode():
        for module in model:
            x = module(x)
            found.append(x[0].numpy())
    return found


def code(layers: list[Planned], shape: Shape, seed: int, title: str) -> str:
    """A Python file that builds this network, with the same weights, and runs it once."""
    lines = []
    for layer in layers:
        name, arguments, options = describe(layer)
        inside = ", ".join([*map(repr, arguments), *(f"{key}={value!r}" for key, value in options.items())])
        cost = f", {layer.parameters:,} parameters" if layer.parameters else ""
        lines.append(f'    ("{layer.name}", nn.{name}({inside})),  # {words(layer.shape)}{cost}')
    total = sum(layer.parameters for layer in layers)
    return "\n".join(
        [
            f'"""{title}: {total:,} parameters for an input of {words(shape)}."""',
            "",
            "from collections import OrderedDict",
            "",
            "import torch",
            "from torch import nn",
            "",
            f"torch.manual_seed({seed})",
            "model = nn.Sequential(OrderedDict([",
            *lines,
            "]))",
            "model.eval()",
            "",
            f"x = torch.zeros(1, {', '.join(str(size) for size in shape)})",
            'print(tuple(model(x).shape), sum(p.numel() for p in model.parameters()), "parameters")',
            "",
        ]
    )
