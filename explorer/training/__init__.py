"""Training: a recipe, the work of a run, the store of runs, and who starts them; `python -m explorer.training`."""
