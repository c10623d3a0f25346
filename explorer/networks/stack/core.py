"""The stack itself: checked rows in order; JSON and links both ways, never trusted."""

import base64
import json
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from torch import nn

from explorer.data.catalogue import KNOWN
from explorer.errors import ExplorerError
from explorer.networks.shapes import Shape, words
from explorer.networks.stack import network
from explorer.networks.stack.plan import Planned, plan
from explorer.networks.stack.rows import Row, row

MOST_ROWS = 40
MOST_BYTES = 64 * 1024  # forty rows need a tenth of it
LARGEST_SIDE = 1024


@dataclass(frozen=True)
class Stack:
    """Rows in order, a name, and the input (channels, height, width) that they were made for."""

    rows: tuple[Row, ...]
    name: str = "my stack"
    input: Shape = (3, 32, 32)

    def plan(self, shape: Shape | None = None) -> list[Planned]:
        """Every row with its shapes and costs for this input; an impossible row is an error that names it."""
        return plan(self.rows, _shape(self.input if shape is None else shape))

    def build(self, shape: Shape | None = None, seed: int = 0) -> nn.Sequential:
        """A network with fresh weights, in evaluation mode."""
        return network.build(self.plan(shape), seed)

    def code(self, shape: Shape | None = None, seed: int = 0) -> str:
        """PyTorch code that builds the same network with the same weights."""
        title = "".join(letter for letter in self.name if letter.isalnum() or letter in " ,.:()-_×") or "stack"
        return network.code(self.plan(shape), self.input if shape is None else shape, seed, title)

    def json(self) -> str:
        """The stack as text that `parse` reads back."""
        plain = {"name": self.name, "input": list(self.input), "rows": [one.plain() for one in self.rows]}
        return json.dumps(plain, ensure_ascii=False)

    def link(self) -> str:
        """The stack as letters that fit into a URL; `from_link` reads them back."""
        return base64.urlsafe_b64encode(zlib.compress(self.json().encode(), 9)).decode().rstrip("=")

    def logits(self) -> "Stack":
        """The stack without a softmax at its end: the cross-entropy that it is trained with has one inside."""
        last = self.rows[-1] if self.rows else None
        return replace(self, rows=self.rows[:-1]) if last and last.base == "softmax" else self

    def for_training(self, shape: Shape, classes: int) -> "Stack":
        """The stack as it is trained: fit for this input, ending in one logit a class; else an error says why not."""
        ready = self.logits()
        planned = ready.plan(shape)
        if not planned or planned[-1].shape != (classes,):
            what = f"{words(planned[-1].shape)} values" if planned else "nothing"
            raise ExplorerError(f"the stack ends in {what}: end it with flatten and a dense row of {classes} units")
        if not any(layer.parameters for layer in planned):
            raise ExplorerError("the stack has no parameters to learn: add a conv or a dense row")
        return ready

    def datasets(self) -> list[str]:
        """The known datasets of images as it was made for, in as many classes as it ends in."""
        fitting = []
        for name, known in KNOWN.items():
            if self.input == (known.channels, known.size, known.size):
                with suppress(ExplorerError):
                    self.for_training(self.input, len(known.classes))
                    fitting.append(name)
        return fitting


def parse(given: str | bytes | dict | Iterable[dict] | None) -> Stack:
    """A stack from JSON text, or from what JSON text becomes: {"name", "input", "rows"} or the rows alone."""
    if isinstance(given, str | bytes):
        given = _loaded(given)
    facts: dict = given if isinstance(given, dict) else {"rows": given}
    rows = facts.get("rows")
    if not isinstance(rows, list | tuple):
        raise ExplorerError("the stack has no list of rows: give {'rows': [{'kind': 'conv', 'channels': 8}]}")
    if len(rows) > MOST_ROWS:
        raise ExplorerError(f"the stack has {len(rows)} rows: use at most {MOST_ROWS}")
    name = facts.get("name", "my stack")
    if not isinstance(name, str) or not 0 < len(name) <= 80 or not name.isprintable():
        raise ExplorerError(f"the name {name!r:.40} of the stack cannot be used: give 1 to 80 printable characters")
    shape = _shape(facts.get("input", (3, 32, 32)))
    return Stack(tuple(row(one, number) for number, one in enumerate(rows, start=1)), name, shape)


def from_link(letters: str) -> Stack:
    """A stack from the letters that `Stack.link` made."""
    try:
        packed = base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))
        unpack = zlib.decompressobj()
        text = unpack.decompress(packed, MOST_BYTES)  # never more than this, however small the letters are
        complete = unpack.eof
    except (ValueError, zlib.error) as error:
        raise ExplorerError("the link's stack cannot be read: copy the whole link again") from error
    if not complete:
        raise ExplorerError("the link's stack is cut off or too long: copy the whole link again")
    return parse(text)


def _loaded(text: str | bytes) -> Any:
    if len(text) > MOST_BYTES:
        raise ExplorerError(f"the stack's JSON has {len(text):,} characters: use at most {MOST_BYTES:,}")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ExplorerError("the stack's JSON is nested too deeply: give a plain list of rows") from error
    except ValueError as error:  # also undecodable bytes and numbers with thousands of digits
        raise ExplorerError(f"the stack is not JSON ({error!s:.80}): export one and change that") from error


def _shape(given: Any) -> Shape:
    sizes = list(given) if isinstance(given, list | tuple) else []
    whole = all(isinstance(size, int) and not isinstance(size, bool) and 1 <= size <= LARGEST_SIDE for size in sizes)
    if len(sizes) != 3 or not whole:
        raise ExplorerError(
            f"the input {given!r:.60} is not a shape: give channels, height and width, each from 1 to {LARGEST_SIDE}"
        )
    return tuple(sizes)
