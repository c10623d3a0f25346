"""The network that a card, a recipe or a checkpoint describes: one of the zoo, or a stack of someone's own rows."""

from torch import nn

from explorer.networks import zoo
from explorer.networks.stack import parse


def network(
    model: str, rows, classes: int, shape: tuple[int, int, int], width: int, seed: int | None = None
) -> nn.Sequential:
    """With first weights; `rows` are a stack's, nothing for one of the zoo; `shape` is an image's (C, H, W)."""
    if rows:
        return parse(rows).for_training(shape, classes).build(shape, seed or 0)
    channels, size, _ = shape
    return zoo.build(model, classes=classes, channels=channels, size=size, width=width, seed=seed)
