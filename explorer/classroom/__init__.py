"""Lessons that ask before they tell: their format, the folder they lie in, their handouts."""
