"""A network opened: its layers, their outputs, the sum behind every value, and where it looks.

    inside.layers(model, images)                         # [Layer("input", "input", (3, 32, 32), 0), ...
    inside.run(model, images, ["stem.conv", "head"])     # {"stem.conv": (N, 64, 32, 32), "head": (N, 10)}
    inside.filters(model, "stem.conv")                   # (64, 3, 3, 3)
    inside.explain(model, "stem.conv", 5, 10, 7, image)  # the terms whose sum is map 5 at row 10, column 7

The model is never changed and may be shared by any number of threads.
"""

from explorer.inside.explanation import explain
from explorer.inside.listing import filters, layers, run

__all__ = ["explain", "filters", "layers", "run"]
