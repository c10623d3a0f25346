"""What the Feature maps page shows: the network as blocks, its maps, filters and numbers, and where it looks."""
