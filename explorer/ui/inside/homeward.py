"""The Way home tab: one value taken apart, each of its terms opened in turn, from the answer to the pixels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.inside import maps
from explorer.inside.explanation import Explanation
from explorer.inside.homeward import Homeward, Opened, Spot, read_way, walk, write_way
from explorer.render import Scale, colour, number, scale_of
from explorer.ui.components.homeward import TILES, Box, Shown, TermLine, Told, homeward
from explorer.ui.inside.explained import COLOURS
from explorer.ui.inside.view import Look, View
from explorer.ui.shared import caches, state
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import sentence
from explorer.ui.shared.memory import Bounded, weight

TITLE = "Way home"
HOME = "home"  # in the URL: where it begins, and the terms that it takes
DEAREST = 8  # terms that are written out
PARTS = ("path", "skip")  # of a residual sum
FINEST = 9  # pixels of a window's picture

HOMES = Bounded(2**28)


def _way(at: Look) -> Homeward:
    def make() -> Homeward:
        with caches.gate():
            return Homeward(at.subject.model, at.batch)

    return HOMES.get(at.key, make, lambda way: weight(*(one.heard.output for one in way.wired.values())))


@st.fragment
def draw(page: Frame, view: View) -> None:
    """A fragment: a step runs nothing else of the page, whose address is remembered all the same."""
    with page.guard():
        way = _way(view.at)
        found, taken = _read(way)
        _show(view.at, way, found, taken, Spot(view.layer.name, view.index, view.y, view.x))
    state.remember_visit("Feature_maps")


def _read(way: Homeward) -> tuple[list[Opened], list[int]]:
    if (text := st.query_params.get(HOME)) is not None:
        try:
            return read_way(way, text)
        except ExplorerError as problem:
            st.caption(sentence(problem))
            del st.query_params[HOME]
    return walk(way, way.answer(), ()), []


def _write(way: Homeward, start: Spot, taken: Sequence[int]) -> None:
    if start == way.answer() and not taken:
        st.query_params.pop(HOME, None)
    else:
        st.query_params[HOME] = write_way(start, taken)


def begin(view: View) -> None:
    """Called by a button of another tab: this one opens, and begins at the chosen value."""
    st.session_state["tab"] = TITLE
    st.query_params[HOME] = write_way(Spot(view.layer.name, view.index, view.y, view.x), ())


def _show(at: Look, way: Homeward, found: list[Opened], taken: list[int], chosen: Spot) -> None:
    opened, start, answer = found[-1], found[0].spot, way.answer()
    other = chosen if start == answer else answer

    def go(kept: int, index: int | None) -> None:
        if kept == 0:
            _write(way, other, ())
        elif kept <= len(found):
            further = [index] if index is not None and index in found[kept - 1].order else []
            _write(way, start, [*taken[: kept - 1], *further])

    read, where = _windows(way, opened), _stands(way, opened.spot)
    own, cell = _own(way, where)
    scale, shape = scale_of(way.output(where.layer).numpy()), own.shape
    top, left, height, width = way.field(opened.spot)
    sides = at.picture.shape[:2]
    page = Shown(
        trail=[Told(_short(at, _place(way, one.spot)), number(one.value)) for one in found],
        title=f"{_named(at, _place(way, opened.spot))}: {number(opened.value)}",
        where=f"{_whole(way, where)} of {where.layer}, {scale}",
        cell=_box(*cell, 1, 1, shape),
        seen=_seen(height, width, sides),
        field=_box(top, left, height, width, sides),
        terms=_terms(at, way, opened, read),
        sums=_sums(at, opened),
        passed=[Told(_function(told), number(told.value)) for told in reversed(opened.passed) if _changes(told)],
        reads=read.words,
        names=read.names,
        window=_box(*read.box, read.shape),
        openings=read.openings,
        other="From the answer" if start != answer else "From the chosen value",
        about=_named(at, other),
    )
    homeward(
        page,
        image=at.picture,
        own=colour(maps.thinned(own)[0], scale),
        tiles=colour(maps.thinned(read.maps)[0], read.scale),
        windows=np.stack(
            [read.around(index)[0] for index in opened.dearest(DEAREST)] or [np.zeros((1, 1, 3), np.uint8)]
        ),
        key="homeward",
        label=f"The way of one value home: {page.title}",
        go=go,
    )


@dataclass(frozen=True, eq=False)
class Windows:
    """The maps that a value reads, the dearest first, and its window on them."""

    maps: np.ndarray  # (N, h, w)
    names: list[str]
    words: str
    scale: Scale
    box: tuple[int, int, int, int]  # of the window: top, left, height and width
    outputs: list[np.ndarray]  # all maps of each layer that is read
    source: np.ndarray  # of every term: from which of those
    spots: np.ndarray  # of every term: map, row and column as they stand in a map
    openings: list[int]  # the dearest term of each map

    @property
    def shape(self) -> tuple[int, int]:
        return self.maps.shape[1], self.maps.shape[2]

    def around(self, index: int) -> tuple[np.ndarray, Box]:
        """The term's window, of a large one the part around the term's value, and where that stands in it."""
        channel, y, x = self.spots[index].tolist()
        sides = [min(side, FINEST) for side in self.box[2:]]
        ends = (begin + side for begin, side in zip(self.box[:2], self.box[2:], strict=True))
        top, left = (
            min(max(at - side // 2, begin), end - side)
            for at, side, begin, end in zip((y, x), sides, self.box[:2], ends, strict=True)
        )
        seen = self.outputs[self.source[index]][channel, top : top + sides[0], left : left + sides[1]]
        return colour(seen, self.scale), _box(y - top, x - left, 1, 1, sides)


def _windows(way: Homeward, opened: Opened) -> Windows:
    reads = opened.reads
    if not len(opened.order):
        nothing = np.zeros((0, 1, 1), np.float32)
        return Windows(nothing, [], "", scale_of(nothing), (0, 0, 1, 1), [], reads.source, reads.spots, [])
    stands = [way.standing(name, reads.spots) for name in opened.sources]
    spots = np.stack([spots for _, spots in stands])[reads.source, np.arange(len(reads.spots))]
    outputs = [maps.as_maps(way.output(name).numpy()) for name, _ in stands]
    kinds, kind = np.unique(np.stack([reads.source, spots[:, 0]], 1), axis=0, return_inverse=True)
    sizes = np.where(reads.inside, np.nan_to_num(np.abs(reads.products)), 0)
    shown = np.argsort(-np.bincount(kind, sizes, len(kinds)), kind="stable")[:TILES]
    rows, columns = spots[reads.inside, 1], spots[reads.inside, 2]
    top, left = int(rows.min()), int(columns.min())
    names = dict.fromkeys(name for name, _ in stands)
    noun = "map" if max(outputs[0].shape[1:]) > 1 else "unit"
    scale = scale_of(np.concatenate([one.ravel() for one in outputs]))
    count = f"{len(kinds)} {noun}{'s' * (len(kinds) > 1)}"
    if len(shown) < len(kinds):
        count += f", the dearest {len(shown)} are shown,"
    first = [int(next(index for index in opened.order if kind[index] == one)) for one in shown]
    return Windows(
        maps=np.stack([outputs[source][channel] for source, channel in kinds[shown]]),
        names=[_channel(way, opened, stands[source][0], source, channel) for source, channel in kinds[shown]],
        words=f"It reads {count} of {' and '.join(names)}, {scale}",
        scale=scale,
        box=(top, left, int(rows.max()) - top + 1, int(columns.max()) - left + 1),
        outputs=outputs,
        source=reads.source,
        spots=spots,
        openings=first,
    )


def _channel(way: Homeward, opened: Opened, layer: str, source: int, channel: int) -> str:
    if len(opened.sources) > 1:
        return PARTS[source]
    return COLOURS[channel] if layer == "input" and len(way.output(layer)) == 3 else str(channel)


def _terms(at: Look, way: Homeward, opened: Opened, read: Windows) -> list[TermLine]:
    reads, rows = opened.reads, []
    dearest = opened.dearest(DEAREST)
    most = max([abs(float(reads.products[index])) for index in dearest if np.isfinite(reads.products[index])] or [0.0])
    for index in dearest:
        value, factor, product = (float(one[index]) for one in (reads.values, reads.weights, reads.products))
        rows.append(
            TermLine(
                index=index,
                words=_term(at, way, opened, index),
                made=number(value) if factor == 1 else f"{number(value)} × {number(factor)}",
                product=number(product),
                share=product / most if most and np.isfinite(product) else 0.0,
                cell=read.around(index)[1],
            )
        )
    return rows


def _term(at: Look, way: Homeward, opened: Opened, index: int) -> str:
    """Where a term's value stands in the layer that is named above it; of two layers, which of them."""
    spot = _place(way, opened.source(index))
    if len(opened.sources) > 1:
        return f"{PARTS[opened.reads.source[index]]} · {spot.layer}"
    return _named(at, spot).replace(f" of {spot.layer}", "")


def _sums(at: Look, opened: Opened) -> list[Told]:
    """What follows the terms: the others in one line, the bias, and the sum."""
    if not opened.sources:
        return _pixel(at, opened)
    rest = opened.order[DEAREST:]
    lines = []
    if len(rest):
        lines.append(Told(f"{len(rest):,} others together", number(float(opened.reads.products[rest].sum()))))
    lines += [Told(term.name, number(term.value)) for term in opened.extras]
    kind = {"max pool": "the largest", "average pool": "the mean"}.get(opened.told.kind, "sum")
    return [*lines, Told(f"{kind} · {opened.told.layer}", number(opened.told.value))]


def _pixel(at: Look, opened: Opened) -> list[Told]:
    if opened.told.layer != "input":
        return [Told("a new channel, filled with zeros", number(opened.value))]
    told, subject = opened.told, at.subject
    mean, deviation = subject.mean[told.channel], subject.std[told.channel]
    level = told.value * deviation + mean
    return [
        Told("the pixel, from 0 to 255", f"{255 * level:.0f}"),
        Told("from 0 to 1", number(level)),
        Told("minus the mean of the training images", number(mean)),
        Told("divided by their standard deviation", number(deviation)),
        Told("what the network gets", number(told.value)),
    ]


def _function(told: Explanation) -> str:
    """What a layer of one value does, in words."""
    facts = {term.name: term.value for term in told.facts}
    if told.kind == "batch norm":
        shift = facts["β"] - facts["mean"] * facts["scale"]
        sign = "−" if shift < 0 else "+"
        return f"batch norm · × {number(facts['scale'])} {sign} {number(abs(shift))}"
    if told.kind == "log softmax":
        return f"log softmax · minus {number(-told.terms[1].value)}, the log of all exponentials' sum"
    if told.kind == "softmax":
        return "softmax · its share of all exponentials"
    return told.kind.removeprefix("activation ")


def _changes(told: Explanation) -> bool:
    return told.kind not in ("flatten", "dropout", "input", "shortcut")


def _whole(way: Homeward, spot: Spot) -> str:
    output = way.output(spot.layer)
    return f"Map {spot.channel}" if output[0].numel() > 1 else f"All {len(output)} units"


def _own(way: Homeward, spot: Spot) -> tuple[np.ndarray, tuple[int, int]]:
    """The map that the value stands in, or all units, in rows, and the value's row and column there."""
    output = way.output(spot.layer).numpy()
    if output.ndim == 3 and max(output.shape[1:]) > 1:
        return output[spot.channel], (spot.y, spot.x)
    count = len(output)
    across = next(side for side in range(math.isqrt(count - 1) + 1, count + 1) if count % side == 0)
    return output.reshape(-1, across), divmod(spot.channel, across)


def _stands(way: Homeward, spot: Spot) -> Spot:
    layer, spots = way.standing(spot.layer, np.array([(spot.channel, spot.y, spot.x)]))
    return Spot(layer, *spots[0].tolist())


def _place(way: Homeward, spot: Spot) -> Spot:
    """Where a reader would look for the value: of a map that was only flattened, in the map."""
    stands = _stands(way, spot)
    return stands if way.output(stands.layer)[0].numel() > 1 else spot


def _named(at: Look, spot: Spot) -> str:
    """Where a value stands, in words."""
    layer = at.layer(spot.layer)
    if layer.has_maps:
        colours = spot.layer == "input" and at.subject.channels == 3
        which = COLOURS[spot.channel] if colours else f"map {spot.channel} of {spot.layer}"
        return f"{which}, row {spot.y}, column {spot.x}"
    return f"{_unit(at, spot)} of {spot.layer}"


def _short(at: Look, spot: Spot) -> str:
    layer = at.layer(spot.layer)
    return f"{spot.layer} {spot.channel}" if layer.has_maps else f"{spot.layer} {_unit(at, spot)}"


def _unit(at: Look, spot: Spot) -> str:
    last = at.layers[-1].shape == at.layer(spot.layer).shape == (len(at.subject.classes),)
    return at.subject.classes[spot.channel] if last else f"unit {spot.channel}"


def _seen(height: int, width: int, sides: tuple[int, ...]) -> str:
    if (height, width) == tuple(sides):
        return "It sees the whole image"
    if height * width == 1:
        return "It is this one pixel"
    return f"It sees {height} × {width} pixels"


def _box(top: float, left: float, height: float, width: float, sides: Sequence[int]) -> Box:
    return top / sides[0], left / sides[1], height / sides[0], width / sides[1]
