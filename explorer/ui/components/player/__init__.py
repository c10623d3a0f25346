"""The live player: the scheme at 60 frames a second, simulated in the browser."""

from explorer.ui.components.player.player import coefficients, player

__all__ = ["coefficients", "player"]
