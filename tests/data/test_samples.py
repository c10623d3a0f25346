"""The shipped sheets: complete, labelled as the datasets are, made again from the same data, free of torch."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from explorer.data import Dataset, dataset
from explorer.data.catalogue import KNOWN
from explorer.data.samples import FOLDER, SAMPLE_SETS, make, samples
from explorer.errors import ExplorerError


@pytest.mark.parametrize("name", SAMPLE_SETS)
def test_a_sheet_has_every_class_alike(name):
    pictures, known = samples(name), KNOWN[name]
    each = 5 if name == "stl10" else 10
    assert [sample.label for sample in pictures] == [label for label in range(10) for _ in range(each)]
    assert len({sample.index for sample in pictures}) == 10 * each
    pixels = np.stack([np.asarray(sample.image) for sample in pictures])
    assert (pixels == pixels[..., :1]).all() == (known.channels == 1)
    assert (pixels.std((1, 2, 3)) > 5).all()  # no tile is empty
    for sample in pictures:
        assert sample.image.mode == "RGB" and sample.image.size == (known.size, known.size)
        assert sample.name == known.classes[sample.label] and str(sample.index) in sample.source


def test_tiles_do_not_overlap_or_shift():
    """A tile's own rows are more alike than rows across two tiles: a shift by a pixel would show."""
    sheet = np.asarray(Image.open(FOLDER / "cifar10.webp").convert("RGB")).astype(float)
    steps = np.abs(np.diff(sheet, axis=0)).mean((1, 2))
    seams = np.arange(31, 319, 32)
    assert steps[seams].min() > 2 * np.delete(steps, seams).mean()


def test_digits_are_the_dataset_s_own_pictures():
    test = dataset("optdigits", "test")
    for sample in samples("optdigits"):
        assert test.labels[sample.index] == sample.label
        np.testing.assert_array_equal(np.asarray(sample.image)[..., 0], test.images[sample.index, 0])


def test_stl10_says_that_it_is_held_out():
    assert "held-out labelled training image" in samples("stl10")[0].source


def test_all_sheets_together_are_small():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.webp")) < 4e6


def test_samples_are_copies():
    samples("mnist")[0].image.putpixel((0, 0), (1, 2, 3))
    assert samples("mnist")[0].image.getpixel((0, 0)) == (0, 0, 0)


def test_an_unknown_set_names_the_nearest():
    with pytest.raises(ExplorerError, match="did you mean cifar10"):
        samples("cifar-10")


def test_the_sheets_are_made_again_from_the_data(tmp_path, monkeypatch):
    monkeypatch.setattr(make, "SHEETS", {"optdigits": make.SHEETS["optdigits"]})
    make.make(tmp_path, tmp_path)
    assert (tmp_path / "optdigits.webp").read_bytes() == (FOLDER / "optdigits.webp").read_bytes()
    assert (
        json.loads((tmp_path / "sheets.json").read_text())["optdigits"]
        == json.loads((FOLDER / "sheets.json").read_text())["optdigits"]
    )


def test_pictures_need_no_torch():
    code = (
        "import sys; from explorer.data import samples, pattern, STATISTICS; from explorer.data.images import decode;"
        "samples('cifar10'); pattern('rings'); assert not {'torch', 'streamlit', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_dataset_is_as_long_as_its_labels():
    test = dataset("optdigits", "test")
    assert isinstance(test, Dataset) and len(test) == 1797 == len(test.images)
