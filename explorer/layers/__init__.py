"""What the Layers page computes: one layer forwards and backwards, by hand and by torch."""
