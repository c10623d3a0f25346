"""Pictures under someone's own names: names that folders can have, a zip there and back, and zips that lie."""

import io
import struct
import zipfile

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import load

from explorer import data
from explorer.classify import collection, teaching
from explorer.errors import ExplorerError


def picture(seed: int, side: int = 40) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8))


def archive(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def test_names_are_those_between_the_commas():
    assert collection.names(" mug ,, my  pen, Über-Ding (2) ") == ["mug", "my pen", "Über-Ding (2)"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "0 names"),
        ("mug", "1 names"),
        (",".join("abcdefghi"), "9 names"),
        ("mug, Mug", "twice"),
        ("../etc, mug", "folder"),
        (r"a\b, mug", "folder"),
        ("![x](http://y), mug", "folder"),
        ("a" * 31 + ", mug", "30 at most"),
        ("a\x00b, mug", "folder"),
    ],
)
def test_other_names_are_one_sentence(text, why):
    with pytest.raises(ExplorerError, match=why):
        collection.names(text)


def test_a_set_travels_and_is_the_folder_that_the_trainer_reads(tmp_path):
    kept = {name: [collection.kept(picture(10 * n + k)) for k in range(6)] for n, name in enumerate(["mug", "pen"])}
    taught = teaching.teach(np.eye(4), np.array([0, 0, 1, 1]), 2)
    away = collection.zipped(kept, taught, "some-network")
    back = collection.unzipped(away)
    assert list(back) == ["mug", "pen"]
    assert list(back.values()) == list(kept.values())
    with zipfile.ZipFile(io.BytesIO(away)) as file:
        file.extractall(tmp_path / "set")
        np.testing.assert_array_equal(load(file.read("layer.safetensors"))["weight"], taught.weight.astype("f4"))
    read = [data.dataset(f"folder:{tmp_path / 'set'}", split, tmp_path) for split in ("train", "test")]
    assert read[0].classes == ("mug", "pen") and [len(one) for one in read] == [10, 2]
    pixels = torch.from_numpy(np.asarray(picture(0)).transpose(2, 0, 1).copy())
    assert any(torch.equal(pixels, one) for part in read for one in part.images)


def test_large_pictures_are_kept_small_and_nothing_of_them_but_pixels():
    image = Image.new("RGB", (1000, 500), "red")
    image.info["comment"] = "where I live"
    with Image.open(io.BytesIO(collection.kept(image))) as small:
        assert small.size == (256, 128) and not small.info


PNG = collection.kept(picture(1))


HOSTILE = {
    "no zip": b"hello",
    "nothing": b"",
    "cut off": archive(a__1=PNG, b__1=PNG)[:-30],
    "empty": archive(),
    "no folders": archive(**{"1.png": PNG}),
    "one name": archive(**{"mug__1.png": PNG}),
    "no pictures": archive(**{"mug__1.png": b"x", "pen__1.png": b"y"}),
    "out of its place": archive(**{"..__1.png": PNG, ".__2.png": PNG}),
    "a name with a comma": archive(**{"a,b__1.png": PNG, "c__1.png": PNG}),
    "a name with markup": archive(**{"<b>x__1.png": PNG, "c__1.png": PNG}),
    "nine names": archive(**{f"{letter}__1.png": PNG for letter in "abcdefghi"}),
    "too many pictures": archive(**{f"a__{n}.png": PNG for n in range(41)}, b__1=PNG),
    "too many files": archive(**{f"{n}.txt": b"" for n in range(2001)}),
    "a bomb": archive(a__1=b"\x89PNG\r\n\x1a\n" + bytes(50 * 2**20), b__1=PNG),
    "encrypted": archive(a__1=PNG, b__1=PNG).replace(b"PK\1\2\x14\x03\x14\0\0\0", b"PK\1\2\x14\x03\x14\0\1\0"),
    "another compression": archive(a__1=PNG).replace(struct.pack("<HH", 0, 8), struct.pack("<HH", 0, 99)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_zip_that_lies_is_one_sentence(name):
    with pytest.raises(ExplorerError) as told:
        collection.unzipped(HOSTILE[name])
    assert ":" in str(told.value) and len(str(told.value)) < 300


def test_a_zip_that_is_too_large_is_not_opened(monkeypatch):
    monkeypatch.setattr(collection, "MOST_BYTES", 10)
    with pytest.raises(ExplorerError, match="MB"):
        collection.unzipped(archive(a__1=PNG, b__1=PNG))
