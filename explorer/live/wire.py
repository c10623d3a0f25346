"""The few forms of protobuf that an ONNX file is made of, written as bytes.

A message is a row of fields, each its number and kind in one varint and then its value; a message in a message is a
field of bytes.
"""

import struct

import numpy as np

_VARINT, _BYTES, _FLOAT = 0, 2, 5  # how a field's value is written


def varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last byte say that there is more."""
    value &= 2**64 - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def whole(field: int, value: int) -> bytes:
    return varint(field << 3 | _VARINT) + varint(value)


def real(field: int, value: float) -> bytes:
    return varint(field << 3 | _FLOAT) + struct.pack("<f", value)


def block(field: int, value: bytes | str) -> bytes:
    """Text, bytes or a message."""
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | _BYTES) + varint(len(value)) + value


def pair(field: int, key: str, value: str) -> bytes:
    """A key with its value."""
    return block(field, block(1, key) + block(2, value))


def node(op: str, inputs: list[str], output: str, **attributes: float | int | list[int]) -> bytes:
    """NodeProto; the node is called like its output."""
    settings = b"".join(block(5, _attribute(name, value)) for name, value in attributes.items())
    return b"".join(block(1, one) for one in inputs) + block(2, output) + block(3, output) + block(4, op) + settings


def _attribute(name: str, value: float | int | list[int]) -> bytes:
    """AttributeProto: a float (kind 1), an int (2) or ints (7)."""
    if isinstance(value, float):
        return block(1, name) + real(2, value) + whole(20, 1)
    if isinstance(value, int):
        return block(1, name) + whole(3, value) + whole(20, 2)
    return block(1, name) + b"".join(whole(8, one) for one in value) + whole(20, 7)


def tensor(name: str, values: np.ndarray) -> bytes:
    """TensorProto of float32 (kind 1)."""
    sizes = b"".join(whole(1, size) for size in values.shape)
    return sizes + whole(2, 1) + block(8, name) + block(9, values.astype("<f4", copy=False).tobytes())


def value(name: str, shape: tuple[int, ...]) -> bytes:
    """ValueInfoProto: float32, as many pictures as one likes of this shape."""
    sizes = block(1, block(2, "pictures")) + b"".join(block(1, whole(1, size)) for size in shape)
    return block(1, name) + block(2, block(1, whole(1, 1) + block(2, sizes)))
