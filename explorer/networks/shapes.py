"""Sizes of what a window leaves, equations (2) and (3) of 001, and shapes in words."""

Shape = tuple[int, ...]


def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """001's equations (2) and (3); 0 or less where the window does not fit."""
    return (size - dilation * (kernel - 1) - 1 + 2 * padding) // stride + 1


def words(shape: Shape) -> str:
    """A shape as people write it: 8 × 28 × 28."""
    return " × ".join(str(size) for size in shape)
