"""Pictures where networks have them, side by side: who is nearest to whom, while one points at them."""

from explorer.ui.components.neighbours.neighbours import Placed, Tiles, neighbours

__all__ = ["Placed", "Tiles", "neighbours"]
