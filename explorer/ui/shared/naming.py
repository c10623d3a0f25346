"""What pages call a network: in words, with the short name beside, "ResNet with two cable blocks · cabeq-sd-2".

The short name stands alone where there is no room for words, in the legend of a chart, and in addresses.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from explorer.networks import zoo
from explorer.subjects import STACK, UNTRAINED
from explorer.training.store.runs import Run
from explorer.training.store.status import title
from explorer.ui.shared import caches

NONE: Mapping[str, Run] = MappingProxyType({})


def short_names(keys: Sequence[str], runs: Mapping[str, Run] = NONE) -> list[str]:
    """A cable network or its baseline is called as in the paper, with its width, and a run as on the Train page,
    unless two would be called the same; any other network has the name it was published by."""
    cards = caches.cards()

    def called(key: str) -> str:
        if key in runs:
            return title(runs[key])
        card = cards.get(key)
        return zoo.called(card.model, card.width) if card and zoo.is_cable(card.model) else key

    found = [called(key) for key in keys]
    return [one if found.count(one) == 1 else key for key, one in zip(keys, found, strict=True)]


def spoken(key: str, runs: Mapping[str, Run] = NONE, short: str | None = None) -> str:
    """In words; beside them the key, by which it is told from all other networks, or the `short` name."""
    if card := caches.cards().get(key):
        return zoo.titled(card.model, short or key)
    if key in runs:
        return short or f"{title(runs[key])} · {runs[key].id[-4:]}"
    if key.startswith(UNTRAINED):
        return zoo.titled(key.removeprefix(UNTRAINED), key)
    return "Your own stack" if key == STACK else key


def all_spoken(keys: Sequence[str]) -> dict[str, str]:
    """Trained networks, told apart by their short names."""
    return {key: spoken(key, short=short) for key, short in zip(keys, short_names(keys), strict=True)}
