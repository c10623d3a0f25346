"""pick_cell: a table of counts in which one cell is chosen; the Python side of cells.js."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from explorer.render import Scale, colour
from explorer.ui.canvas.parts import component, pack, place

_cells = component("cells", Path(__file__).parent)


def pick_cell(
    counts: np.ndarray,
    names: Sequence[str],
    *,
    into: tuple[str, str],
    label: str,
    across: str,
    down: str,
    key: str,
) -> tuple[int, int]:
    """Show counts (n, n) under their names and return the chosen (row, column), kept in the two names `into`.

    A cell is coloured by its share of its row. `across` and `down` say what the columns and the rows are.
    """
    size = len(names)
    chosen, keep = place(into, (size, size), key)
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    facts = {
        "label": label,
        "names": [str(name) for name in names],
        "counts": counts.astype(int).tolist(),
        "across": across,
        "down": down,
        "selected": list(chosen),
    }

    _cells(data=pack(facts, colours=colour(shares, Scale(0, 1))), key=key, on_picked_change=keep)
    return chosen
