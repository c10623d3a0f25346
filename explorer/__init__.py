"""Cable Explorer: everything that can be computed without a browser, and `ui`, which shows it.

What people reach for first can be had from here. Each name is loaded when it is asked for, so that `import explorer`
costs nothing and whoever wants a picture need not wait for torch.

Each is what its own module calls by that name, but for `inside`, which is the package: `inside.layers(model, image)`.
`samples` is the function; the package explorer.data.samples, where it lives, is reached by import statements alone, for
explorer.data gives its own name `samples` to the function too. No module of explorer/ may bear one of the other names:
importing it would put it in their place.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from explorer import inside as inside
    from explorer.data import dataset as dataset
    from explorer.data import samples as samples
    from explorer.data.images import decode as decode
    from explorer.diffusion.cable import Cable as Cable
    from explorer.diffusion.neuron import Neuron as Neuron
    from explorer.networks.cable_layer import CabEqConv2d as CabEqConv2d
    from explorer.networks.weights import load as load
    from explorer.networks.zoo import build as build

_HOMES = {
    "CabEqConv2d": "networks.cable_layer", "Cable": "diffusion.cable", "Neuron": "diffusion.neuron",
    "build": "networks.zoo", "dataset": "data", "decode": "data.images", "inside": "inside",
    "load": "networks.weights", "samples": "data",
}  # fmt: skip
__all__ = ["CabEqConv2d", "Cable", "Neuron", "build", "dataset", "decode", "inside", "load", "samples"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"{__name__}.{_HOMES[name]}")
    found = globals()[name] = home if name == _HOMES[name] else getattr(home, name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
