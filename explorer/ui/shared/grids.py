"""Small arrays as tables of coloured numbers, with the signs between them: window ⊙ kernel = products.

Drawn as HTML tables, so that the numbers can be read out, copied and enlarged; cells take the colours of `render`.
"""

from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st

from explorer.render import Scale, colour, ink, number, scale_of

LARGEST = 16  # cells a side; beyond that numbers cannot be read and a picture says more

STYLE = """<style>
.grids { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 0.75rem; overflow-x: auto; }
.grids.matrix { display: grid; grid-template-columns: repeat(var(--across), max-content); align-items: start; }
.grids figure { margin: 0; }
.grids figcaption { font-size: 0.8125rem; opacity: 0.75; margin-top: 0.25rem; max-width: 18rem; }
@media (max-width: 40rem) { .grids.matrix { display: flex; } .grids.matrix figcaption { max-width: 8.75rem; } }
.grids table { border-collapse: collapse; margin: 0 0 0.25rem 0; }
.grids td { border: 1px solid rgba(128, 136, 148, 0.35); text-align: center; padding: 0 0.2rem; white-space: nowrap;
            font-variant-numeric: tabular-nums; }
.grids td.mark { outline: 3px solid #D55E00; outline-offset: -3px; font-weight: 700; }
.grids .sign { font-size: 1.375rem; opacity: 0.85; }
</style>"""


def grid(
    values: np.ndarray,
    caption: str,
    *,
    scale: Scale | None = None,
    marks: np.ndarray | None = None,
    digits: int = 3,
    decimals: int | None = None,
) -> str:
    """A table of values (H, W), or several (N, H, W) under each other; `marks` outlines cells."""
    planes = values.reshape(-1, *values.shape[-2:]).astype(float)
    scale = scale or scale_of(planes)
    shown = planes[:, :LARGEST, :LARGEST]
    side = max(shown.shape[1:])
    size = 2.9 if side <= 4 else 2.5 if side <= 8 else 1.9
    type_size = 0.875 if side <= 8 else 0.6875
    outlined = np.zeros(planes.shape, bool) if marks is None else np.broadcast_to(marks, planes.shape)
    tables = "".join(
        _table(plane, colour(plane, scale), outlined[n], f"{size}rem", f"{type_size}rem", digits, decimals)
        for n, plane in enumerate(shown)
    )
    height, width = planes.shape[1:]
    cut = f" · first {LARGEST} of {height} × {width}" if max(height, width) > LARGEST else ""
    return f"<figure>{tables}<figcaption>{escape(caption)}{cut}</figcaption></figure>"


def _table(plane, colours, outlined, size, type_size, digits, decimals) -> str:
    height, width = plane.shape
    lines = []
    for i in range(height):
        cells = []
        for j in range(width):
            red, green, blue = (int(part) for part in colours[i, j])
            mark = "mark" if outlined[i, j] else ""
            text = tidy(plane[i, j], digits) if decimals is None else f"{plane[i, j]:.{decimals}f}"
            cells.append(
                f'<td class="{mark}" style="background:rgb({red},{green},{blue});color:{ink(red, green, blue)};'
                f'width:{size};min-width:{size};height:{size};font-size:{type_size}">{text}</td>'
            )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


def tidy(value: float, digits: int = 3) -> str:
    """Whole numbers without decimals: 2, not 2.00."""
    value = float(value)
    return str(int(value)).replace("-", "−") if value.is_integer() and abs(value) < 1e6 else number(value, digits)


def sign(text: str) -> str:
    """×, =, → between two grids."""
    return f'<span class="sign">{escape(text)}</span>'


def show(parts: Sequence[str]) -> None:
    """Draw grids and signs in one line, which breaks on a narrow screen."""
    st.html(f'{STYLE}<div class="grids">{"".join(parts)}</div>')


def matrix(rows: Sequence[Sequence[str]]) -> None:
    """Draw grids in rows and columns, which become one line that breaks on a narrow screen."""
    parts = "".join("".join(row) for row in rows)
    st.html(f'{STYLE}<div class="grids matrix" style="--across: {max(map(len, rows))}">{parts}</div>')
