"""The zoo: every network of the papers and an everyday one by name, with what it is for, where it comes from and what
it expects.

    model = build("cabeq-rn-2", width=16)        # (N, 3, 32, 32) -> (N, 10)

`width` scales every hidden layer by width/64, so 64 is the paper's network and 16 a small relative of it; a width
fits when every layer comes out whole. What is left out of `build` is the model's own. The cable ResNets end in
log-softmax as in their paper, all others in logits; cross-entropy gives the same loss for both.
"""

import difflib
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from explorer.errors import ExplorerError
from explorer.networks import controls, plainnets
from explorer.networks.cable_layer import CableLayer
from explorer.networks.efficientnet import efficientnet_lite
from explorer.networks.resnets import cable_resnet, paper_resnet, resnet20


@dataclass(frozen=True)
class Entry:
    name: str
    title: str  # in words, for whoever does not know the names
    description: str
    seed: str  # the first three digits of the paper it comes from, "" where it is none of the five
    dataset: str  # what it is trained on unless someone says otherwise
    layers: tuple[int, ...]  # channels of its hidden layers at width 64
    make: Callable[..., nn.Sequential]  # (hidden channels, classes, channels, size) -> the network
    size: int = 32
    channels: int = 3
    classes: int = 10
    width: int = 64
    smallest: int = 8
    largest: int = 256

    @property
    def width_step(self) -> int:
        """Widths are the multiples of this: what keeps every layer whole."""
        return 64 // math.gcd(64, *self.layers)


_seeding = threading.Lock()  # torch draws first weights from one generator for all threads


def build(
    name: str,
    *,
    classes: int | None = None,
    channels: int | None = None,
    size: int | None = None,
    width: int | None = None,
    seed: int | None = None,
) -> nn.Sequential:
    """A fresh network in training mode. With a seed the first weights are the same every time."""
    known = entry(name)
    classes = _whole("classes", classes, known.classes, 2, 1000)
    channels = _whole("channels", channels, known.channels, 1, 4)
    width = _whole("width", width, known.width, 1, 128)
    size = _whole("size", size, known.size, 1, 4096)
    if not known.smallest <= size <= known.largest:
        fit = f"{known.smallest} to {known.largest}" if known.smallest < known.largest else f"exactly {known.largest}"
        raise ExplorerError(f"size is {size}: {name} takes images of {fit} pixels")
    if width % known.width_step:
        raise ExplorerError(f"width is {width}: {name} needs a multiple of {known.width_step}")
    layers = tuple(layer * width // 64 for layer in known.layers)
    if seed is None:
        return _initialised(known.make(layers, classes, channels, size))
    with _seeding, torch.random.fork_rng(devices=[]):
        torch.manual_seed(_whole("seed", seed, 0, 0, 2**63 - 1))
        return _initialised(known.make(layers, classes, channels, size))


def names() -> list[str]:
    return list(_ZOO)


def entry(name: str) -> Entry:
    if not isinstance(name, str) or name not in _ZOO:
        near = difflib.get_close_matches(str(name), _ZOO, n=1, cutoff=0.0)[0]
        raise ExplorerError(f"model is {str(name)[:60]!r}: the nearest name is {near!r}; all are {', '.join(_ZOO)}")
    return _ZOO[name]


def is_cable(name: str) -> bool:
    """Of the cable paper, which always says the width: the six variants, their baseline and their controls."""
    return name in _ZOO and _ZOO[name].seed == "000"


def called(name: str, width: int) -> str:
    """Its short name, as tables, charts and addresses have it."""
    return f"{name}, width {width}" if is_cable(name) else name


def titled(name: str, short: str) -> str:
    """In words, the short name beside; a network that is not of the zoo has the short name alone."""
    return f"{_ZOO[name].title} · {short}" if name in _ZOO else short


def parameters(model: nn.Module) -> int:
    """How many numbers the model learns."""
    return sum(parameter.numel() for parameter in model.parameters())


def _whole(argument: str, value: int | None, default: int, low: int, high: int) -> int:
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ExplorerError(f"{argument} is {value!r:.60}: give a whole number from {low} to {high}")
    return value


def _initialised(model: nn.Sequential) -> nn.Sequential:
    """He's normal start for convolutions, so that depth neither fades nor blows up; the rest keeps torch's own."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d) and not module.weight.is_meta:
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return model


def _original(layers, classes, channels, _size):
    return cable_resnet(0, False, layers[0], channels, classes)


def _cable(blocks: int, residual: bool):
    return lambda layers, classes, channels, _size: cable_resnet(blocks, residual, layers[0], channels, classes)


def _control(kind: type | None):
    name = "cable" if kind and issubclass(kind, CableLayer) else "front"
    return lambda layers, classes, channels, _size: paper_resnet(
        {name: controls.front(kind, channels)}, layers[0], channels, classes
    )


def _resnet20(layers, classes, channels, _size):
    return resnet20(layers[0], channels, classes)


_RESNET, _AFTER = (64,), "ResNet-18 of the cable paper"
_ZOO = {
    known.name: known
    for known in (
        Entry("original", "ResNet alone", f"{_AFTER}, the baseline without cable layers", "000", "cifar10", _RESNET,
              _original),
        *(Entry(f"cabeq-{kind}-{n}", f"ResNet with {blocks}", f"{_AFTER} behind {blocks}", "000", "cifar10", _RESNET,
                _cable(n, kind == "rn"))
          for kind, word in (("sd", ""), ("rn", "residual "))
          for n, blocks in enumerate((f"one {word}cable block", f"two {word}cable blocks",
                                      f"three {word}cable blocks"), 1)),
        *(Entry(name, f"ResNet behind {short}", f"{_AFTER} behind {what}", "000", "cifar10", _RESNET, _control(kind))
          for name, (short, what, kind) in controls.FRONTS.items()),
        Entry("mlp", "Dense layers only",
              "Dense layers only: 300 hidden units below 32 pixels, else 256 and 32", "004", "mnist",
              (300, 256, 32), plainnets.mlp, size=28, channels=1),
        Entry("cnn", "Plain CNN",
              "Two convolutions below 32 pixels, else three with BatchNorm, each before a max pool", "004", "mnist",
              (16, 32, 32, 64, 128, 256), plainnets.cnn, size=28, channels=1),
        Entry("survey-cnn", "CNN of the survey",
              "Two convolutions, each before a max pool, and two dense layers, for 28 pixels", "004", "mnist",
              (16, 32, 44), plainnets.survey_cnn, size=28, channels=1),
        Entry("lenet", "LeNet-5",
              "LeNet-5 of 1998: two convolutions with average pools, tanh throughout", "004", "mnist",
              (6, 16, 120, 84), plainnets.lenet, size=28, channels=1, smallest=16),
        Entry("alexnet", "AlexNet for 32 pixels",
              "AlexNet with smaller windows and a smaller classifier, for 32 pixels", "004", "cifar10",
              (96, 256, 384, 384, 256, 1024, 1024), plainnets.alexnet, smallest=16),
        Entry("resnet-20", "ResNet of 20 layers",
              "The 0.27-million-parameter ResNet of He et al. for CIFAR-10", "004", "cifar10", (16,), _resnet20),
        Entry("alexnet-227", "AlexNet as published",
              "AlexNet as tabulated, for 227 pixels and 1000 classes", "003", "imagenet",
              (96, 256, 384, 384, 256, 4096, 4096), plainnets.alexnet_227, size=227, classes=1000,
              smallest=227, largest=227),
        Entry("digits-cnn", "CNN for small digits",
              "One convolution of four maps and two dense layers, for 8 pixels", "002", "optdigits",
              (4, 32), plainnets.digits_cnn, size=8, channels=1),
        Entry("efficientnet-lite0", "Everyday network",
              "EfficientNet-Lite0, for a thousand everyday things: inverted residual blocks for small devices", "",
              "imagenet", (32, 16, 24, 40, 80, 112, 192, 320, 1280), efficientnet_lite, size=224, classes=1000,
              smallest=64, largest=512),
        Entry("notebook-cnn", "CNN of the notebook",
              "Five convolutions and three dense layers, for 28 pixels", "001", "mnist",
              (8, 8, 16, 16, 16, 128, 128), plainnets.notebook_cnn, size=28, channels=1, smallest=16),
    )
}  # fmt: skip
