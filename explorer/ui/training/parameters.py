"""Φ, Ψ or τ of one epoch as a coloured grid: output channels downwards, input channels across."""

import numpy as np

from explorer.render import Scale, colour, ink, number

MOST_SPELLED = 64  # cells with their number written in them


def table(symbol: str, over_epochs: np.ndarray, place: int) -> str:
    """HTML of the grid at `place` of (epochs, out, in); the colours mean the same in all epochs."""
    grid = over_epochs[place]
    finite = over_epochs[np.isfinite(over_epochs)]
    scale = Scale(float(finite.min()), float(finite.max())) if finite.size else Scale(0.0, 0.0)
    rows = ""
    for values, pixels in zip(grid, colour(grid, scale), strict=True):
        rows += "<tr>" + "".join(_cell(*cell, grid.size) for cell in zip(values, pixels, strict=True)) + "</tr>"
    return f"<div class='grid-of'><b>{symbol}</b> <small>{scale}</small><table>{rows}</table></div>"


def _cell(value: float, pixel: np.ndarray, cells: int) -> str:
    red, green, blue = (int(part) for part in pixel)
    text = number(value) if cells <= MOST_SPELLED else ""
    paint = f"background:rgb({red},{green},{blue});color:{ink(red, green, blue)}"
    return f"<td style='{paint}' title='{number(value)}'>{text}</td>"
