"""The active cable, a fibre or a membrane that fires, running in the browser."""

from explorer.ui.components.nerve.nerve import nerve

__all__ = ["nerve"]
