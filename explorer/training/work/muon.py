"""Muon: for convolution kernels the nearest orthogonal matrix to their momentum takes the gradient's place.

A kernel (out, in, h, w) is a matrix with a row for every output channel. Its update M = UΣVᵀ becomes UVᵀ, so that
every direction in which the filters could change moves alike and not only the few that the gradient shouts about
(Jordan and others, "Muon: an optimizer for hidden layers in neural networks", 2024). U and V are never computed: an
odd polynomial, applied five times, drives all singular values towards 1. A BatchNorm follows every convolution of the
ResNets, so that a kernel's length means nothing: it keeps the one it started with, and the rate is the share of that
length which a step moves.
"""

import torch
from torch import Tensor

# a·σ + b·σ³ + c·σ⁵ rises steeply at 0 and stays within about 0.7 to 1.2 afterwards (Jordan's coefficients)
A, B, C, STEPS = 3.4445, -4.7750, 2.0315, 5


def orthogonal(matrix: Tensor) -> Tensor:
    """About UVᵀ of the matrix UΣVᵀ; zeros stay zeros."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix  # the smaller side first: its Gram matrix is the smaller one
    x = x / (x.norm() + 1e-7)
    for _ in range(STEPS):
        gram = x @ x.T
        x = A * x + (B * gram + C * gram @ gram) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    """The optimiser of the kernels it is given, with Nesterov momentum."""

    def __init__(self, groups: list[dict], lr: float, momentum: float):
        super().__init__(groups, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for kernel in group["params"]:
                if kernel.grad is None:
                    continue
                state = self.state[kernel]
                if not state:
                    state["momentum_buffer"] = torch.zeros_like(kernel)
                    state["length"] = kernel.norm()
                state["momentum_buffer"].mul_(group["momentum"]).add_(kernel.grad)
                update = kernel.grad + group["momentum"] * state["momentum_buffer"]
                matrix = orthogonal(update.flatten(1))
                stride = group["lr"] * state["length"] / min(matrix.shape) ** 0.5  # the length of UVᵀ is √rank
                kernel.sub_(stride * matrix.view_as(kernel))
                kernel.mul_(state["length"] / kernel.norm().clamp_min(1e-12))


class Both:
    """Two optimisers that share a network, as one: what a training loop and a checkpoint need of it."""

    def __init__(self, *parts: torch.optim.Optimizer):
        self.parts = parts

    @property
    def param_groups(self) -> list[dict]:
        return [group for part in self.parts for group in part.param_groups]

    def zero_grad(self) -> None:
        for part in self.parts:
            part.zero_grad()

    def step(self) -> None:
        for part in self.parts:
            part.step()

    def state_dict(self) -> list[dict]:
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, states: list[dict]) -> None:
        for part, state in zip(self.parts, states, strict=True):
            part.load_state_dict(state)
