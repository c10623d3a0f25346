"""002's backward pass on small arrays, by hand beside autograd: what the Backward tab shows.

`LAYERS` has, for each layer, the formulas and how to run it; a `Case` holds every array and the largest difference.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from explorer.errors import ExplorerError
from explorer.layers import byhand

Array = np.ndarray


@dataclass(frozen=True)
class Settings:
    """Sizes of a case; each layer uses those it knows."""

    size: int = 5
    channels: int = 1
    outputs: int = 1
    kernel: int = 3
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    batch: int = 2
    seed: int = 0


@dataclass(frozen=True)
class Case:
    """One layer forwards and backwards. Arrays are named as in the formulas; `apart` compares with autograd."""

    inputs: dict[str, Array]
    output: Array
    back: byhand.Back
    apart: dict[str, float]


@dataclass(frozen=True)
class BackwardLayer:
    label: str
    formulas: tuple[str, ...]
    knows: tuple[str, ...]  # which settings matter
    signs: str  # what stands between the stages of dL/dX
    run: Callable[[Settings], Case]


def _drawn(seed: int, *shape: int) -> Array:
    """Whole numbers from -3 to 3, so that a class can follow by hand."""
    return np.random.default_rng(seed).integers(-3, 4, shape).astype(float)


def _compared(inputs: dict[str, Array], ours: dict[str, Array], output: torch.Tensor, leaves, grad, y, back) -> Case:
    """The case, with our gradients held against those that autograd finds."""
    found = torch.autograd.grad(output, list(leaves.values()), torch.from_numpy(grad))
    apart = {"Y": float(np.abs(y - output.detach().numpy()).max())}
    for (name, mine), theirs in zip(ours.items(), found, strict=True):
        apart[name] = float(np.abs(mine - theirs.numpy()).max())
    return Case(inputs, y, back, apart)


def _leaves(**arrays: Array) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}


def conv(given: Settings) -> Case:
    x = _drawn(given.seed, 1, given.channels, given.size, given.size)
    w = _drawn(given.seed + 1, given.outputs, given.channels, given.kernel, given.kernel)
    b = _drawn(given.seed + 2, given.outputs)
    moves = (given.stride, given.padding, given.dilation)
    y = byhand.conv(x, w, b, *moves)
    grad = _drawn(given.seed + 3, *y.shape)
    back = byhand.conv_backward(x, w, grad, *moves)
    leaves = _leaves(x=x, w=w, b=b)
    output = F.conv2d(leaves["x"], leaves["w"], leaves["b"], *moves)
    ours = {"dL/dX": back.x, "dL/dW": back.weight, "dL/db": back.bias}
    return _compared({"X": x, "W": w, "b": b}, ours, output, leaves, grad, y, back)


def _pool(given: Settings, kind: str) -> Case:
    x = _drawn(given.seed, 1, given.channels, given.size, given.size)
    moves, leaves = (given.kernel, given.stride, given.padding), _leaves(x=x)
    if kind == "max":
        pooled = byhand.maxpool(x, *moves)
        y, output = pooled.y, F.max_pool2d(leaves["x"], *moves)
        grad = _drawn(given.seed + 3, *y.shape)
        back = byhand.maxpool_backward(x, pooled, grad, given.padding)
    else:
        y, output = byhand.avgpool(x, *moves), F.avg_pool2d(leaves["x"], *moves)
        grad = _drawn(given.seed + 3, *y.shape)
        back = byhand.avgpool_backward(x, grad, *moves)
    return _compared({"X": x}, {"dL/dX": back.x}, output, leaves, grad, y, back)


def dense(given: Settings) -> Case:
    x = _drawn(given.seed, given.batch, given.size)
    w = _drawn(given.seed + 1, given.size + 1, given.outputs)
    y = byhand.dense(x, w)
    grad = _drawn(given.seed + 3, *y.shape)
    back, leaves = byhand.dense_backward(x, w, grad), _leaves(x=x, w=w)
    output = leaves["x"] @ leaves["w"][:-1] + leaves["w"][-1]
    ours = {"dL/dX": back.x, "dL/dW": back.weight}
    return _compared({"X": x, "W_aug, last row is the bias": w}, ours, output, leaves, grad, y, back)


def _pointwise(given: Settings, forward, backward, reference) -> Case:
    x = _drawn(given.seed, given.size, given.size)
    grad, leaves = _drawn(given.seed + 3, given.size, given.size), _leaves(x=x)
    back = backward(x, grad)
    return _compared({"X": x}, {"dL/dX": back.x}, reference(leaves["x"]), leaves, grad, forward(x), back)


def cross_entropy(given: Settings) -> Case:
    logits = _drawn(given.seed, given.batch, max(2, given.size))
    labels = np.random.default_rng(given.seed + 1).integers(0, logits.shape[1], given.batch)
    leaves, back = _leaves(x=logits), byhand.cross_entropy_backward(logits, labels)
    loss = F.cross_entropy(leaves["x"], torch.from_numpy(labels))
    y = np.array(byhand.cross_entropy(logits, labels))
    return _compared({"ŷ, logits": logits}, {"dL/dŷ": back.x}, loss, leaves, np.array(1.0), y, back)


_SLIDES = ("size", "channels", "kernel", "stride", "padding")

LAYERS: dict[str, BackwardLayer] = {
    "conv": BackwardLayer(
        "Convolution",
        (
            r"\frac{\partial L}{\partial W}=\operatorname{pad}(X,p)\star\operatorname{dilate}"
            r"\left(\frac{\partial L}{\partial Y},s\right)\quad(3)",
            r"\frac{\partial L}{\partial b_c}=\sum_{b,h,w}\frac{\partial L}{\partial Y_{b,c,h,w}}\quad(4)",
            r"\frac{\partial L}{\partial X}=\operatorname{unpad}\left(\operatorname{pad}\left(\operatorname{dilate}"
            r"\left(\frac{\partial L}{\partial Y},s\right),K-1\right)\star\operatorname{flip}(W)\right)\quad(5)",
        ),
        (*_SLIDES, "outputs", "dilation"),
        "→→⋆=→",
        conv,
    ),
    "maxpool": BackwardLayer(
        "Max pooling",
        (
            r"\frac{\partial L}{\partial X_{i,j}}=\sum_{(p,q)\in\mathcal W_{i,j}}\frac{\partial L}{\partial Y_{p,q}}"
            r"\cdot\mathbf 1_{X_{i,j}=\max(\mathcal R_{p,q})}\quad(6)",
        ),
        _SLIDES,
        "⊙=",
        lambda given: _pool(given, "max"),
    ),
    "avgpool": BackwardLayer(
        "Average pooling",
        (
            r"\frac{\partial L}{\partial X_{i,j}}=\sum_{(p,q)\in\mathcal W_{i,j}}\frac{\partial L}{\partial Y_{p,q}}"
            r"\cdot\frac1{K^2}\quad(7)",
        ),
        _SLIDES,
        "·=",
        lambda given: _pool(given, "average"),
    ),
    "dense": BackwardLayer(
        "Dense",
        (
            r"\frac{\partial L}{\partial W_\text{aug}}=X_\text{aug}^T\cdot\frac{\partial L}{\partial Y}\quad(10)",
            r"\frac{\partial L}{\partial X}=\operatorname{remove\_bias\_column}"
            r"\left(\frac{\partial L}{\partial Y}\cdot W_\text{aug}^T\right)\quad(11)",
        ),
        ("size", "outputs", "batch"),
        "·=→",
        dense,
    ),
    "relu": BackwardLayer(
        "ReLU",
        (r"\frac{\partial L}{\partial X}=\frac{\partial L}{\partial Y}\odot\mathbf 1_{X>0}\quad(15)",),
        ("size",),
        "⊙=",
        lambda given: _pointwise(given, byhand.relu, byhand.relu_backward, torch.relu),
    ),
    "sigmoid": BackwardLayer(
        "Sigmoid",
        (r"\frac{\partial L}{\partial X}=\frac{\partial L}{\partial Y}\odot\sigma(X)\odot(1-\sigma(X))\quad(13)",),
        ("size",),
        "→⊙=",
        lambda given: _pointwise(given, byhand.sigmoid, byhand.sigmoid_backward, torch.sigmoid),
    ),
    "cross-entropy": BackwardLayer(
        "Softmax cross-entropy",
        (
            r"L=-\frac1B\sum_{b}\sum_{c}y_{b,c}\log\operatorname{softmax}(\hat y_{b,c})\quad(16)",
            r"\frac{\partial L}{\partial\hat y_{b,c}}=\frac1B"
            r"\left(\operatorname{softmax}(\hat y_{b,c})-y_{b,c}\right)\quad(17)",
        ),
        ("size", "batch"),
        "−=",
        cross_entropy,
    ),
}


def run(name: str, given: Settings) -> Case:
    """The case of one layer; settings that cannot be are an error that says why."""
    if name not in LAYERS:
        raise ExplorerError(f"the layer {name!r:.40} is unknown: choose one of {', '.join(LAYERS)}")
    return LAYERS[name].run(given)
