"""Recipes: everything that decides how a training run goes."""
