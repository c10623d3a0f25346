"""A network as an ONNX file: one node a layer, called like the layer, so that it reads like the network.

torch's own export folds most BatchNorms into the convolutions before them and loses the names. Two activations have no
node of their own in ONNX and become two or three: SiLU, and softplus with another β than 1.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from torch import nn

from explorer.live import wire
from explorer.live.graph import Node, graph

IR, OPSET = 9, 20  # the first with Gelu; read by onnx 1.15 and onnxruntime 1.17 and later

# op of explorer.live.describing -> ONNX, with what our options are called there
_PLAIN = {
    "relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh", "selu": "Selu", "softsign": "Softsign", "gelu": "Gelu",
    "same": "Identity", "flatten": "Flatten", "mean": "GlobalAveragePool", "add": "Add",
    "relu6": "Clip",
}  # fmt: skip


def onnx(model: nn.Module, shape: tuple[int, int, int], facts: Mapping[str, str] | None = None) -> bytes:
    """The file's bytes; `facts` are kept in it as metadata (classes, mean and standard deviation, for instance)."""
    layers = graph(model, shape)
    body, kept = b"", []
    for layer in layers:
        body += b"".join(wire.block(1, one) for one in _nodes(layer))
        kept += [wire.block(5, wire.tensor(f"{layer.name}.{key}", values)) for key, values in _numbers(layer).items()]
    *inner, last = layers
    body += wire.block(2, "network") + b"".join(kept)
    body += wire.block(11, wire.value("input", tuple(shape))) + wire.block(12, wire.value(last.name, last.shape))
    body += b"".join(wire.block(13, wire.value(layer.name, layer.shape)) for layer in inner)
    about = b"".join(wire.pair(14, key, value) for key, value in (facts or {}).items())
    opset = wire.block(8, wire.block(1, "") + wire.whole(2, OPSET))
    return wire.whole(1, IR) + wire.block(2, "cable-explorer") + wire.block(7, body) + opset + about


def _nodes(layer: Node) -> Iterator[bytes]:
    inputs = [*layer.inputs, *(f"{layer.name}.{key}" for key in _numbers(layer))]
    if layer.op in _PLAIN:
        yield wire.node(_PLAIN[layer.op], inputs, layer.name)
    elif layer.op in _NAMED:
        name, attributes = _NAMED[layer.op](layer.options)
        yield wire.node(name, inputs, layer.name, **attributes)
    elif layer.op == "silu":
        yield wire.node("Sigmoid", inputs, f"{layer.name}.sigmoid")
        yield wire.node("Mul", [*inputs, f"{layer.name}.sigmoid"], layer.name)
    elif layer.options["beta"] == 1:
        yield wire.node("Softplus", inputs, layer.name)
    else:
        x, beta = inputs
        yield wire.node("Mul", [x, beta], f"{layer.name}.scaled")
        yield wire.node("Softplus", [f"{layer.name}.scaled"], f"{layer.name}.softplus")
        yield wire.node("Div", [f"{layer.name}.softplus", beta], layer.name)


def _window(options: dict) -> dict:
    pads = options["padding"] + options.get("behind", options["padding"])
    return {"kernel_shape": options["kernel"], "strides": options["stride"], "pads": pads}


_NAMED: dict[str, Callable[[dict], tuple[str, dict]]] = {
    "conv": lambda options: (
        "Conv",
        {**_window(options), "dilations": options["dilation"], "group": options["groups"]},
    ),
    "thin": lambda options: ("Conv", {"kernel_shape": [1, 1], "strides": 2 * [options["stride"]]}),
    "dense": lambda _options: ("Gemm", {"transB": 1}),
    "norm": lambda options: ("BatchNormalization", {"epsilon": options["epsilon"]}),
    "max": lambda options: ("MaxPool", _window(options)),
    "average": lambda options: ("AveragePool", {**_window(options), "count_include_pad": 1}),
    "softmax": lambda _options: ("Softmax", {"axis": 1}),
    "logsoftmax": lambda _options: ("LogSoftmax", {"axis": 1}),
    "elu": lambda options: ("Elu", {"alpha": float(options["alpha"])}),
    "leaky": lambda options: ("LeakyRelu", {"alpha": float(options["slope"])}),
    "prelu": lambda _options: ("PRelu", {}),
}


def _numbers(layer: Node) -> dict[str, np.ndarray]:
    """The arrays that the layer's node takes, in the order in which it takes them."""
    if layer.op == "thin":  # every second pixel and zeros for the new channels: a convolution with ones
        channels, more = layer.shape[0], layer.options["more"]
        assert isinstance(more, int)  # the other options may be shares or pairs
        return {"weight": np.eye(channels, channels - more, dtype=np.float32)[:, :, None, None]}
    if layer.op == "relu6":
        return {"least": np.array(0, dtype=np.float32), "most": np.array(6, dtype=np.float32)}
    if layer.op == "prelu":
        return {"slope": layer.numbers["slope"].reshape(-1, *(1 for _ in layer.shape[1:]))}
    if layer.op == "softplus" and layer.options["beta"] != 1:
        return {"beta": np.array(layer.options["beta"], dtype=np.float32)}
    return layer.numbers
