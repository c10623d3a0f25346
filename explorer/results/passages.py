"""The five texts, passage by passage: what each says, where it is in the app, what holds it, and where we differ.

It is read from texts/NUMBER.toml beside this file, a table a passage, under the passage's name in the text:

    ["equations 3 to 6"]
    says = "Two linear layers are one."          {paper cifar10 resnet-20} and the like are filled in, see `figure`
    at = ["Layers?show=Two+in+a+row"]            the pages that show it, each in its state
    held = ["layers/test_convolution::test_two_linear_convolutions_are_one_and_a_relu_ends_that", "card mnist-cnn"]
    apart = "why the app says something else, or what of it is not there"
    command = "python -m benchmarks.reproduce"   what fills the line

A passage without a page is open: nothing in the app shows it yet.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from explorer import papers
from explorer.errors import ExplorerError
from explorer.networks import weights

FOLDER = Path(__file__).parent / "texts"
_FIELDS = {"says": str, "at": list, "held": list, "apart": str, "command": str}
_PLACE = re.compile(r"(equation|figure|table|algorithm|example|display)s? (\d+)(?: to (\d+))?")
_TEST = re.compile(r"(?:[a-z_]+/)*test_\w+::test_\w+")


@dataclass(frozen=True)
class Passage:
    text: str  # the number of its text
    place: str  # where it stands there
    says: str
    at: tuple[str, ...] = ()  # addresses of pages with their state
    held: tuple[str, ...] = ()  # room/test_file::test_name, or card NAME
    apart: str = ""
    command: str = ""

    @property
    def open(self) -> bool:
        return not self.at

    @property
    def tests(self) -> list[str]:
        return [one for one in self.held if not one.startswith("card ")]

    @property
    def cards(self) -> list[str]:
        return [one.removeprefix("card ") for one in self.held if one.startswith("card ")]

    @property
    def links(self) -> list[tuple[str, str]]:
        """(address, words for it): the page and its tab; further ones of the same words are numbered."""
        found: list[tuple[str, str]] = []
        for address in self.at:
            slug, params = page(address)
            words = slug.replace("_", " ") + (f": {params['tab']}" if "tab" in params else "")
            again = sum(other.partition(" (")[0] == words for _, other in found)
            found.append((address, f"{words} ({again + 1})" if again else words))
        return found

    @property
    def numbered(self) -> list[tuple[str, int]]:
        """("equation", 3), ("equation", 4) of the passage `equations 3 and 4` or `equations 3 to 4`."""
        found = _PLACE.match(self.place)
        if not found:
            return []
        kind, first, last = found.groups()
        return [(kind, number) for number in range(int(first), int(last or first) + 1)]


def page(address: str) -> tuple[str, dict[str, str | list[str]]]:
    """Layers?tab=Stack&stack=dense -> the page's name in the URL and its parameters; a list's come several times."""
    slug, _, query = address.partition("?")
    found = parse_qs(query, keep_blank_values=True, strict_parsing=bool(query))
    return slug, {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def figure(words: str) -> str:
    """What stands in braces: a figure that papers.py or a card holds, so that it stands in one place only."""
    kind, _, name = words.partition(" ")
    if kind == "said":
        return papers.SAID[name]
    if kind == "count":
        return f"{papers.COUNTS[name]:,}"
    if kind == "digits":
        return f"{papers.DIGITS[name][0]:g} %"
    dataset, _, model = name.partition(" ")
    if kind == "range":
        return f"{papers.RANGES[dataset, model]} %"
    if kind == "paper":
        found = papers.reported({"dataset": dataset, "model": model, "width": 64})
        if found:
            return f"{found[0]:g} %"
    if kind == "card" and (card := weights.cards().get(name)) and card.accuracy is not None:
        return f"{card.accuracy:.2f} %"
    raise KeyError(words)


@cache
def passages() -> tuple[Passage, ...]:
    """All of them, text by text in the order of their files; a file that says something else is refused."""
    return tuple(one for number in papers.TEXTS for one in read(number, (FOLDER / f"{number}.toml").read_bytes()))


def read(number: str, content: bytes) -> Iterable[Passage]:
    try:
        tables = tomllib.loads(content.decode())
    except ValueError as error:
        raise ExplorerError(f"the passages of {number} cannot be read: {error}") from error
    return [_passage(number, place, values) for place, values in tables.items()]


def _passage(number: str, place: str, values: dict) -> Passage:
    where = f"{number}, {place}"
    if not isinstance(values, dict) or any(type(value) is not _FIELDS.get(name) for name, value in values.items()):
        raise ExplorerError(f"{where}: give texts {', '.join(_FIELDS)}, with at and held as lists")
    lists = {name: tuple(values.get(name, ())) for name in ("at", "held")}
    if not all(isinstance(text, str) for one in lists.values() for text in one):
        raise ExplorerError(f"{where}: at and held are lists of texts")
    try:
        says, apart = (
            re.sub(r"\{([^}]+)\}", lambda braces: figure(braces[1]), values.get(name, "")) for name in ("says", "apart")
        )
    except KeyError as error:
        raise ExplorerError(f"{where}: no text and no card has the figure {error}") from error
    passage = Passage(number, place, says, **lists, apart=apart, command=values.get("command", ""))
    if not says:
        raise ExplorerError(f"{where}: it says nothing")
    if wrong := [one for one in passage.tests if not _TEST.fullmatch(one)]:
        raise ExplorerError(f"{where}: {wrong[0]!r} is no test: write room/test_file::test_name, or card NAME")
    if passage.at and not passage.held:
        raise ExplorerError(f"{where}: it is on a page and nothing holds it")
    if passage.open and not (passage.apart or passage.command):
        raise ExplorerError(f"{where}: it is on no page, and nothing says why")
    return passage


def counted(found: Iterable[Passage]) -> str:
    """What a fold says of itself: how many passages, and how many are not there."""
    found = list(found)
    missing, differing = sum(one.open for one in found), sum(bool(one.apart) and not one.open for one in found)
    rest = f", {differing} with a difference" * bool(differing) + f", {missing} open" * bool(missing)
    return f"{len(found)} passages, {len(found) - missing} in the app{rest}"
