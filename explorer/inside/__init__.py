"""A network opened: its layers, their outputs, the sum behind every value, and where it looks."""
