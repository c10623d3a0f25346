"""Layers of vectors and single values: flatten, dense, sigmoid, ReLU and softmax cross-entropy, both ways."""

import numpy as np

from explorer.layers.byhand.arrays import Array, Back


def flatten(x: Array) -> Array:
    """(N, C, H, W) -> (N, C·H·W); backwards it is `grad.reshape(x.shape)`, (8)."""
    return x.reshape(len(x), -1)


def augment(x: Array) -> Array:
    """x (N, D) with a last column of ones, so that the bias is one more row of the weights."""
    return np.hstack([x, np.ones((len(x), 1))])


def dense(x: Array, weight: Array) -> Array:
    """Y = X_aug · W_aug, with W_aug (D + 1, M), its last row the bias (9)."""
    return augment(x) @ weight


def dense_backward(x: Array, weight: Array, grad: Array) -> Back:
    """(10) and (11) for dL/dY (N, M)."""
    wide = grad @ weight.T
    d_weight = augment(x).T @ grad
    return Back(
        x=wide[:, :-1],
        x_stages={
            "dL/dY": grad,
            "W_augᵀ": weight.T,
            "dL/dY · W_augᵀ": wide,
            "dL/dX, without the bias column": wide[:, :-1],
        },
        weight=d_weight,
        weight_stages={"X_augᵀ": augment(x).T, "dL/dY": grad, "dL/dW": d_weight},
    )


def sigmoid(x: Array) -> Array:
    """1 / (1 + e⁻ˣ), (12), by the half of it that does not overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def sigmoid_backward(x: Array, grad: Array) -> Back:
    """(13)."""
    y = sigmoid(x)
    d_x = grad * y * (1 - y)
    return Back(d_x, {"σ(X)": y, "σ ⊙ (1 − σ)": y * (1 - y), "dL/dY": grad, "dL/dX": d_x})


def relu(x: Array) -> Array:
    """max(0, x), (14)."""
    return np.maximum(x, 0)


def relu_backward(x: Array, grad: Array) -> Back:
    """(15)."""
    mask = (x > 0).astype(x.dtype)
    return Back(grad * mask, {"dL/dY": grad, "mask: X > 0": mask, "dL/dX": grad * mask})


def softmax(logits: Array) -> Array:
    """e^z / sum of e^z along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def cross_entropy(logits: Array, labels: Array) -> float:
    """(16): the mean of -ln softmax at the labels; in the form that needs no ε because no logarithm of 0 is taken."""
    high = logits.max(axis=-1)
    total = np.log(np.exp(logits - high[:, None]).sum(axis=-1)) + high
    return float((total - logits[np.arange(len(labels)), labels]).mean())


def cross_entropy_backward(logits: Array, labels: Array) -> Back:
    """(17)."""
    shares, truth = softmax(logits), np.eye(logits.shape[-1])[labels]
    d_x = (shares - truth) / len(labels)
    return Back(d_x, {"softmax(ŷ)": shares, "y, one-hot": truth, "dL/dŷ, divided by B": d_x})
