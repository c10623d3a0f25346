"""A current along one dendrite: its electrode is dragged, its time is played."""

from explorer.ui.components.dendrite.dendrite import dendrite

__all__ = ["dendrite"]
