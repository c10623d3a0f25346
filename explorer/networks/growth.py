"""A trained cable layer as a diffusion of its own: stepped again and again on an image, and judged for stability.

With several channels a step is a matrix for every wave, one g(o, i) for each pair of channels; the layer is bounded
when no wave's matrix has an eigenvalue above 1 in magnitude, whatever the pairs look like one by one.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer import equation
from explorer.errors import ExplorerError
from explorer.networks.cable_layer import CableLayer


@dataclass(frozen=True)
class PairVerdict:
    output: int
    input: int
    phi: float
    psi: float
    tau: float
    growth: float  # the largest |g| of this pair alone
    verdict: str


def square_layers(model: nn.Module) -> dict[str, CableLayer]:
    """The cable layers of a model whose output can be fed back, by their names."""
    layers = {name: layer for name, layer in model.named_modules() if isinstance(layer, CableLayer)}
    return {name: layer for name, layer in layers.items() if layer.in_channels == layer.out_channels}


def pairs(layer: CableLayer) -> list[PairVerdict]:
    tau, r_x, r_y = _law(layer)
    phi, psi = (values.detach().double().cpu().numpy() for values in (layer.phi, layer.psi))
    found = []
    for output, input in np.ndindex(tau.shape):
        pair = output, input
        law = float(tau[pair]), float(r_x[pair]), float(r_y[pair])
        verdict = equation.verdict(*law, _precision(layer))
        growth = float(equation.growth(*law))
        found.append(PairVerdict(output, input, float(phi[pair]), float(psi[pair]), law[0], growth, verdict))
    return found


def growth(layer: CableLayer, points: int = 17) -> float:
    """The largest eigenvalue, in magnitude, of the layer over waves from 0 to π in both directions."""
    k = np.linspace(0, np.pi, points)
    g = equation.gain(*_law(layer), k[:, None, None, None], k[None, :, None, None])  # (K, K, out, in)
    return float(np.abs(np.linalg.eigvals(g)).max())


def bounded(layer: CableLayer) -> bool:
    """Whether the layer, fed its own output again and again, grows no image without end."""
    return equation.within(growth(layer), 1.0, _precision(layer))


def _law(layer: CableLayer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r_x, r_y, tau = (values.detach().double().cpu().numpy() for values in layer.rates())
    return tau, r_x, r_y


def _precision(layer: CableLayer) -> float:
    """Of the numbers that the layer is made of."""
    return torch.finfo(layer.rates()[0].dtype).eps


@torch.inference_mode()
def iterate(layer: CableLayer, u: Tensor, passes: int) -> Tensor:
    """The layer applied `passes` times to u (C, H, W); what overflows stays at the largest float."""
    if u.shape[0] != layer.in_channels:
        raise ExplorerError(f"the image has {u.shape[0]} channels: this layer wants {layer.in_channels}")
    kernel = layer.kernel().to(u.dtype)
    most = torch.finfo(u.dtype).max / 1e6
    for _ in range(passes):
        u = F.conv2d(u[None], kernel, padding=1)[0].clamp_(-most, most)
    return u
