"""What a symbol means, beside it: under a pointer that rests on it, under a finger, and at a control that the keyboard
has come to and whose name holds it."""

from collections.abc import Mapping
from pathlib import Path

from explorer.ui.components.parts import component, pack

_glossary = component("glossary", Path(__file__).parent)


def glossary(words: Mapping[str, str]) -> None:
    """`words` by symbol, a single character; a letter of ours counts where it stands alone."""
    _glossary(data=pack({"words": dict(words)}), key="glossary")
