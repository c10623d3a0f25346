"""The cable equation as a trainable layer: one step of the scheme, with its own Φ, Ψ and τ for every channel pair.

For output channel o the layer sums over the input channels i

    (1-τ)·u + (left - 2u + right)/Φ² + (up - 2u + down)/Ψ²          Φ, Ψ, τ of the pair (o, i)

with zeros outside the image, which is one 3x3 convolution without bias. Φ itself must not be learned: on its way
through zero 1/Φ² explodes. So log Φ² and log Ψ² are, each bent softly so that 1/Φ² stays within 1e-4 and 1e2
wherever the optimiser goes (where training lives, near 0.25, the bend changes the slope by less than two percent).
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

_LOG_LOW, _LOG_HIGH = -math.log(1e2), math.log(1e4)  # log Φ² lies between them
_MIDDLE, _REACH = (_LOG_HIGH + _LOG_LOW) / 2, (_LOG_HIGH - _LOG_LOW) / 2


def _bend(raw: Tensor) -> Tensor:
    return _MIDDLE + _REACH * torch.tanh((raw - _MIDDLE) / _REACH)


def _unbend(log_square: Tensor) -> Tensor:
    return _MIDDLE + _REACH * torch.atanh((log_square - _MIDDLE) / _REACH)


def own(out_channels: int, in_channels: int) -> Tensor:
    """(out, in): whether the pair is a channel and itself."""
    return torch.arange(out_channels)[:, None] % in_channels == torch.arange(in_channels)


class Stencil(nn.Module):
    """(N, in, H, W) -> (N, out, H, W): a 3x3 convolution without bias whose kernel is made of something else, with
    zeros outside the image. At least float32, also under autocast."""

    # what the optimiser reads: decay would pull Φ² towards 1 and τ towards 0, neither of which is "simple" here;
    # at the rate of the other layers 1/Φ² hardly leaves its start (0.13-0.44 became 0.12-0.44 in 280 steps of a
    # width-8 network, at 4 times the rate 0.12-0.51, at 10 times 0.09-2.5, all with the same accuracy)
    weight_decay_free = True
    learning_rate_factor = 2.0

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__()
        self.in_channels, self.out_channels = in_channels, out_channels

    def kernel(self) -> Tensor:
        """(out, in, 3, 3), differentiable in what is learned."""
        raise NotImplementedError

    def forward(self, u: Tensor) -> Tensor:
        with torch.autocast(u.device.type, enabled=False):
            kernel = self.kernel().to(u.device)
            return F.conv2d(u.to(kernel.dtype), kernel, padding=1)

    def extra_repr(self) -> str:
        return f"{self.in_channels}, {self.out_channels}"


class CableLayer(Stencil):
    """One step of the cable equation for every (output, input) pair of channels: 3·in·out numbers, however they are
    learned. Who has Φ, Ψ and τ only asks `phi`, `psi` and `tau`."""

    tau: Tensor  # of every (output, input) pair, as `phi` and `psi`

    @property
    def phi(self) -> Tensor:
        return self.rates()[0] ** -0.5

    @property
    def psi(self) -> Tensor:
        return self.rates()[1] ** -0.5

    def rates(self) -> tuple[Tensor, Tensor, Tensor]:
        """1/Φ², 1/Ψ² and τ of every pair, at least float32."""
        raise NotImplementedError

    def kernel(self) -> Tensor:
        r_x, r_y, tau = self.rates()
        centre = 1 - tau - 2 * r_x - 2 * r_y
        corner = torch.zeros_like(r_x)
        rows = [corner, r_y, corner, r_x, centre, r_x, corner, r_y, corner]
        return torch.stack(rows, dim=-1).unflatten(-1, (3, 3))


class CabEqConv2d(CableLayer):
    """The layer of the paper: Φ, Ψ and τ may become what they like."""

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__(in_channels, out_channels)
        self.log_phi2 = nn.Parameter(torch.empty(out_channels, in_channels))
        self.log_psi2 = nn.Parameter(torch.empty(out_channels, in_channels))
        self.tau = nn.Parameter(torch.empty(out_channels, in_channels))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """1/Φ² and 1/Ψ² start around 0.25, far enough from 0 to learn. A channel starts by diffusing itself (τ = 0
        keeps its mean) and by seeing only the Laplacian of the others (τ = 1 drops theirs)."""
        if self.tau.is_meta:  # only the shape is wanted; and what follows would load torch's compiler for it, 1.5 s
            return
        with torch.no_grad():
            for raw in (self.log_phi2, self.log_psi2):
                raw.copy_(_unbend(-math.log(0.25) - 0.3 * torch.randn_like(raw)))
            self.tau.copy_((~own(self.out_channels, self.in_channels)).to(self.tau))

    @property
    def phi(self) -> Tensor:
        """Φ of every (output, input) pair."""
        return torch.exp(_bend(self.log_phi2) / 2)

    @phi.setter
    def phi(self, value: Tensor | float) -> None:
        self._set(self.log_phi2, value)

    @property
    def psi(self) -> Tensor:
        """Ψ of every (output, input) pair."""
        return torch.exp(_bend(self.log_psi2) / 2)

    @psi.setter
    def psi(self, value: Tensor | float) -> None:
        self._set(self.log_psi2, value)

    def _set(self, raw: nn.Parameter, value: Tensor | float) -> None:
        square = 2 * torch.log(torch.as_tensor(value, dtype=torch.float64).abs())
        edge = 1e-9 * _REACH  # the limits themselves are at infinity
        with torch.no_grad():
            raw.copy_(_unbend(square.clamp(_LOG_LOW + edge, _LOG_HIGH - edge)))

    def rates(self) -> tuple[Tensor, Tensor, Tensor]:
        dtype = torch.promote_types(self.tau.dtype, torch.float32)
        r_x, r_y = (torch.exp(-_bend(raw.to(dtype))) for raw in (self.log_phi2, self.log_psi2))
        return r_x, r_y, self.tau.to(dtype)


class ResidualSum(nn.Module):
    """The residual sum, a module of its own so that one can look at it."""

    def forward(self, path: Tensor, skip: Tensor) -> Tensor:
        return path + skip


class CabEqBlock(nn.Module):
    """Cable layer, BatchNorm, ReLU: 33 parameters for 3 channels."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv = CabEqConv2d(channels, channels)
        self.bn = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU()

    def forward(self, u: Tensor) -> Tensor:
        return self.relu(self.bn(self.conv(u)))


class CabEqResidualBlock(nn.Module):
    """Two cable layers, each with BatchNorm, and an identity skip around them: 66 parameters for 3 channels."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv1 = CabEqConv2d(channels, channels)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = CabEqConv2d(channels, channels)
        self.bn2 = nn.BatchNorm2d(channels)
        self.add = ResidualSum()
        self.relu2 = nn.ReLU()

    def forward(self, u: Tensor) -> Tensor:
        path = self.relu1(self.bn1(self.conv1(u)))
        return self.relu2(self.add(self.bn2(self.conv2(path)), u))
