"""A trained cable layer as a diffusion of its own: stepped again and again on an image, and judged for stability.

With several channels a step is a matrix for every wave, one g(o, i) for each pair of channels; the layer is bounded
when no wave's matrix has an eigenvalue above 1 in magnitude, whatever the pairs look like one by one.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.errors import ExplorerError
from explorer.networks.cable_layer import CableLayer


@dataclass(frozen=True)
class Pair:
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


def pairs(layer: CableLayer) -> list[Pair]:
    phi, psi, tau = (values.detach().double().cpu().numpy() for values in (layer.phi, layer.psi, layer.tau))
    found = []
    for output, input in np.ndindex(phi.shape):
        r = phi[output, input] ** -2 + psi[output, input] ** -2
        leak = tau[output, input]
        growth = max(abs(1 - leak), abs(1 - leak - 4 * r))
        verdict = "divergent" if growth > 1 + 1e-9 else "smooth" if leak + 2 * r <= 1 else "ringing"
        found.append(Pair(output, input, phi[output, input], psi[output, input], leak, growth, verdict))
    return found


def growth(layer: CableLayer, points: int = 17) -> float:
    """The largest eigenvalue, in magnitude, of the layer over waves from 0 to π in both directions."""
    r_x, r_y, tau = (values.detach().double().cpu().numpy() for values in (layer.phi**-2, layer.psi**-2, layer.tau))
    bend = 4 * np.sin(np.linspace(0, np.pi, points) / 2) ** 2
    g = 1 - tau - bend[:, None, None, None] * r_x - bend[None, :, None, None] * r_y  # (K, K, out, in)
    return float(np.abs(np.linalg.eigvals(g)).max())


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
