"""pick_cell: a table of counts in which one cell is chosen; the Python side of cells.js."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.render import Scale, colour
from explorer.ui.components.parts import component, pack, said

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
    """Show counts (n, n) under their names and return the chosen (row, column).

    The names of its row and its column are kept in st.session_state under the two keys `into`. A cell is coloured by
    its share of its row. `across` and `down` say what the columns and the rows are.
    """
    chosen = _number(names, st.session_state.get(into[0])), _number(names, st.session_state.get(into[1]))

    def keep() -> None:
        picked = said(key, "picked")
        if isinstance(picked, list) and len(picked) == 2 and all(number in range(len(names)) for number in picked):
            st.session_state.update({one: names[number] for one, number in zip(into, picked, strict=True)})

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


def _number(names: Sequence[str], name: object) -> int:
    return names.index(name) if name in names else 0
