"""One row of a stack: its kind and its settings, checked before anything is computed with them.

Rows come from a table that a student edits, from a file or from a link, so nothing about them is trusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from explorer.errors import ExplorerError
from explorer.networks import activations


@dataclass(frozen=True)
class Setting:
    """One setting of a row: its start and its bounds; the type of the start is the type that it must have."""

    default: int | float | bool | str
    low: float = 0
    high: float = 0


_WINDOW = {"stride": Setting(1, 1, 64), "padding": Setting(0, 0, 64)}

KINDS: dict[str, dict[str, Setting]] = {
    "conv": {
        "channels": Setting(8, 1, 4096),
        "kernel": Setting(3, 1, 64),
        **_WINDOW,
        "dilation": Setting(1, 1, 64),
        "bias": Setting(True),
    },
    "activation": {"function": Setting("relu")},
    "maxpool": {"kernel": Setting(2, 1, 64), **_WINDOW, "stride": Setting(2, 1, 64)},
    "avgpool": {"kernel": Setting(2, 1, 64), **_WINDOW, "stride": Setting(2, 1, 64)},
    "batchnorm": {},
    "dropout": {"p": Setting(0.5, 0, 0.99)},
    "flatten": {},
    "dense": {"units": Setting(10, 1, 16384), "bias": Setting(True)},
}


@dataclass(frozen=True)
class Row:
    """A kind and all its settings; the settings of an activation are its function and that function's parameters."""

    kind: str
    settings: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.settings[name]

    @property
    def base(self) -> str:
        """What the layer is called before its number: conv, relu, maxpool."""
        return self["function"] if self.kind == "activation" else self.kind

    def plain(self) -> dict[str, Any]:
        """The row as it is written to JSON."""
        return {"kind": self.kind, **self.settings}


def row(given: Any, number: int = 1) -> Row:
    """A checked Row from a dictionary; `number` is the row that errors name."""
    if not isinstance(given, Mapping):
        raise ExplorerError(f"row {number} is {given!r:.40}: give an object such as {{'kind': 'conv', 'channels': 8}}")
    rest = dict(given)
    kind = rest.pop("kind", None)
    if not isinstance(kind, str) or kind not in KINDS:
        raise ExplorerError(f"row {number}: the kind {kind!r:.40} is unknown: choose one of {', '.join(KINDS)}")
    if kind == "activation":
        return Row(kind, MappingProxyType(_activation(rest, number)))
    settings = {
        name: _checked(rest.pop(name, rule.default), name, rule, kind, number) for name, rule in KINDS[kind].items()
    }
    if rest:
        raise ExplorerError(f"row {number} ({kind}): it has no setting {next(iter(rest))!r:.40}: leave it out")
    return Row(kind, MappingProxyType(settings))


def _checked(value: Any, name: str, rule: Setting, kind: str, number: int) -> Any:
    where = f"row {number} ({kind}): {name} is {value!r:.40}"
    if isinstance(rule.default, bool):
        if not isinstance(value, bool):
            raise ExplorerError(f"{where}: give true or false")
        return value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    whole = isinstance(rule.default, int)
    if not is_number or not rule.low <= value <= rule.high or (whole and value != int(value)):
        wanted = "a whole number" if whole else "a number"
        raise ExplorerError(f"{where}: give {wanted} from {rule.low:g} to {rule.high:g}")
    return int(value) if whole else float(value)


def _activation(rest: dict, number: int) -> dict[str, Any]:
    function = rest.pop("function", KINDS["activation"]["function"].default)
    try:
        activations.get(function)
        # Softmax's `classes` only draws its curve; in a network the channels decide.
        values = activations.settings(function, rest)
    except ExplorerError as error:
        raise ExplorerError(f"row {number} (activation): {error}") from error
    if function == "softmax":
        values = {}
    return {"function": function, **values}
