"""Stacks to start from: what the papers draw, row by row.

001 draws six stacks of convolutions and pools (its displays 0 to 5), then one more that ends flat (display 6), then
adds dense layers to it: 57,170 parameters. Its images are 28 x 28 with one channel.
"""

from explorer.networks.stack.core import Stack, parse

GREY = (1, 28, 28)


def conv(channels: int, kernel: int = 3, padding: int = 0, stride: int = 1, bias: bool = True) -> dict:
    return {"kind": "conv", "channels": channels, "kernel": kernel, "padding": padding, "stride": stride, "bias": bias}


def act(function: str = "relu") -> dict:
    return {"kind": "activation", "function": function}


def pool(kind: str = "maxpool", kernel: int = 2, stride: int = 2) -> dict:
    return {"kind": kind, "kernel": kernel, "stride": stride}


def dense(units: int, function: str | None = None) -> list[dict]:
    return [{"kind": "dense", "units": units}] + ([act(function)] if function else [])


FLAT, NORM, DROP = {"kind": "flatten"}, {"kind": "batchnorm"}, {"kind": "dropout"}


def _pooled(function: str, kind: str) -> list[dict]:
    return [conv(6, padding=1), act(function), pool(kind)]


_FEATURES = [
    *[conv(8, padding=1), act(), conv(8, padding=1), act(), pool()],
    *[conv(16), act(), conv(16), act(), conv(16), act(), pool(), FLAT],
]

_ALEXNET = [
    *[conv(96, 11, stride=4), act(), pool(kernel=3), conv(256, 5, 2), act(), pool(kernel=3)],
    *[conv(384, 3, 1), act(), conv(384, 3, 1), act(), conv(256, 3, 1), act(), pool(kernel=3)],
    *[FLAT, DROP, *dense(4096, "relu"), DROP, *dense(4096, "relu"), *dense(1000)],
]


def _block(channels: int) -> list[dict]:
    """No bias before a BatchNorm, which would take it away again (004, section 4)."""
    return [conv(channels, padding=1, bias=False), NORM, act(), pool()]


_ROWS: dict[str, tuple[str, tuple[int, int, int], list[dict]]] = {
    "display-0": ("Notebook: ReLU, max pool", GREY, _pooled("relu", "maxpool")),
    "display-1": ("Notebook: tanh, max pool", GREY, _pooled("tanh", "maxpool")),
    "display-2": ("Notebook: ReLU, mean pool", GREY, _pooled("relu", "avgpool")),
    "display-3": ("Notebook: tanh, mean pool", GREY, _pooled("tanh", "avgpool")),
    "display-4": ("Notebook: tanh, pool, ReLU", GREY, [*_pooled("tanh", "maxpool"), conv(6, padding=1), act()]),
    "display-5": (
        "Notebook: 3 convolutions, 2 pools",
        GREY,
        [conv(8, padding=1), act(), pool(), conv(16, padding=1), act(), conv(16), act(), pool()],
    ),
    "display-6": ("Notebook: 5 convolutions, then flat", GREY, _FEATURES),
    "notebook": (
        "Notebook: the network, 57,170 parameters",
        GREY,
        [*_FEATURES, *dense(128, "relu"), *dense(128, "relu"), *dense(10, "softmax")],
    ),
    "digits": (
        "CNN from scratch: 8 × 8 digits",
        (1, 8, 8),
        [conv(4, padding=1), act(), pool(), FLAT, *dense(32, "relu"), *dense(10)],
    ),
    "lenet": (
        "LeNet-5",
        GREY,
        [
            *[conv(6, 5, 2), act("tanh"), pool("avgpool"), conv(16, 5), act("tanh"), pool("avgpool"), FLAT],
            *[*dense(120, "tanh"), *dense(84, "tanh"), *dense(10)],
        ],
    ),
    "dense": (  # its text counts the weights alone: 78,400 + 1,000
        "Survey: 784-100-10, 79,400 weights and 110 biases",
        GREY,
        [FLAT, *dense(100, "relu"), *dense(10)],
    ),
    "survey-cnn": (
        "Survey: CNN for 28 × 28, about 300 KB",
        GREY,
        [
            *[conv(16, padding=1), act(), pool(), conv(32, padding=1), act(), pool(), FLAT],
            *[*dense(44, "relu"), *dense(10)],
        ],
    ),
    "cnn": (
        "CNN for 28 × 28, one dense layer",
        GREY,
        [conv(16, padding=1), act(), pool(), conv(32, padding=1), act(), pool(), FLAT, *dense(10)],
    ),
    "cnn-colour": (
        "Survey: CNN for CIFAR-10",
        (3, 32, 32),
        [*_block(32), *_block(64), *_block(128), FLAT, *dense(256, "relu"), *dense(10)],
    ),
    "inputs": ("AlexNet article: 150,528 inputs", (3, 224, 224), [FLAT, *dense(10)]),
    "figure-9": (
        "AlexNet article, figure 9: 3 convs",
        GREY,
        [
            *[conv(8, padding=1), act(), conv(8, padding=1), act(), pool()],
            *[conv(16, padding=1), act(), pool(), FLAT, *dense(10)],
        ],
    ),
    "figure-10": (
        "AlexNet article, figure 10: 3 dense",
        GREY,
        [FLAT, *dense(64, "relu"), *dense(32, "relu"), *dense(10)],
    ),
    "alexnet": ("AlexNet as published, 62,378,344 parameters", (3, 227, 227), _ALEXNET),
}

PRESETS: dict[str, Stack] = {
    key: parse({"name": name, "input": shape, "rows": rows}) for key, (name, shape, rows) in _ROWS.items()
}
