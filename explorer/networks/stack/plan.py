"""What a stack of rows does to shapes, before a number is computed.

Equations (2)-(4) of 001, with a dilated kernel spanning D(F - 1) + 1 pixels:

    H_out = (H_in - D(F - 1) - 1 + 2P) / S + 1,   W_out likewise,   D_out = K

where the division is rounded down: a rest at the right and bottom edge is not reached. The receptive field of one
output value grows by (span - 1) times the product of all strides so far.
"""

import math
from collections import Counter
from dataclasses import dataclass

from explorer.errors import ExplorerError
from explorer.networks.shapes import Shape, output_size, words
from explorer.networks.stack.rows import Row

ACTIVATION_LIMIT = 512 * 2**20  # bytes of all outputs of one image in float32
PARAMETER_LIMIT = 64 * 2**20  # 256 MB of float32, which pages keep; AlexNet has 62 million
FLOP_LIMIT = 50e9  # about a second on two cores; AlexNet needs 2.3e9


@dataclass(frozen=True)
class Planned:
    """A row in its place: what goes in, what comes out and what it costs."""

    number: int  # from 1, as the table shows it
    name: str  # conv_1, relu_1, maxpool_1: the n-th of its kind
    row: Row
    before: Shape
    shape: Shape
    parameters: int
    flops: int  # a multiplication with its addition counts as two; a pooled value as F², an activation as one
    field: int | None  # side of the receptive field in input pixels; None: it sees everything
    jump: int  # how many input pixels two neighbouring outputs are apart
    rest: tuple[int, int]  # rows and columns at the far edges that no window reaches


def plan(rows: tuple[Row, ...], shape: Shape) -> list[Planned]:
    """Every row with its shapes and costs; an impossible one is an error that names it and says why."""
    planned: list[Planned] = []
    counts: Counter[str] = Counter()
    before, jump = tuple(shape), 1
    field: int | None = 1  # of the whole image behind a dense row
    kept = math.prod(before)
    for number, row in enumerate(rows, start=1):
        where = f"row {number} ({row.kind})"
        counts[row.base] += 1
        after, rest = _after(row, before, where)
        parameters = _parameters(row, before)
        flops = _flops(row, before, after)
        if row.kind in ("conv", "maxpool", "avgpool") and field is not None:
            field += _span(row) * jump - jump
            jump *= row["stride"]
        elif row.kind == "dense":
            field = None
        planned.append(
            Planned(number, f"{row.base}_{counts[row.base]}", row, before, after, parameters, flops, field, jump, rest)
        )
        kept += math.prod(after)
        _bounded(planned, kept, where)
        before = after
    return planned


def _bounded(planned: list[Planned], kept: int, where: str) -> None:
    if kept * 4 > ACTIVATION_LIMIT:
        raise ExplorerError(
            f"{where}: with its output of {words(planned[-1].shape)} the activations of one image pass "
            f"{ACTIVATION_LIMIT >> 20} MB: use fewer channels, a larger stride, pooling or a smaller image"
        )
    if sum(one.parameters for one in planned) > PARAMETER_LIMIT:
        raise ExplorerError(
            f"{where}: its {planned[-1].parameters:,} parameters bring the stack past {PARAMETER_LIMIT:,}: "
            "use fewer units or channels, or pool before it"
        )
    if sum(one.flops for one in planned) > FLOP_LIMIT:
        raise ExplorerError(
            f"{where}: its {planned[-1].flops / 1e9:.0f} billion operations bring the stack past "
            f"{FLOP_LIMIT / 1e9:.0f} billion: use fewer channels, a smaller kernel or a smaller image"
        )


def _span(row: Row) -> int:
    return (row["dilation"] if row.kind == "conv" else 1) * (row["kernel"] - 1) + 1


def _after(row: Row, before: Shape, where: str) -> tuple[Shape, tuple[int, int]]:
    if row.kind in ("conv", "maxpool", "avgpool"):
        return _windowed(row, before, where)
    if row.kind == "flatten":
        return (math.prod(before),), (0, 0)
    if row.kind == "dense":
        if len(before) != 1:
            raise ExplorerError(f"{where}: its input is {words(before)} maps: put a flatten row before it")
        return (row["units"],), (0, 0)
    return before, (0, 0)


def _windowed(row: Row, before: Shape, where: str) -> tuple[Shape, tuple[int, int]]:
    if len(before) != 3:
        raise ExplorerError(f"{where}: its input is a vector of {before[0]}: put it before the flatten row")
    channels, height, width = before
    kernel, stride, padding, span = row["kernel"], row["stride"], row["padding"], _span(row)
    if row.kind != "conv" and 2 * padding > kernel:
        raise ExplorerError(f"{where}: padding is {padding}: give at most half of the window, {kernel // 2}")
    smallest = min(height, width)
    if smallest + 2 * padding < span:
        raise ExplorerError(
            f"{where}: a window that spans {span} pixels does not fit into {height} × {width} with padding {padding}: "
            f"use a smaller window, less pooling before it, or padding of {math.ceil((span - smallest) / 2)} or more"
        )
    dilation = row["dilation"] if row.kind == "conv" else 1
    out = row["channels"] if row.kind == "conv" else channels
    sizes = [output_size(size, kernel, stride, padding, dilation) for size in (height, width)]
    rest = [(size + 2 * padding - span) % stride for size in (height, width)]
    return (out, *sizes), (rest[0], rest[1])


def _parameters(row: Row, before: Shape) -> int:
    if row.kind == "conv":
        return row["channels"] * (before[0] * row["kernel"] ** 2 + row["bias"])
    if row.kind == "dense":
        return row["units"] * (before[0] + row["bias"])
    if row.kind == "batchnorm":
        return 2 * before[0]
    return 1 if row.base == "prelu" else 0


def _flops(row: Row, before: Shape, after: Shape) -> int:
    if row.kind == "conv":
        return 2 * before[0] * row["kernel"] ** 2 * math.prod(after)
    if row.kind == "dense":
        return 2 * before[0] * row["units"]
    if row.kind in ("maxpool", "avgpool"):
        return row["kernel"] ** 2 * math.prod(after)
    return {"batchnorm": 2, "activation": 1}.get(row.kind, 0) * math.prod(after)
