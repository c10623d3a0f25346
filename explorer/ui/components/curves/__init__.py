"""Curves in the browser that keep their zoom while a run adds to them (curves.js).

st.plotly_chart builds a new chart for every new figure, and with it the zoom, the tooltip and the focus are lost.
"""

from explorer.ui.components.curves.curves import curves

__all__ = ["curves"]
