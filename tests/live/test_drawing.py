"""Drawings: the browser centres as the server does, a digit as MNIST has it, and a network reads what is drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from explorer import subjects
from explorer.classify.predict import predict
from explorer.data import KNOWN, ink, samples
from explorer.errors import ExplorerError
from explorer.ui.components.pad import SIDE
from tests.live import digits

BOXES = sorted({(known.size, known.box) for known in KNOWN.values() if known.box})
WHITE = (255, 255, 255)
RIGHT = 95  # of a hundred


def drawn(engine, digit: int, seed: int) -> np.ndarray:
    """The pad after a digit of the stroke font."""
    lines, width = digits.strokes(digit, seed)
    return engine.draw([{"points": line, "radius": width / 2, "ink": WHITE} for line in lines], SIDE)


def centred(grey: np.ndarray, size: int, box: int) -> np.ndarray | None:
    try:
        return np.asarray(ink.centred(Image.fromarray(grey), size, box))
    except ExplorerError:
        return None


def same(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    """Both are no ink, or the same picture."""
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other)


shares = st.floats(0, 1)
lines = st.lists(
    st.tuples(st.lists(st.tuples(shares, shares), min_size=1, max_size=6), st.floats(0.001, 0.1), st.integers(0, 255)),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(lines, st.integers(1, 130), st.sampled_from(BOXES))
def test_the_browser_centres_as_the_server_does(engine, lines, side, place):
    strokes = [{"points": points, "radius": radius, "ink": [level] * 3} for points, radius, level in lines]
    grey = np.ascontiguousarray(engine.draw(strokes, side)[..., 0])
    here, there = centred(grey, *place), engine.centre(grey, *place)
    assert same(here, there)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 90), st.floats(0, 1), st.sampled_from(BOXES))
def test_also_pixels_that_no_brush_makes(engine, seed, side, share, place):
    generator = np.random.default_rng(seed)
    grey = np.where(generator.random((side, side)) < share**3, generator.integers(0, 256, (side, side)), 0)
    here, there = (how(grey.astype(np.uint8), *place) for how in (centred, engine.centre))
    assert same(here, there)


def test_mnists_own_digits_stay_where_they_are():
    """Their makers' rule is known from words alone: an image of theirs whose edges are sharp must come out as it is."""
    sharp = 0
    for sample in samples("mnist"):
        grey = np.asarray(sample.image.convert("L"))
        if all(np.array_equal((grey > 0).any(axis), (grey >= ink.INK).any(axis)) for axis in (0, 1)):
            sharp += 1
            np.testing.assert_array_equal(centred(grey, 28, 20), np.asarray(sample.image))
    assert sharp > 10


@pytest.mark.parametrize("name", [name for name, known in KNOWN.items() if known.box])
def test_the_box_is_that_of_the_datasets_images(name):
    long = []
    for sample in samples(name):
        rows, columns = np.nonzero(np.asarray(sample.image.convert("L")))
        long.append(max(np.ptp(rows), np.ptp(columns)) + 1)
    assert np.median(long) == KNOWN[name].box


def test_where_and_how_large_it_was_drawn_does_not_matter():
    small = np.zeros((80, 80), np.uint8)
    small[10:40, 20:26] = small[34:40, 20:34] = 255  # an L
    moved, large = np.roll(small, (30, 40), (0, 1)), np.kron(small, np.ones((3, 3), np.uint8))
    first = centred(small, 28, 20)
    assert first is not None
    np.testing.assert_array_equal(centred(moved, 28, 20), first)
    other = centred(large, 28, 20)
    assert other is not None and np.abs(other.astype(int) - first).mean() < 2
    grey = first[..., 0].astype(float)
    rows, columns = np.nonzero(grey)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    for axis in (0, 1):
        along = grey.sum(1 - axis)
        assert abs(along @ np.arange(28) / along.sum() - 14) <= 0.5


def test_what_stands_beside_a_faint_trace_is_alone():
    grey = np.zeros((50, 50), np.uint8)
    grey[10:30, 12:15] = 255
    clean = centred(grey, 28, 20)
    grey[45, 45] = ink.INK - 1
    np.testing.assert_array_equal(centred(grey, 28, 20), clean)


@pytest.mark.parametrize(("points", "says"), [([], "draw something first"), ([(0, 0), (399, 399)], "too little ink")])
def test_no_ink_is_one_sentence(engine, points, says):
    grey = np.zeros((400, 400), np.uint8)
    for point in points:
        grey[point] = ink.INK
    with pytest.raises(ExplorerError, match=says):
        ink.centred(Image.fromarray(grey), 28, 20)
    assert engine.centre(grey, 28, 20) is None


@pytest.mark.slow
def test_a_shipped_cnn_reads_digits_that_are_drawn(engine):
    cnn, right = subjects.pretrained("mnist-cnn"), 0
    for digit in range(10):
        for seed in digits.EXAM:
            picture = ink.centred(Image.fromarray(drawn(engine, digit, seed)), 28, 20)
            right += int(predict(cnn, picture).probabilities.argmax() == digit)
    assert right >= RIGHT
