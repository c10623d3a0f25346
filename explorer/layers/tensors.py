"""002's operations on tensors (section II.A) that its layers are built from, one at a time.

fill, reshape, flatten, + - x, dot in one to three dimensions, T, add_pad, unpad, flip, dilate. Sliding a window (conv,
max_pool, avg_pool) is in `byhand`, as the last four are.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.layers import byhand

Array = np.ndarray
MOST = 96  # numbers of a tensor, all of which are shown


def fill(dims: Sequence[int], value: float) -> Array:
    return np.full(_checked(dims), float(value))


def reshape(a: Array, dims: Sequence[int]) -> Array:
    """The same numbers, in the same order (row after row), under another shape."""
    if math.prod(_checked(dims)) != a.size:
        raise ExplorerError(
            f"{a.size} numbers do not make {_words(dims)}, which holds {math.prod(dims)}: change the shape"
        )
    return a.reshape(tuple(dims))


def dot(a: Array, b: Array) -> Array:
    """Vectors: one number. Matrices: rows times columns. Three dimensions: matrix by matrix."""
    if a.ndim != b.ndim or not 1 <= a.ndim <= 3:
        raise ExplorerError(f"dot takes two tensors of one, two or three dimensions: these have {a.ndim} and {b.ndim}")
    if a.ndim == 1:
        return np.array((a * b).sum())
    return np.einsum("...ij,...jk->...ik", a, b)


def transpose(a: Array) -> Array:
    """T: the first two dimensions exchanged."""
    if a.ndim < 2:
        raise ExplorerError("T exchanges the first two dimensions: give a tensor that has two")
    return a.swapaxes(0, 1)


def unpad(a: Array, size: int) -> Array:
    if 2 * size >= min(a.shape[-2:]):
        raise ExplorerError(f"taking {size} from every side leaves nothing of {_words(a.shape)}: take less")
    return byhand.unpad(a, size)


@dataclass(frozen=True)
class Operation:
    label: str
    words: str  # what it does, and what 002 needs it for
    code: str  # as it is written in NumPy
    torch: str  # and in PyTorch
    least: int = 1  # dimensions of A
    most: int = 4
    knows: tuple[str, ...] = ()  # which settings matter: dims, value, size, step


OPERATIONS = {
    "fill": Operation(
        "fill",
        "A tensor of one value: how biases and gradients begin, with zeros.",
        "np.full({dims}, {value})",
        "torch.full({dims}, {value})",
        knows=("dims", "value"),
    ),
    "reshape": Operation(
        "reshape",
        "The same numbers in the same order under another shape; backwards it is the whole gradient of Flatten, (8).",
        "A.reshape({dims})",
        "A.reshape({dims})",
        knows=("dims",),
    ),
    "flatten": Operation(
        "flatten", "All numbers in one row, row after row: what a dense layer takes.", "A.ravel()", "A.flatten()"
    ),
    "add": Operation("A + B", "Number by number.", "A + B", "A + B"),
    "subtract": Operation("A − B", "Number by number: softmax minus the labels, (17).", "A - B", "A - B"),
    "multiply": Operation("A × B", "Number by number: ReLU's mask on a gradient, (15).", "A * B", "A * B"),
    "dot": Operation(
        "dot",
        "Vectors: one number. Matrices: rows times columns, a dense layer, (9). Three dimensions: matrix by matrix.",
        "A @ B",
        "A @ B",
        most=3,
    ),
    "T": Operation(
        "T",
        "The first two dimensions exchanged: images and channels change places in (3) and (5).",
        "A.swapaxes(0, 1)",
        "A.transpose(0, 1)",
        least=2,
    ),
    "pad": Operation(
        "add_pad",
        "Rows and columns around the last two dimensions, before a window slides over them.",
        "np.pad(A, {pad}, constant_values={value})",
        "F.pad(A, 4 * [{size}], value={value})",
        least=2,
        knows=("size", "value"),
    ),
    "unpad": Operation(
        "unpad",
        "The outer rows and columns taken away again: the end of (5).",
        "A[..., {size}:-{size}, {size}:-{size}]",
        "F.pad(A, 4 * [-{size}])",
        least=2,
        knows=("size",),
    ),
    "flip": Operation(
        "flip",
        "Turned by half a circle in its last two dimensions: the kernel in (5).",
        "A[..., ::-1, ::-1]",
        "A.flip(-2, -1)",
        least=2,
    ),
    "dilate": Operation(
        "dilate",
        "Zeros between neighbours: the gradient of a convolution with a stride, (5), or a kernel with holes.",
        "B = np.zeros({dilated}); B[..., ::{step}, ::{step}] = A",
        "B = torch.zeros({dilated}); B[..., ::{step}, ::{step}] = A",
        least=2,
        knows=("step",),
    ),
}
_TWO: dict[str, Callable[[Array, Array], Array]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "dot": dot,
}


@dataclass(frozen=True)
class Done:
    inputs: dict[str, Array]
    result: Array
    code: str
    torch: str


def carry_out(
    name: str,
    shape: Sequence[int],
    *,
    dims: Sequence[int] = (),
    value: float = 0,
    size: int = 1,
    step: int = 2,
    seed: int = 0,
) -> Done:
    """One operation on A, and B where there are two; they hold 0, 1, 2 ... and small whole numbers."""
    operation = OPERATIONS[name]
    a = np.arange(math.prod(_checked(shape)), dtype=float).reshape(tuple(shape))
    if name != "fill" and not operation.least <= a.ndim <= operation.most:
        raise ExplorerError(
            f"{operation.label} takes {operation.least} to {operation.most} dimensions: A has {a.ndim}, {_words(shape)}"
        )
    inputs = {} if name == "fill" else {"A": a}
    if name in _TWO:
        other = [*shape[:-2], shape[-1], 2] if name == "dot" and a.ndim > 1 else shape
        inputs["B"] = np.random.default_rng(seed).integers(-3, 4, tuple(other)).astype(float)
        result = _TWO[name](a, inputs["B"])
    else:
        result = {
            "fill": lambda: fill(dims, value),
            "reshape": lambda: reshape(a, dims),
            "flatten": a.ravel,
            "T": lambda: transpose(a),
            "pad": lambda: byhand.pad(a, size, value),
            "unpad": lambda: unpad(a, size),
            "flip": lambda: byhand.flip(a),
            "dilate": lambda: byhand.dilate(a, step),
        }[name]()
    pad = (0,) * (a.ndim - 2)
    facts = {"dims": tuple(dims), "value": f"{value:g}", "size": size, "step": step, "dilated": result.shape}
    facts["pad"] = [*((0, 0) for _ in pad), (size, size), (size, size)]
    return Done(inputs, result, operation.code.format(**facts), operation.torch.format(**facts))


def read_shape(text: str) -> tuple[int, ...]:
    """2, 3 or 2×3 -> (2, 3)."""
    parts = text.replace("×", ",").replace("x", ",").split(",")
    if not all(part.strip().isascii() and part.strip().isdecimal() and len(part.strip()) < 4 for part in parts):
        raise ExplorerError(f"the shape {text!r:.30} cannot be read: write whole numbers, as 2, 3, 3")
    return tuple(_checked([int(part) for part in parts]))


def _checked(dims: Sequence[int]) -> tuple[int, ...]:
    if not 1 <= len(dims) <= 4 or min(dims) < 1 or math.prod(dims) > MOST:
        raise ExplorerError(
            f"the shape is {_words(dims)}: give one to four sides of 1 or more, at most {MOST} numbers in all"
        )
    return tuple(dims)


def _words(dims: Sequence[int]) -> str:
    return " × ".join(map(str, dims)) or "empty"
