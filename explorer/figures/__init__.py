"""Plotly figures, one module a page; `theme` is what they share."""
