"""JSON from strangers: sound values with something wrong in them, as text and as bytes, the same each time."""

import copy
import json
import math
import random
from collections.abc import Iterator
from typing import Any

NASTY: list[Any] = [
    None, True, False, 0, -1, 1, 0.5, -0.0, 1e-320, 1e308, -1e308, math.nan, math.inf, -math.inf, 2**31, 2**63, 10**400,
    -(10**400), "", " ", "0", "nan", "../../etc/passwd", "/etc/passwd", "..", "\0", "a\0b", "\u202e\u2066", "\ud800",
    "<script>alert(1)</script>", "${jndi:ldap://x}", "'; DROP TABLE runs;--", "%s%n", "x" * 100_000, "\n" * 99, [], {},
    [[]], [None] * 1000, {"a": {"b": {}}}, ["__import__('os').system('true')"], {"__class__": "x"}, [1e309], "1e309",
]  # fmt: skip
TEXTS = [
    "", " ", "null", "true", "0", "NaN", "Infinity", "1e309", '"text"', "[]", "{}", "[[[[]]]]", "[" * 100_000,
    '{"a":' * 50_000, "[1" + "," * 1000 + "]", "9" * 10_000, "{" + '"x":1,' * 20_000 + '"x":1}', "\ufeff{}", "\0",
    "{'single': 1}", "// comment\n{}", "\ud800", "__import__('os')", "%YAML 1.2\n---\n!!python/object:os.system",
]  # fmt: skip


def places(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """The path of every value inside, the outermost first."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


def put(value: Any, path: tuple, new: Any) -> Any:
    """A copy of `value` with `new` at `path`."""
    if not path:
        return new
    value = copy.deepcopy(value)
    inside = value
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = new
    return value


def values(sound: Any, seed: int = 0) -> Iterator[tuple[str, Any]]:
    """Every place of a sound value taken by every nasty one, then keys removed, added and doubled, without end."""
    for path in places(sound):
        for nasty in NASTY:
            yield f"{'.'.join(map(str, path)) or 'all'} is {nasty!r:.40}", put(sound, path, nasty)
    chance = random.Random(seed)
    while True:
        worse = copy.deepcopy(sound)
        for _ in range(chance.randrange(1, 5)):
            path = chance.choice(list(places(worse)))
            if path and chance.random() < 0.7:
                worse = put(worse, path, chance.choice(NASTY))
            elif isinstance(worse, dict):
                worse[chance.choice([*worse, "extra", "__proto__", ""])] = chance.choice(NASTY)
        yield "several wrong values", worse


def texts(sound: Any, seed: int = 0) -> Iterator[tuple[str, str | bytes]]:
    """Broken JSON, then JSON with wrong values, cut, flipped and misencoded, without end."""
    for text in TEXTS:
        yield f"text {text[:30]!r}", text
    chance = random.Random(seed)
    for what, value in values(sound, seed):
        text = json.dumps(value)
        yield what, text
        if chance.random() < 0.3:
            yield f"cut: {what}", text[: chance.randrange(len(text))]
        if chance.random() < 0.3:
            data = bytearray(text.encode())
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            yield f"flipped: {what}", bytes(data)


def mutations(data: bytes, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """A sound file cut, flipped, filled and lengthened, without end."""
    chance = random.Random(seed)
    while True:
        at, changed = chance.randrange(len(data)), bytearray(data)
        for _ in range(chance.choice((1, 2, 8, 64))):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        early = bytearray(data)
        early[chance.randrange(min(200, len(data)))] = chance.randrange(256)
        yield f"cut at {at}", data[:at]
        yield "flipped", bytes(changed)
        yield "changed in its first bytes", bytes(early)
        yield f"noise at {at}", data[:at] + chance.randbytes(chance.randrange(1, 500)) + data[at:]
        yield f"zeros from {at}", data[:at] + bytes(len(data) - at)
        yield "only noise", chance.randbytes(chance.randrange(2000))
