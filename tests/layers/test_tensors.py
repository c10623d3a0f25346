"""002's operations against torch, by the very code that the page shows, and what cannot be."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from explorer.errors import ExplorerError
from explorer.layers.tensors import OPERATIONS, carry_out, read_shape

SHAPES = [(6,), (3, 4), (2, 3, 4), (2, 2, 3, 4)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_the_code_beside_it(name, shape):
    operation = OPERATIONS[name]
    if name != "fill" and not operation.least <= len(shape) <= operation.most:
        with pytest.raises(ExplorerError, match="dimensions"):
            carry_out(name, shape)
        return
    done = carry_out(name, shape, dims=shape[::-1], value=7, size=1, step=3, seed=4)
    for code, space in (
        (done.code, {"np": np, **done.inputs}),
        (done.torch, {"torch": torch, "F": F, **{key: torch.from_numpy(a) for key, a in done.inputs.items()}}),
    ):
        lines = code.split("; ")
        for line in lines[:-1]:
            exec(line, space)
        if "=" in lines[-1].split("(")[0]:
            exec(lines[-1], space)
            found = space["B"]
        else:
            found = eval(lines[-1], space)
        np.testing.assert_array_equal(np.asarray(found), done.result)


def test_dot_of_vectors_matrices_and_several_matrices():
    vectors = carry_out("dot", (6,), seed=1)
    assert vectors.result == sum(a * b for a, b in zip(*(v.tolist() for v in vectors.inputs.values()), strict=True))
    for shape in SHAPES[1:3]:
        done = carry_out("dot", shape, seed=1)
        expected = torch.matmul(*(torch.from_numpy(a) for a in done.inputs.values()))
        np.testing.assert_array_equal(done.result, expected.numpy())


@pytest.mark.parametrize(
    ("name", "shape", "given", "said"),
    [
        ("reshape", (3, 4), {"dims": (5, 2)}, "12 numbers do not make 5 × 2"),
        ("unpad", (3, 4), {"size": 2}, "leaves nothing of 3 × 4"),
        ("fill", (3, 4), {"dims": (0, 2)}, "the shape is 0 × 2"),
        ("fill", (3, 4), {"dims": (100, 100)}, "at most 96"),
        ("T", (6,), {}, "A has 1, 6"),
    ],
)
def test_what_cannot_be_is_said(name, shape, given, said):
    with pytest.raises(ExplorerError, match=said):
        carry_out(name, shape, **given)


def test_shapes_are_read_as_they_are_written():
    assert read_shape("2, 3") == read_shape("2×3") == read_shape("2x3") == (2, 3)
    for text in ("", "2,,3", "-1", "1e3", "²", "2,3,4,5,6"):
        with pytest.raises(ExplorerError, match="shape"):
            read_shape(text)
