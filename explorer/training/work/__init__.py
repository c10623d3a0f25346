"""The work of one run: its loop, from a recipe and a folder to weights."""
