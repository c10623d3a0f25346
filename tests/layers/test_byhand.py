"""Every formula of 002 against torch's forward and autograd, on random shapes."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from explorer.errors import ExplorerError
from explorer.layers import byhand

TOLERANCE = {"rtol": 0, "atol": 1e-9}


def leaf(*shape, draw):
    return torch.tensor(draw.normal(size=shape), requires_grad=True)


@pytest.mark.parametrize("seed", range(60))
def test_convolution(seed):
    draw = np.random.default_rng(seed)
    kernel, stride, padding, dilation = draw.integers([1, 1, 0, 1], [5, 5, 4, 4])
    span = dilation * (kernel - 1) + 1
    images, channels, maps = draw.integers(1, 4, 3)
    height, width = np.maximum(draw.integers(1, 14, 2), span - 2 * padding)
    x, w, b = (
        leaf(images, channels, height, width, draw=draw),
        leaf(maps, channels, kernel, kernel, draw=draw),
        leaf(maps, draw=draw),
    )
    y = F.conv2d(x, w, b, int(stride), int(padding), int(dilation))
    image, kernel, bias = (tensor.detach().numpy() for tensor in (x, w, b))
    np.testing.assert_allclose(byhand.conv(image, kernel, bias, stride, padding, dilation), y.detach(), **TOLERANCE)
    grad = draw.normal(size=y.shape)
    d_x, d_w, d_b = torch.autograd.grad(y, (x, w, b), torch.tensor(grad))
    back = byhand.conv_backward(image, kernel, grad, stride, padding, dilation)
    for ours, theirs in ((back.x, d_x), (back.weight, d_w), (back.bias, d_b)):
        assert ours is not None
        np.testing.assert_allclose(ours, theirs, **TOLERANCE)


@pytest.mark.parametrize("seed", range(60))
def test_pooling_with_ties_and_overlap(seed):
    draw = np.random.default_rng(seed)
    kernel, stride = (int(n) for n in draw.integers(1, 5, 2))
    padding = int(draw.integers(0, kernel // 2 + 1))
    shape = (*draw.integers(1, 4, 2), *np.maximum(draw.integers(1, 12, 2), kernel))
    values = draw.integers(-2, 3, shape).astype(float)  # few values: many windows have several maxima
    x = torch.tensor(values, requires_grad=True)
    y, places = F.max_pool2d(x, kernel, stride, padding, return_indices=True)
    pooled = byhand.maxpool(values, kernel, stride, padding)
    np.testing.assert_array_equal(pooled.y, y.detach())
    np.testing.assert_array_equal((pooled.rows - padding) * shape[3] + pooled.columns - padding, places)
    grad = draw.normal(size=y.shape)
    (d_x,) = torch.autograd.grad(y, x, torch.tensor(grad))
    back = byhand.maxpool_backward(values, pooled, grad, padding)
    np.testing.assert_allclose(back.x, d_x, **TOLERANCE)
    assert back.x_stages["mask: windows won"].sum() == y.numel()
    mean = F.avg_pool2d(x, kernel, stride, padding)
    np.testing.assert_allclose(byhand.avgpool(values, kernel, stride, padding), mean.detach(), **TOLERANCE)
    (d_x,) = torch.autograd.grad(mean, x, torch.tensor(grad))
    np.testing.assert_allclose(byhand.avgpool_backward(values, grad, kernel, stride, padding).x, d_x, **TOLERANCE)


@pytest.mark.parametrize("seed", range(10))
def test_dense_with_its_bias_as_a_row(seed):
    draw = np.random.default_rng(seed)
    images, inputs, outputs = draw.integers(1, 9, 3)
    x, w, b = leaf(images, inputs, draw=draw), leaf(outputs, inputs, draw=draw), leaf(outputs, draw=draw)
    y = F.linear(x, w, b)
    image, kernel = x.detach().numpy(), np.vstack([w.detach().numpy().T, b.detach().numpy()])
    np.testing.assert_allclose(byhand.dense(image, kernel), y.detach(), **TOLERANCE)
    grad = draw.normal(size=y.shape)
    d_x, d_w, d_b = torch.autograd.grad(y, (x, w, b), torch.tensor(grad))
    back = byhand.dense_backward(image, kernel, grad)
    np.testing.assert_allclose(back.x, d_x, **TOLERANCE)
    assert back.weight is not None
    np.testing.assert_allclose(back.weight, np.vstack([d_w.T, d_b]), **TOLERANCE)


@pytest.mark.parametrize(
    ("forward", "backward", "reference"),
    [(byhand.sigmoid, byhand.sigmoid_backward, torch.sigmoid), (byhand.relu, byhand.relu_backward, torch.relu)],
)
def test_sigmoid_and_relu_far_out_and_at_zero(forward, backward, reference):
    values = np.concatenate([np.linspace(-5, 5, 41), [-800.0, 800.0]]).reshape(1, 1, 1, -1)
    x, grad = torch.tensor(values, requires_grad=True), np.random.default_rng(0).normal(size=values.shape)
    y = reference(x)
    np.testing.assert_allclose(forward(values), y.detach(), **TOLERANCE)
    (d_x,) = torch.autograd.grad(y, x, torch.tensor(grad))
    np.testing.assert_allclose(backward(values, grad).x, d_x, **TOLERANCE)


@pytest.mark.parametrize("size", [1, 3, 300])
def test_softmax_cross_entropy(size):
    draw = np.random.default_rng(size)
    values, labels = draw.normal(size=(7, 5)) * size, draw.integers(0, 5, 7)
    z = torch.tensor(values, requires_grad=True)
    loss = F.cross_entropy(z, torch.tensor(labels))
    assert byhand.cross_entropy(values, labels) == pytest.approx(loss.item(), abs=1e-9)
    np.testing.assert_allclose(byhand.softmax(values), torch.softmax(z.detach(), 1), **TOLERANCE)
    np.testing.assert_allclose(
        byhand.cross_entropy_backward(values, labels).x, torch.autograd.grad(loss, z)[0], **TOLERANCE
    )


def test_flatten_and_back():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    flat = byhand.flatten(x)
    np.testing.assert_array_equal(flat, torch.flatten(torch.tensor(x), 1))
    np.testing.assert_array_equal(flat.reshape(x.shape), x)


def test_the_maximum_of_003_figure_8():
    x = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]], dtype=float)[None, None]
    pooled = byhand.maxpool(x, 2, 2)
    np.testing.assert_array_equal(pooled.y[0, 0], [[6, 8], [3, 4]])
    assert list(zip(*np.nonzero(byhand.maxpool_mask(x, pooled)[0, 0]), strict=True)) == [(1, 1), (1, 3), (2, 0), (3, 3)]


def test_a_window_that_does_not_fit_is_said():
    x, w = np.zeros((1, 1, 3, 3)), np.zeros((1, 1, 3, 3))
    with pytest.raises(ExplorerError, match="spans 5 does not fit into 3 × 3"):
        byhand.conv(x, w, np.zeros(1), dilation=2)
    with pytest.raises(ExplorerError, match="does not fit"):
        byhand.avgpool(x, 4, 1)
    with pytest.raises(ExplorerError, match="padding of the pool is 2"):
        byhand.maxpool(x, 3, 1, 2)
