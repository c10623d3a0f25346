"""The same numbers as maps and as they lie in memory, channels first and channels last; one is chosen in all three."""

from explorer.ui.components.order.order import order

__all__ = ["order"]
