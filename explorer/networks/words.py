"""A trained cable layer read aloud: what it does to smooth areas, to fine detail and to colours, in one sentence.

A pair (output, input) multiplies a wave (k_x, k_y) by g. Flat areas (k = 0) get 1 - τ, the finest stripes along x
(k_x = π) 1 - τ - 4/Φ², and so on: four numbers tell the story.
"""

from dataclasses import dataclass

import numpy as np
import torch

from explorer import equation
from explorer.networks.cable_layer import CableLayer
from explorer.render import signed

COLOURS = ("red", "green", "blue")
DIRECTIONS = 1.5  # 1/Φ² against 1/Ψ² from which one direction is named
AUDIBLE = 0.1  # of the strongest gain; weaker ones are left unsaid


@dataclass(frozen=True)
class PairGains:
    flat: float  # g of flat areas, 1 - τ
    along_x: float  # g of the finest stripes along x
    along_y: float
    chequered: float  # g of the finest checkerboard

    @property
    def strongest(self) -> float:
        return max(map(abs, (self.flat, self.along_x, self.along_y, self.chequered)))

    @property
    def action(self) -> str:
        """What it does to an image of one channel, apart from the factor on flat areas."""
        r_x, r_y = self.flat - self.along_x, self.flat - self.along_y  # 4/Φ² and 4/Ψ²
        where = " along x" if r_x > DIRECTIONS * r_y else " along y" if r_y > DIRECTIONS * r_x else ""
        finest = max(map(abs, (self.along_x, self.along_y, self.chequered)))
        if abs(self.flat) < AUDIBLE * self.strongest:
            return f"keeps only edges{where}"
        if finest < abs(self.flat):
            return f"smooths{where}"
        if abs(self.chequered) > abs(self.flat) and self.flat * self.chequered < 0:
            return f"sharpens fine detail{where}, turned over"
        return f"sharpens{where}"


@torch.no_grad()
def pair(layer: CableLayer, output: int, input: int) -> PairGains:
    r_x, r_y, tau = (float(quantity[output, input]) for quantity in layer.rates())
    return PairGains(*(float(equation.gain(tau, r_x, r_y, k_x, k_y)) for k_y in (0, np.pi) for k_x in (0, np.pi)))


def sentence(layer: CableLayer) -> str:
    """One sentence on the whole layer: its own channels, the strongest mixture of flat areas, that of edges where
    nothing else is as strong, and what changes sign."""
    names = COLOURS if layer.in_channels == 3 else tuple(f"channel {number}" for number in range(layer.in_channels))
    own = [pair(layer, channel, channel) for channel in range(min(layer.out_channels, layer.in_channels))]
    actions = [one.action for one in own]
    if len(set(actions)) == 1:
        parts = [f"It {actions[0]} in every channel"]
    else:
        parts = ["It " + ", ".join(f"{act} in {name}" for act, name in zip(actions, names, strict=False))]
    flat = 1 - layer.tau.detach().double().cpu().numpy()
    mixed = flat.copy()
    np.fill_diagonal(mixed, 0)
    output, input = map(int, np.unravel_index(np.abs(mixed).argmax(), mixed.shape))
    if abs(mixed[output, input]) > AUDIBLE * np.abs(flat).max():
        verb = "mixes" if mixed[output, input] > 0 else "subtracts"
        to = "into" if mixed[output, input] > 0 else "from"
        parts.append(f"{verb} {names[input]} {to} {_name(names, output)} ({signed(mixed[output, input])})")
    across = {(o, i): pair(layer, o, i).strongest for o, i in np.ndindex(mixed.shape) if o != i}
    (output, input), gain = max(across.items(), key=lambda item: item[1], default=((0, 0), 0.0))
    if gain > max(np.abs(mixed).max(), *(one.strongest for one in own)):  # then g < 0: it only falls towards fine waves
        parts.append(f"puts the edges of {names[input]}, turned over, into {_name(names, output)} (×{gain:.1f})")
    flipped = [_name(names, channel) for channel, one in enumerate(own) if one.flat < 0]
    if flipped:
        parts.append(f"flips the sign of {' and '.join(flipped)}")
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1] + "."


def _name(names: tuple[str, ...], channel: int) -> str:
    return names[channel] if channel < len(names) else f"output {channel}"
