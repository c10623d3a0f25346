"""The small copies of missed test images: of every one of them, near to the image itself, and not large."""

import numpy as np
import pytest

from explorer.data import samples
from explorer.data.missed import FOLDER, copy, places
from explorer.data.samples import tiles
from explorer.data.samples.make import sheet
from explorer.networks import evaluation, weights

SETS = {"cifar10": 11, "stl10": 11, "kmnist": 5, "mnist": 1}  # how many shipped samples are on the sheet, at least


@pytest.mark.parametrize("name", SETS)
def test_every_image_that_a_shipped_network_gets_wrong_has_its_copy(name):
    """Where a new network fails, `python -m benchmarks.missed` has to be run again."""
    for key, card in weights.cards().items():
        if card.dataset == name:
            result = evaluation.read(weights.PRETRAINED / f"{key}.eval.npz")
            wrong = np.flatnonzero(result.predictions != result.labels)
            assert set(wrong.tolist()) <= places(name).keys()
            for index in wrong[:20].tolist():
                assert copy(name, index).label == result.labels[index]


@pytest.mark.parametrize("name", SETS)
def test_a_copy_looks_like_the_image_itself(name):
    """The shipped samples are lossless: each copy of one is nearer to it than to any other sample."""
    shipped = [sample for sample in samples(name) if sample.index in places(name)]
    own = np.stack([np.asarray(sample.image) for sample in shipped]).astype(float)
    assert len(shipped) >= SETS[name]
    for sample, pixels in zip(shipped, own, strict=True):
        found = copy(name, sample.index)
        away = np.abs(own - np.asarray(found.image)).mean((1, 2, 3))
        assert away.argmin() == shipped.index(sample) and np.abs(np.asarray(found.image) - pixels).mean() < 12
        assert (found.index, found.label, found.name) == (sample.index, sample.label, sample.name)
        assert "small copy" in found.source and str(sample.index) in found.source


def test_all_sheets_together_are_small():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.webp")) < 6e6


def test_a_dataset_without_a_sheet_has_no_copies():
    assert not places("fashion-mnist") and not places("nosuch")


def test_stl10_says_that_it_is_held_out():
    assert "held-out labelled training image" in copy("stl10", min(places("stl10"))).source


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (7, 3), (6, 3), (2, 5)])
def test_a_sheet_is_cut_up_again(count, columns, tmp_path):
    pictures = np.random.default_rng(0).integers(0, 256, (count, 4, 4, 3), dtype=np.uint8)
    path = tmp_path / "sheet.webp"
    sheet(pictures, columns).save(path, lossless=True)
    found = tiles(path, 4)
    np.testing.assert_array_equal(found[:count], pictures)
    assert not found[count:].any() and len(found) % columns == 0
