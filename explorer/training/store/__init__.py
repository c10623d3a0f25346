"""The store of runs: what there is, how it is doing, what came out of it."""
