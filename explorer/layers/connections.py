"""Which inputs reach which outputs, along a row of neurons: 003's figure 1, fully connected beside convolutional."""

from dataclasses import dataclass

from explorer.layers.convolution import Window


@dataclass(frozen=True)
class Connection:
    source: int
    target: int
    weight: int  # which of the layer's weights: lines of one weight share it


def dense(inputs: int, outputs: int) -> list[Connection]:
    """Every input reaches every output, each by a weight of its own."""
    return [Connection(i, j, j * inputs + i) for j in range(outputs) for i in range(inputs)]


def windowed(inputs: int, window: Window) -> list[Connection]:
    """An output sees its window, and all windows have the same weights; what lies in the padding has no line."""
    window.check(inputs, inputs)
    lines = []
    for j in range(window.out(inputs)):
        for weight in range(window.size):
            i = j * window.stride - window.padding + weight * window.dilation
            if 0 <= i < inputs:
                lines.append(Connection(i, j, weight))
    return lines
