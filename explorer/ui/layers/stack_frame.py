"""A stack's rows as a data frame, one column a setting, and back: what the editor shows and returns."""

from typing import Any

import pandas as pd

from explorer.errors import ExplorerError
from explorer.networks import activations
from explorer.networks.stack import KINDS

OUT = {"conv": "channels", "dense": "units"}
WINDOW = ("kernel", "stride", "padding", "dilation")
COLUMNS = ["layer", "out", *WINDOW, "bias", "function", "values"]


def to_frame(rows: list[dict]) -> pd.DataFrame:
    """Plain rows -> a table with blank cells where a kind of row has no such setting."""
    lines = []
    for one in rows:
        rest = {name: value for name, value in one.items() if name != "kind"}
        line: dict[str, Any] = {"layer": one["kind"]}
        if one["kind"] in OUT:
            line["out"] = rest.pop(OUT[one["kind"]])
        for name in (*WINDOW, "bias", "function"):
            if name in rest:
                line[name] = rest.pop(name)
        line["values"] = ", ".join(f"{name}={value:g}" for name, value in rest.items()) or None
        lines.append(line)
    frame = pd.DataFrame(lines, columns=COLUMNS)
    whole = {name: "Int64" for name in ("out", *WINDOW)}
    texts = {name: "object" for name in ("layer", "function", "values")}
    frame.index += 1  # rows are counted from 1, as in errors
    return frame.astype({**whole, **texts, "bias": "boolean"})


def from_frame(frame: pd.DataFrame) -> list[dict]:
    """The table -> plain rows: cells that a kind does not know are passed over, blank ones take their default."""
    rows = []
    for number, cells in enumerate(frame.to_dict("records"), start=1):
        line = {name: value for name, value in cells.items() if not pd.isna(value)}
        kind = line.get("layer")
        if kind is None:
            continue  # a line just added: nothing is chosen yet
        one = {"kind": kind}
        for name in KINDS.get(kind, {}):
            cell = "out" if name == OUT.get(kind) else name
            if cell in line:
                value = line[cell]
                one[name] = bool(value) if cell == "bias" else str(value) if cell == "function" else _plain(value)
        known = {"dropout": {"p"}, "activation": _parameters(one.get("function", "relu"))}.get(kind, set())
        pairs = _pairs(str(line.get("values", "")), number)
        one.update({name: value for name, value in pairs.items() if name in known})
        rows.append(one)
    return rows


def _parameters(function: str) -> set[str]:
    kind = activations.ACTIVATIONS.get(function)
    return {parameter.name for parameter in kind.parameters} if kind and function != "softmax" else set()


def _plain(value: Any) -> int | float:
    return int(value) if float(value).is_integer() else float(value)


def _pairs(text: str, number: int) -> dict[str, float]:
    """alpha=1, p=0.5 -> {"alpha": 1.0, "p": 0.5}."""
    pairs = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, value = part.partition("=")
        try:
            pairs[name.strip()] = float(value)
        except ValueError as error:
            raise ExplorerError(f"row {number}: the value {part!r:.40} cannot be read: write p=0.5") from error
    return pairs
