"""Training: a recipe, the loop that follows it, the store of runs and the dispatcher that starts them."""
