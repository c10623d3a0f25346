from explorer.ui.player.player import player

__all__ = ["player"]
