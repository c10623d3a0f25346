"""The networks that are one chain of layers: MLP, CNNs, LeNet, AlexNet and the notebook's.

Each function takes the channels of its hidden layers (already scaled to the wished width), the classes, the input
channels and the image size, and returns logits. Modules are named as in the papers' tables and figures.
"""

from collections import OrderedDict

from torch import nn


def mlp(layers, classes, channels, size):
    hidden = layers[:1] if size < 32 else layers[1:]  # 784-300-10 or 3072-256-32-10
    model, inputs = nn.Sequential(OrderedDict(flatten=nn.Flatten())), channels * size * size
    for number, outputs in enumerate(hidden, 1):
        model.add_module(f"dense{number}", nn.Linear(inputs, outputs))
        model.add_module(f"relu{number}", nn.ReLU())
        inputs = outputs
    model.add_module("head", nn.Linear(inputs, classes))
    return model


def cnn(layers, classes, channels, size):
    model, small = nn.Sequential(), size < 32
    for number, outputs in enumerate(layers[:2] if small else layers[2:5], 1):
        model.add_module(f"conv{number}", nn.Conv2d(channels, outputs, 3, padding=1, bias=small))
        if not small:
            model.add_module(f"bn{number}", nn.BatchNorm2d(outputs))
        model.add_module(f"relu{number}", nn.ReLU())
        model.add_module(f"pool{number}", nn.MaxPool2d(2))
        channels, size = outputs, size // 2
    model.add_module("flatten", nn.Flatten())
    if small:
        model.add_module("head", nn.Linear(channels * size * size, classes))
        return model
    model.add_module("dense", nn.Linear(channels * size * size, layers[5]))
    model.add_module("relu4", nn.ReLU())
    model.add_module("head", nn.Linear(layers[5], classes))
    return model


def survey_cnn(layers, classes, channels, size):
    """Figure 3 of the survey, which has no width for its dense layer: 44 make the 300 KB that it says of the whole."""
    model = nn.Sequential()
    for number, outputs in enumerate(layers[:2], 1):
        model.add_module(f"conv{number}", nn.Conv2d(channels, outputs, 3, padding=1))
        model.add_module(f"relu{number}", nn.ReLU())
        model.add_module(f"pool{number}", nn.MaxPool2d(2))
        channels, size = outputs, size // 2
    model.add_module("flatten", nn.Flatten())
    model.add_module("dense", nn.Linear(channels * size * size, layers[2]))
    model.add_module("relu3", nn.ReLU())
    model.add_module("head", nn.Linear(layers[2], classes))
    return model


def lenet(layers, classes, channels, size):
    first, second, third, fourth = layers
    side = (((size if size < 32 else size - 4) // 2) - 4) // 2  # 28 pixels are padded to its 32
    return nn.Sequential(OrderedDict(
        conv1=nn.Conv2d(channels, first, 5, padding=2 if size < 32 else 0), tanh1=nn.Tanh(), pool1=nn.AvgPool2d(2),
        conv2=nn.Conv2d(first, second, 5), tanh2=nn.Tanh(), pool2=nn.AvgPool2d(2),
        flatten=nn.Flatten(),
        dense1=nn.Linear(second * side * side, third), tanh3=nn.Tanh(),
        dense2=nn.Linear(third, fourth), tanh4=nn.Tanh(),
        head=nn.Linear(fourth, classes),
    ))  # fmt: skip


def alexnet(layers, classes, channels, size):
    """Its five convolutions with the first window 3 and stride 1; pools of 3, stride 2, padded so that 32 -> 4."""
    one, two, three, four, five, six, seven = layers
    side = size
    for _ in range(3):
        side = (side - 1) // 2 + 1
    return nn.Sequential(OrderedDict(
        conv1=nn.Conv2d(channels, one, 3, padding=1), relu1=nn.ReLU(), pool1=nn.MaxPool2d(3, 2, 1),
        conv2=nn.Conv2d(one, two, 5, padding=2), relu2=nn.ReLU(), pool2=nn.MaxPool2d(3, 2, 1),
        conv3=nn.Conv2d(two, three, 3, padding=1), relu3=nn.ReLU(),
        conv4=nn.Conv2d(three, four, 3, padding=1), relu4=nn.ReLU(),
        conv5=nn.Conv2d(four, five, 3, padding=1), relu5=nn.ReLU(), pool5=nn.MaxPool2d(3, 2, 1),
        flatten=nn.Flatten(), dropout6=nn.Dropout(),
        fc6=nn.Linear(five * side * side, six), relu6=nn.ReLU(), dropout7=nn.Dropout(),
        fc7=nn.Linear(six, seven), relu7=nn.ReLU(),
        fc8=nn.Linear(seven, classes),
    ))  # fmt: skip


def alexnet_227(layers, classes, channels, _size):
    """The table of the paper, row by row: 227 -> 55 -> 27 -> 27 -> 13 -> 13 -> 13 -> 13 -> 6 -> 9216 numbers."""
    one, two, three, four, five, six, seven = layers
    return nn.Sequential(OrderedDict(
        conv1=nn.Conv2d(channels, one, 11, 4), relu1=nn.ReLU(), maxpool1=nn.MaxPool2d(3, 2),
        conv2=nn.Conv2d(one, two, 5, padding=2), relu2=nn.ReLU(), maxpool2=nn.MaxPool2d(3, 2),
        conv3=nn.Conv2d(two, three, 3, padding=1), relu3=nn.ReLU(),
        conv4=nn.Conv2d(three, four, 3, padding=1), relu4=nn.ReLU(),
        conv5=nn.Conv2d(four, five, 3, padding=1), relu5=nn.ReLU(), maxpool5=nn.MaxPool2d(3, 2),
        flatten=nn.Flatten(), dropout6=nn.Dropout(),
        fc6=nn.Linear(five * 6 * 6, six), relu6=nn.ReLU(), dropout7=nn.Dropout(),
        fc7=nn.Linear(six, seven), relu7=nn.ReLU(),
        fc8=nn.Linear(seven, classes),
    ))  # fmt: skip


def digits_cnn(layers, classes, channels, size):
    maps, hidden = layers
    side = size // 2
    return nn.Sequential(OrderedDict(
        conv=nn.Conv2d(channels, maps, 3, padding=1), relu1=nn.ReLU(), pool=nn.MaxPool2d(2), flatten=nn.Flatten(),
        dense=nn.Linear(maps * side * side, hidden), relu2=nn.ReLU(),
        head=nn.Linear(hidden, classes),
    ))  # fmt: skip


def notebook_cnn(layers, classes, channels, size):
    one, two, three, four, five, six, seven = layers
    side = (size // 2 - 6) // 2  # three convolutions without padding between the pools
    return nn.Sequential(OrderedDict(
        conv_1=nn.Conv2d(channels, one, 3, padding=1), relu_1=nn.ReLU(),
        conv_2=nn.Conv2d(one, two, 3, padding=1), relu_2=nn.ReLU(),
        maxpool_1=nn.MaxPool2d(2),
        conv_3=nn.Conv2d(two, three, 3), relu_3=nn.ReLU(),
        conv_4=nn.Conv2d(three, four, 3), relu_4=nn.ReLU(),
        conv_5=nn.Conv2d(four, five, 3), relu_5=nn.ReLU(),
        maxpool_2=nn.MaxPool2d(2),
        flatten_1=nn.Flatten(),
        dense_1=nn.Linear(five * side * side, six), relu_6=nn.ReLU(),
        dense_2=nn.Linear(six, seven), relu_7=nn.ReLU(),
        dense_3=nn.Linear(seven, classes),
    ))  # fmt: skip
