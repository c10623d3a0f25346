"""The live player: the scheme at 60 frames a second, simulated in the browser."""

from explorer.ui.components.player.clock import Clock
from explorer.ui.components.player.player import coefficients, identity, player

__all__ = ["Clock", "coefficients", "identity", "player"]
