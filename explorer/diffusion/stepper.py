"""Explicit five-point steps, without allocating: buffers that take turns and operations made once.

    new = centre·now + r_x·(left + right) + r_y·(up + down)

An image stands in a frame of one pixel that holds what its edges see, and is read as one long line, where the
neighbours of i are i ± 1 and i ± row: every operation is then contiguous. Where r_x = r_y, the sum over four
neighbours takes two additions: with p[i] = u[i] + u[i+row+1] it is p[i-row] + p[i-1].

Values may grow past the largest float. A step that could is taken scaled down by a power of two, so that no sum is
ever inf - inf: what overflows becomes ±inf, and an infinite value counts as the largest float.
"""

import math

import torch
from torch import Tensor

from explorer import equation

LOOK_AGAIN = 10_000  # steps after which the largest magnitude is measured again, since rounding adds up


class Stepper:
    def __init__(self, u: Tensor, tau: float, r_x: float, r_y: float, boundary: str):
        self.shape = u.shape
        height, width = u.shape[-2:]
        self.now = u.new_zeros(u.shape[:-2].numel(), height + 2, width + 2)
        self.now[:, 1:-1, 1:-1] = u.detach().reshape(-1, height, width)
        self.new = torch.zeros_like(self.now)
        pairs = u.new_empty(max(0, self.now.numel() - width - 3)) if r_x == r_y else None
        centre = equation.centre(tau, r_x, r_y)
        self.operations, self.operations_of_next = (
            _edges(a, boundary) + _stencil(a, b, pairs, centre, r_x, r_y)
            for a, b in ((self.now, self.new), (self.new, self.now))
        )
        self.norm = equation.norm(tau, r_x, r_y)

    def run(self, n: int) -> Tensor:
        with torch.inference_mode():
            while n > 0 and self.now.numel() > 0:
                steps = min(n, self._steps_without_overflow())
                for _ in range(steps):
                    self._step()
                if steps == 0:
                    self._saturating_step()
                n -= max(steps, 1)
        return self.now.detach()[:, 1:-1, 1:-1].clone().view(self.shape)

    def _step(self) -> None:
        for operation, inputs, named in self.operations:
            operation(*inputs, **named)
        self.now, self.new = self.new, self.now
        self.operations, self.operations_of_next = self.operations_of_next, self.operations

    def _saturating_step(self) -> None:
        largest = torch.finfo(self.now.dtype).max
        power_of_two = 2.0 ** (math.ceil(math.log2(max(self.norm, 4))) + 1)
        self.now.clamp_(-largest, largest).mul_(1 / power_of_two)
        self._step()
        self.now.mul_(power_of_two)

    def _steps_without_overflow(self) -> int:
        lowest, highest = torch.aminmax(self.now)
        largest = max(-lowest.item(), highest.item())
        room = torch.finfo(self.now.dtype).max / 8  # the sum over four neighbours needs some
        if largest * max(self.norm, 1.0) > room:
            return 0
        if largest == 0 or self.norm <= 1:
            return LOOK_AGAIN
        return min(LOOK_AGAIN, int((math.log(room) - math.log(largest)) / math.log(self.norm)))


def _edges(now: Tensor, boundary: str) -> list[tuple]:
    """Operations that set the frame to what the boundary says lies outside."""
    operations = []
    for rows in (now.transpose(1, 2), now):  # columns first, so that the corners are set too
        size = rows.shape[1] - 2
        if boundary == "insulated":
            inner = rows[:, 1 : size + 1 : max(1, size - 1)]  # first and last
            operations.append((rows[:, :: size + 1].copy_, (inner,), {}))
        elif boundary == "periodic":
            operations.append((rows[:, 0].copy_, (rows[:, size],), {}))
            operations.append((rows[:, size + 1].copy_, (rows[:, 1],), {}))
        else:
            operations.append((rows[:, :: size + 1].zero_, (), {}))
    return operations


def _stencil(now: Tensor, new: Tensor, pairs: Tensor | None, centre: float, r_x: float, r_y: float) -> list[tuple]:
    """Operations that compute new inside the frame (and, harmlessly, in it) from now and its frame."""
    row, u = now.shape[2], now.view(-1)
    start, stop = row, len(u) - row
    out = new.view(-1)[start:stop]
    if start >= stop:
        return []
    if pairs is not None:
        return [
            (torch.add, (u[: stop - 1], u[row + 1 :]), {"out": pairs}),
            (torch.add, (pairs[: stop - row], pairs[row - 1 :]), {"out": out}),
            _weighted(u[start:stop], centre, out, r_x, out),
        ]
    return [
        _weighted(u[start:stop], centre, u[start - 1 : stop - 1], r_x, out),
        (out.add_, (u[start + 1 : stop + 1],), {"alpha": r_x}),
        (out.add_, (u[: stop - row],), {"alpha": r_y}),
        (out.add_, (u[start + row :],), {"alpha": r_y}),
    ]


def _weighted(a: Tensor, weight_a: float, b: Tensor, weight_b: float, out: Tensor) -> tuple:
    """weight_a·a + weight_b·b in one pass: torch has it as an outer product with a single one."""
    one = torch.ones(1, dtype=a.dtype, device=a.device)
    return torch.addr, (a[:, None], b, one), {"beta": weight_a, "alpha": weight_b, "out": out[:, None]}
