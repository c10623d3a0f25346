"""Controls of the cable layer: what else could stand at the place of `cabeq-sd-1`, BatchNorm and ReLU behind it.

    front-bn          nothing                                        6 parameters more than the baseline
    front-blur        a fixed binomial 3x3 in every channel          6
    front-depthwise   one free 3x3 kernel a channel                 33, as many as the cable block
    front-free        a free 3x3 convolution over all channels      87, and it contains the cable layer
    cabeq-soft-1      the cable layer, started as a smoothing       33
    cabeq-smooth-1    the cable layer, held to a smoothing          33

Depthwise, free, soft and smooth start as one and the same smoothing (depthwise has it in a channel's own pair only),
so that what they become is a matter of what each may become. Each of them is to the optimiser what a cable layer is:
no weight decay, twice the rate, never Muon.
"""

from collections import OrderedDict

import torch
from torch import Tensor, nn

from explorer.networks.cable_layer import CabEqConv2d, CableLayer, Stencil, own

# (τ, 4/Φ², 4/Ψ², the gain left to the checkerboard) of a channel on itself and of each other channel: they sum to 1
OWN_START, OTHER_START = (0.04, 0.38, 0.38, 0.20), (0.91, 0.03, 0.03, 0.03)


def start(out_channels: int, in_channels: int) -> Tensor:
    """(4, out, in): the four shares of every pair as training begins."""
    chosen = own(out_channels, in_channels)
    return torch.where(chosen, torch.tensor(OWN_START)[:, None, None], torch.tensor(OTHER_START)[:, None, None])


class SoftCabEqConv2d(CabEqConv2d):
    """The paper's layer, as free as ever, which starts by smoothing: today's start sharpens."""

    def reset_parameters(self) -> None:
        if self.tau.is_meta:
            return
        tau, x, y, _ = start(self.out_channels, self.in_channels).double()
        self.phi, self.psi = (x / 4) ** -0.5, (y / 4) ** -0.5
        with torch.no_grad():
            self.tau.copy_(tau)


class SmoothCabEqConv2d(CableLayer):
    """Held to what the equation means: in every pair τ ≥ 0 and τ + 4/Φ² + 4/Ψ² ≤ 1, so that every wave's gain stays
    between 0 and 1 and nothing rings, wherever the optimiser goes.

    τ, 4/Φ², 4/Ψ² and what the finest checkerboard keeps are four shares of 1: a softmax of three learned numbers and
    a zero. None falls below 4e-4, so that 1/Φ² has the same lower limit as in the free layer.
    """

    FLOOR, PACE = 4e-4, 4.0  # with PACE the kernel moves about as fast as that of the free layer from the same start

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__(in_channels, out_channels)
        self.raw = nn.Parameter(torch.empty(3, out_channels, in_channels))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        if self.raw.is_meta:
            return
        shares = (start(self.out_channels, self.in_channels).double() - self.FLOOR) / (1 - 4 * self.FLOOR)
        with torch.no_grad():
            self.raw.copy_((shares[:3] / shares[3]).log() / self.PACE)

    def rates(self) -> tuple[Tensor, Tensor, Tensor]:
        raw = self.raw.to(torch.promote_types(self.raw.dtype, torch.float32))
        logits = torch.cat([self.PACE * raw, torch.zeros_like(raw[:1])])
        tau, x, y, _ = self.FLOOR + (1 - 4 * self.FLOOR) * logits.softmax(0)
        return x / 4, y / 4, tau

    @property
    def tau(self) -> Tensor:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self.rates()[2]


class Blur(Stencil):
    """The binomial 3x3 in every channel, fixed."""

    def kernel(self) -> Tensor:
        row = torch.tensor([0.25, 0.5, 0.25])
        return torch.outer(row, row) * own(self.out_channels, self.in_channels)[..., None, None]


class Depthwise(Stencil):
    """One free 3x3 kernel a channel."""

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__(in_channels, out_channels)
        self.weight = nn.Parameter(torch.empty(out_channels, 3, 3))
        if not self.weight.is_meta:
            with torch.no_grad():
                self.weight.copy_(SoftCabEqConv2d(1, 1).kernel()[0, 0].expand_as(self.weight))

    def kernel(self) -> Tensor:
        weight = self.weight.to(torch.promote_types(self.weight.dtype, torch.float32))
        return weight[:, None] * own(self.out_channels, self.in_channels).to(weight)[..., None, None]


class Free(Stencil):
    """A 3x3 convolution like any other: the cable layer is one of those that it can become."""

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__(in_channels, out_channels)
        # nine in a row: four dimensions would make it a kernel of the hidden layers to the optimiser
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels, 9))
        if not self.weight.is_meta:
            with torch.no_grad():
                self.weight.copy_(SoftCabEqConv2d(in_channels, out_channels).kernel().flatten(2))

    def kernel(self) -> Tensor:
        return self.weight.to(torch.promote_types(self.weight.dtype, torch.float32)).unflatten(-1, (3, 3))


FRONTS: dict[str, tuple[str, str, type[Stencil] | None]] = {
    "front-bn": ("BatchNorm alone", "BatchNorm and ReLU alone, a control without any filter", None),
    "front-blur": ("a fixed blur", "a fixed blur, a control that learns no filter", Blur),
    "front-depthwise": (
        "a free kernel a channel",
        "one free 3x3 kernel a channel, a control with as many numbers as the cable block",
        Depthwise,
    ),
    "front-free": ("a free convolution", "a free 3x3 convolution, a control that contains the cable layer", Free),
    "cabeq-soft-1": (
        "a cable block that starts smoothing",
        "one cable block that starts by smoothing",
        SoftCabEqConv2d,
    ),
    "cabeq-smooth-1": (
        "a cable block held to smoothing",
        "one cable block that can only smooth: no wave grows or rings",
        SmoothCabEqConv2d,
    ),
}


def front(kind: type[Stencil] | None, channels: int) -> nn.Sequential:
    """The block: the filter, where there is one, then BatchNorm and ReLU."""
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    if kind:
        parts["conv"] = kind(channels, channels)
    parts["bn"], parts["relu"] = nn.BatchNorm2d(channels), nn.ReLU()
    return nn.Sequential(parts)
