"""The Diffusion page: its controls, what stands beside the player, and its tabs, one module each."""
