"""What a layer does to waves: how much of a wave comes out, by how fine it is, over all colours together.

A 3x3 kernel multiplies a wave (k_x, k_y) of every input channel i into every output channel o: G(k) is a matrix, and
for a cable layer its entries are g = 1 - τ - 4/Φ²·sin²(k_x/2) - 4/Ψ²·sin²(k_y/2). Two numbers sum it up:

    average   √(Σ|G(k)|² / inputs), what remains of a wave in colours of chance
    worst     the largest singular value, what remains of the colour that is kept or raised the most

The layer sharpens where the average is larger for the finest checkerboard, k = (π, π), than for flat areas, k = 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from explorer import equation
from explorer.networks import described
from explorer.networks.cable_layer import Stencil
from explorer.networks.card import Card

POINTS = 33
ALIKE = 0.1  # a ratio this near 1 is neither sharpening nor smoothing; a layer this near c·1 is the identity
FLAT, DIAGONAL, ALONG_X, ALONG_Y = "flat areas", "both", "along x", "along y"


@dataclass(frozen=True)
class Gains:
    waves: np.ndarray  # (points,) from 0 to π
    average: dict[str, np.ndarray]  # direction -> (points,)
    worst: dict[str, np.ndarray]
    flat: np.ndarray  # (out, in) at k = 0
    chequered: np.ndarray  # (out, in) at k = (π, π)
    alike: float  # how far it is from a multiple of the identity, as a share; 0 for the identity itself

    @property
    def ratio(self) -> float:
        """Of the finest checkerboard to flat areas: above 1 it sharpens. Infinite where flat areas vanish."""
        fine, flat = self.average[DIAGONAL][-1], self.average[DIAGONAL][0]
        return float(fine / flat) if flat > 1e-9 else np.inf

    @property
    def words(self) -> str:
        """ "sharpens ×3.1", "smooths ×0.18", "is nearly the identity", ..."""
        if not any(values.max() for values in self.average.values()):
            return "lets nothing through"
        if self.alike < ALIKE:
            return "is nearly the identity"
        if self.ratio > 1 + ALIKE:
            return "keeps only fine detail" if self.ratio > 100 else f"sharpens ×{self.ratio:.2g}"
        if self.ratio < 1 - ALIKE:
            return "takes the finest detail away" if self.ratio < 0.01 else f"smooths ×{self.ratio:.2g}"
        return "treats flat areas and fine detail alike"

    @property
    def sentence(self) -> str:
        """The layer as a whole, with the figure behind the words."""
        if not any(values.max() for values in self.average.values()):
            rest = "every kernel is zero"
        elif self.ratio > 100:
            rest = "of flat areas it lets next to nothing through"
        elif self.ratio < 0.01:
            rest = "of the finest checkerboard it lets next to nothing through"
        else:
            rest = f"the finest checkerboard comes out {self.ratio:.2g} times as strong as flat areas"
        return f"As a whole it {self.words}: over all colours {rest}."


def kernel_of(phi: np.ndarray, psi: np.ndarray, tau: np.ndarray) -> np.ndarray:
    """(..., 3, 3) from Φ, Ψ and τ of any shape: the step of the scheme."""
    phi, psi, tau = (np.asarray(values, float) for values in (phi, psi, tau))
    return equation.kernel(tau, phi**-2, psi**-2)


def matrices(kernel: np.ndarray, k_x: np.ndarray, k_y: np.ndarray) -> np.ndarray:
    """G of waves (n,): (n, out, in), complex where the kernel is not symmetric."""
    shift = np.arange(-1, 2)
    waves = np.exp(1j * (np.multiply.outer(k_y, shift)[:, :, None] + np.multiply.outer(k_x, shift)[:, None, :]))
    return np.einsum("oiyx,nyx->noi", kernel, waves)


def of_kernel(kernel: np.ndarray) -> Gains:
    """Of a kernel (out, in, 3, 3)."""
    kernel = np.asarray(kernel, float)
    waves = np.linspace(0, np.pi, POINTS)
    none = np.zeros(POINTS)
    found = {
        direction: matrices(kernel, *way)
        for direction, way in {DIAGONAL: (waves, waves), ALONG_X: (waves, none), ALONG_Y: (none, waves)}.items()
    }
    average = {name: np.sqrt((np.abs(one) ** 2).sum((1, 2)) / kernel.shape[1]) for name, one in found.items()}
    worst = {name: np.linalg.svd(one, compute_uv=False)[:, 0] for name, one in found.items()}
    flat, chequered = found[DIAGONAL][0].real, found[DIAGONAL][-1].real
    return Gains(waves, average, worst, flat, chequered, _alike(kernel))


def _alike(kernel: np.ndarray) -> float:
    """The distance to the nearest multiple of the identity, as a share of the kernel's length."""
    length = np.linalg.norm(kernel)
    if kernel.shape[0] != kernel.shape[1] or not length:
        return 1.0
    middle = np.trace(kernel[:, :, 1, 1]) / len(kernel)
    rest = kernel.copy()
    rest[np.arange(len(kernel)), np.arange(len(kernel)), 1, 1] -= middle
    return float(np.linalg.norm(rest) / length)


def of(layer: Stencil) -> Gains:
    return of_kernel(layer.kernel().detach().double().cpu().numpy())


def layers(model: nn.Module) -> dict[str, Stencil]:
    """What stands in front of a network and can be looked at this way: cable layers and their controls, by name."""
    return {name: layer for name, layer in model.named_modules() if isinstance(layer, Stencil)}


def at_start(card: Card) -> dict[str, Gains]:
    """The same layers before the first step of training, which a card's seed makes again."""
    shape = (card.channels, card.size, card.size)
    rows = card.stack if card.model == "stack" else None
    fresh = described.network(card.model, rows, len(card.classes), shape, card.width, card.seed)
    with torch.inference_mode():
        return {name: of(layer) for name, layer in layers(fresh).items()}


def course(kernels: Iterable[np.ndarray]) -> np.ndarray:
    """The ratio after every epoch."""
    return np.array([of_kernel(kernel).ratio for kernel in kernels])
