"""ONNX files: valid for onnx.checker, one node a layer, and the same numbers in onnxruntime as in torch."""

import numpy as np
import pytest
import torch
from torch import nn

from explorer import subjects
from explorer.inside import tracing
from explorer.live import onnx
from explorer.live.wire import varint
from explorer.networks import activations, stack, weights, zoo
from tests.live.engine import rounding

checker = pytest.importorskip("onnx", reason="needs onnx (requirements-dev.txt)")
runtime = pytest.importorskip("onnxruntime", reason="needs onnxruntime (requirements-dev.txt)")


def checked(model: nn.Module, batch: torch.Tensor, **facts: str):
    """The file's graph, after every layer of it was compared with torch's."""
    channels, height, width = batch.shape[1:]
    content = onnx(model, (channels, height, width), facts)
    file = checker.load_from_string(content)
    checker.checker.check_model(file, full_check=True)  # also infers every shape and compares it with ours
    traces = tracing.trace(model, batch)
    for name in traces:  # what was inside becomes an output too
        if name != file.graph.output[0].name:
            file.graph.output.append(next(one for one in file.graph.value_info if one.name == name))
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = runtime.InferenceSession(file.SerializeToString(), options, providers=["CPUExecutionProvider"])
    found = session.run(list(traces), {"input": batch.numpy()})
    for (name, trace), values in zip(traces.items(), found, strict=True):
        true = trace.output.numpy()
        apart = np.abs(values - true).max() / (np.abs(true).max() or 1)
        assert apart <= 1e-5 or apart <= 2 * rounding(model, batch), name
    return file


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(2, *shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(weights.cards()))
def test_every_shipped_network(name):
    subject = subjects.pretrained(name)
    file = checked(subject.model, noise(subject.channels, subject.size, subject.size), classes="a, b")
    assert [node.name for node in file.graph.node] == list(
        tracing.trace(subject.model, noise(subject.channels, subject.size, subject.size))
    )
    assert [(one.key, one.value) for one in file.metadata_props] == [("classes", "a, b")]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cabeq-sd-2", "resnet-20", "lenet", "notebook-cnn", "efficientnet-lite0"])
def test_networks_that_have_not_learned(name):
    known = zoo.entry(name)
    checked(subjects.untrained(name, 32, 0).model, noise(known.channels, known.size, known.size))


@pytest.mark.parametrize("name", activations.ACTIVATIONS)
@pytest.mark.parametrize("flat", [False, True])
def test_every_activation(name, flat):
    rows = [{"kind": "flatten"}] * flat + [{"kind": "activation", "function": name}]
    checked(stack.parse({"rows": rows, "input": (3, 5, 4)}).build(), 4 * noise(3, 5, 4))


def test_softplus_of_another_beta_and_a_slope_a_channel():
    model = nn.Sequential(nn.Softplus(beta=2.5), nn.PReLU(3), nn.LeakyReLU(0.3), nn.ELU(0.7), nn.RReLU(0.1, 0.5)).eval()
    checked(model, 4 * noise(3, 5, 4))


def test_windows_of_every_shape():
    windows = [
        nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 0), (1, 2), groups=2),
        nn.MaxPool2d((2, 3), (1, 2), (1, 1)),
        nn.AvgPool2d(2, 1, 1),
        nn.BatchNorm2d(6),
        nn.Dropout(),
        nn.AdaptiveAvgPool2d(1),
    ]
    flat = [nn.Flatten(), nn.Linear(6, 5, bias=False), nn.BatchNorm1d(5), nn.Softmax(dim=1)]
    model = nn.Sequential(*windows, *flat).eval()
    checked(model, noise(4, 12, 15))


@pytest.mark.parametrize(
    ("value", "written"), [(0, "00"), (127, "7f"), (128, "8001"), (300, "ac02"), (-1, "ff" * 9 + "01")]
)
def test_varints_are_those_of_the_specification(value, written):
    assert varint(value).hex() == written
