"""Curves and recipes as tables: metrics as CSV, and in which fields several recipes differ."""

import csv
import io
from collections.abc import Sequence

from explorer.networks.epoch import CURVES

PLAIN = (*CURVES, "seconds")
SYMBOLS = ("phi", "psi", "tau")


def as_csv(lines: Sequence[dict]) -> str:
    """One row an epoch; Φ, Ψ and τ become a column a channel pair: cable.LAYER.phi.OUT.IN, counted from 1."""
    rows = []
    for line in lines:
        row = {name: line[name] for name in PLAIN if name in line}
        for layer, values in line.get("cable", {}).items():
            for name in SYMBOLS:
                for out, inputs in enumerate(values.get(name, ()), start=1):
                    row |= {f"cable.{layer}.{name}.{out}.{into}": value for into, value in enumerate(inputs, start=1)}
        rows.append(row)
    columns = list(dict.fromkeys(name for row in rows for name in row)) or ["epoch"]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def differing(recipes: Sequence[dict]) -> dict[str, list]:
    """The fields that are not the same in all recipes, with their values in the recipes' order."""
    names = list(dict.fromkeys(name for recipe in recipes for name in recipe))
    values = {name: [recipe.get(name) for recipe in recipes] for name in names}
    return {name: row for name, row in values.items() if any(value != row[0] for value in row)}
