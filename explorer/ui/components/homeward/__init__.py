"""One value taken apart: where it stands, the windows that it reads, and its sum, each term of which can be opened."""

from explorer.ui.components.homeward.homeward import TILES, Box, Shown, TermLine, Told, homeward

__all__ = ["TILES", "Box", "Shown", "TermLine", "Told", "homeward"]
