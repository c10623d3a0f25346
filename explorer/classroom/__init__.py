"""Lessons: pages in a certain state, each with what to look for."""
