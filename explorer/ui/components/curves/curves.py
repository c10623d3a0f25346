"""curves: the Python side of curves.js."""

from dataclasses import asdict
from pathlib import Path

from explorer.figures.training import Curves
from explorer.ui.components.parts import component, pack

_curves = component("curves", Path(__file__).parent)


def curves(chart: Curves, *, of: str, label: str, key: str, height: int = 270) -> None:
    """Draw the chart; the zoom stays as long as `of`, whose curves they are, stays the same."""
    facts = asdict(chart) | {"key": of, "label": label, "height": height}
    _curves(data=pack(facts), key=key)
