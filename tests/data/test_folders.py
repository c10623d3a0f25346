"""Folders of class folders: the split, the sizes, what is skipped, what is not permitted, and what is decoded again."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.data import dataset, decoding, images
from explorer.data.decoding import statistics
from explorer.errors import ExplorerError


def fill(folder, classes=("cat", "dog"), each=10, size=(12, 12), mode="RGB", seed=0):
    chance = np.random.default_rng(seed)
    for name in classes:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(each):
            pixels = chance.integers(0, 256, (size[1], size[0], 3), np.uint8)
            Image.fromarray(pixels).convert(mode).save(folder / name / f"{name}{number}.png")
    return folder


def load(folder, split="train", root=None):
    return dataset(f"folder:{folder}", split, root or folder.parent / "data")


def rows(data):
    return {(int(label), image.numpy().tobytes()) for image, label in zip(data.images, data.labels, strict=True)}


def test_a_folder_with_a_split_is_taken_as_it_is(tmp_path):
    fill(tmp_path / "set" / "train", each=3)
    fill(tmp_path / "set" / "test", each=2, seed=9)
    train, test = load(tmp_path / "set"), load(tmp_path / "set", "test")
    assert (len(train), len(test), train.classes) == (6, 4, ("cat", "dog"))
    for data in (train, test):
        for number, path in enumerate(sorted((tmp_path / "set" / data.split).glob("*/*.png"))):
            np.testing.assert_array_equal(data.images[number].permute(1, 2, 0), np.asarray(Image.open(path)))
            assert data.classes[data.labels[number]] == path.parent.name
    assert (test.mean, test.std) == (train.mean, train.std)


@pytest.mark.parametrize("name", ["val", "valid"])
def test_validation_serves_as_test(tmp_path, name):
    fill(tmp_path / "set" / "train", each=3)
    fill(tmp_path / "set" / name, each=2)
    assert len(load(tmp_path / "set", "test")) == 4


def test_a_class_that_only_one_side_has_keeps_its_number(tmp_path):
    fill(tmp_path / "set" / "train", ("ant", "bee", "cat"), each=1)
    fill(tmp_path / "set" / "test", ("cat",), each=1)
    assert load(tmp_path / "set", "test").labels.tolist() == [2]


def test_without_a_split_a_fifth_of_every_class_is_held_out_for_ever(tmp_path):
    fill(tmp_path / "set", each=10)
    train, test = load(tmp_path / "set"), load(tmp_path / "set", "test")
    assert train.labels.bincount().tolist() == [8, 8] and test.labels.bincount().tolist() == [2, 2]
    assert not rows(train) & rows(test) and len(rows(train) | rows(test)) == 20
    moved = tmp_path / "elsewhere" / "set"
    moved.parent.mkdir()
    (tmp_path / "set").rename(moved)
    assert rows(load(moved)) == rows(train)


def test_a_single_picture_of_a_class_is_for_training(tmp_path):
    fill(tmp_path / "set", ("one", "two"), each=1)
    assert len(load(tmp_path / "set")) == 2
    with pytest.raises(ExplorerError, match="no readable test picture"):
        load(tmp_path / "set", "test")


def test_only_a_training_folder_is_shared_out(tmp_path):
    fill(tmp_path / "set" / "train", each=5)
    assert len(load(tmp_path / "set")) == 8 and len(load(tmp_path / "set", "test")) == 2


def test_mixed_sizes_become_the_middle_one(tmp_path):
    for number, size in enumerate([(20, 30), (40, 25), (25, 200), (25, 25), (90, 26)]):
        fill(tmp_path / "set" / "train", (f"class{number}",), each=1, size=size, seed=number)
    fill(tmp_path / "set" / "test", ("class0", "class1"), each=1, size=(7, 7))
    train, test = load(tmp_path / "set"), load(tmp_path / "set", "test")
    assert train.images.shape == (5, 3, 25, 25) and test.images.shape == (2, 3, 25, 25)
    with Image.open(tmp_path / "set" / "train" / "class1" / "class10.png") as picture:
        np.testing.assert_array_equal(train.images[1].permute(1, 2, 0), np.asarray(images.fit(picture, 25)))


def test_large_pictures_are_brought_down(tmp_path):
    fill(tmp_path / "set", each=2, size=(300, 200))
    assert load(tmp_path / "set").images.shape[2:] == (96, 96)


def test_grey_when_all_are_grey(tmp_path):
    fill(tmp_path / "grey", each=5, mode="L")
    assert load(tmp_path / "grey").images.shape == (8, 1, 12, 12)
    fill(tmp_path / "mixed", each=5, mode="L")
    fill(tmp_path / "mixed", ("hue",), each=5)
    assert load(tmp_path / "mixed").images.shape == (12, 3, 12, 12)
    fill(tmp_path / "set" / "train", each=2, mode="L")
    fill(tmp_path / "set" / "test", each=1)  # colour, though the network saw grey: as brightness
    test = load(tmp_path / "set", "test")
    with Image.open(tmp_path / "set" / "test" / "cat" / "cat0.png") as picture:
        np.testing.assert_array_equal(test.images[0, 0], np.asarray(picture.convert("L")))


def test_unreadable_files_are_skipped_and_counted(tmp_path):
    fill(tmp_path / "set" / "train", each=4)
    fill(tmp_path / "set" / "test", each=4)
    cats = tmp_path / "set" / "train" / "cat"
    (cats / "cat1.png").write_bytes((cats / "cat1.png").read_bytes()[:60])
    (cats / "notes.txt").write_text("about cats")
    (cats / "empty.jpg").touch()
    (cats / ".hidden").touch()
    (cats / "gone.png").symlink_to(tmp_path / "nowhere")
    os.mkfifo(cats / "pipe.png")  # to open it would wait for ever
    with open(cats / "huge.png", "wb") as file:
        file.truncate(10**9)
    data = load(tmp_path / "set")
    assert (len(data), data.skipped) == (7, 6)
    assert data.labels.bincount().tolist() == [3, 4]


def test_copies_in_hidden_folders_do_not_reach_the_training_images(tmp_path):
    fill(tmp_path / "set", each=10)
    train, test = load(tmp_path / "set"), load(tmp_path / "set", "test")
    for picture in list((tmp_path / "set").glob("*/*.png")):
        hidden = picture.parent / "more" / ".ipynb_checkpoints"
        hidden.mkdir(parents=True, exist_ok=True)
        shutil.copy(picture, hidden / f"{picture.stem}-checkpoint.png")
    again = load(tmp_path / "set")
    assert len(again) == 16 and rows(again) == rows(train) and not rows(again) & rows(test)


def test_statistics_are_those_of_numpy(tmp_path):
    pictures = (
        np.random.default_rng(0).integers(0, 256, (1003, 3, 5, 4), np.uint8) // np.array([1, 2, 3])[:, None, None]
    )
    mean, std = statistics(pictures.astype(np.uint8))
    np.testing.assert_allclose(mean, (pictures / 255).mean((0, 2, 3)), atol=1e-12)
    np.testing.assert_allclose(std, (pictures / 255).std((0, 2, 3)), atol=1e-12)
    fill(tmp_path / "set" / "train", each=2)
    fill(tmp_path / "set" / "test", each=1)
    data = load(tmp_path / "set")
    np.testing.assert_allclose(data.mean, (data.images.double() / 255).mean((0, 2, 3)))


def test_one_single_colour_does_not_divide_by_zero(tmp_path):
    for name in ("black", "blank"):
        (tmp_path / "set" / name).mkdir(parents=True)
        Image.new("L", (4, 4)).save(tmp_path / "set" / name / "0.png")
    assert min(load(tmp_path / "set").std) > 0


def test_a_folder_is_decoded_once_and_again_when_it_changes(tmp_path, monkeypatch):
    folder, calls = fill(tmp_path / "set", each=5), []
    decode = decoding._decode
    monkeypatch.setattr(decoding, "_decode", lambda *arguments: calls.append(1) or decode(*arguments))
    first, again = load(folder), load(folder)
    assert len(calls) == 1 and torch.equal(first.images, again.images) and again.skipped == first.skipped
    changed = next(path for path in folder.glob("*/*.png") if rows(first) & {(0, _chw(path)), (1, _chw(path))})
    Image.new("RGB", (12, 12), "red").save(changed)
    assert rows(load(folder)) != rows(first) and len(calls) == 2
    cache = tmp_path / "data" / ".cache"
    assert len(list(cache.iterdir())) == 1  # the old one is gone


def _chw(path):
    with Image.open(path) as picture:
        return np.asarray(picture).transpose(2, 0, 1).tobytes()


@pytest.mark.parametrize("damage", ["cut", "flip", "foreign", "pickle"])
def test_a_damaged_cache_is_made_again(tmp_path, damage):
    folder = fill(tmp_path / "set", each=5)
    first = load(folder)
    (cache,) = (tmp_path / "data" / ".cache").iterdir()
    data = bytearray(cache.read_bytes())
    if damage == "cut":
        cache.write_bytes(data[: len(data) // 2])
    elif damage == "flip":
        data[len(data) // 2] ^= 1
        cache.write_bytes(data)
    elif damage == "pickle":
        with open(cache, "wb") as file:
            np.savez(file, images=np.array([{"an": "object"}], dtype=object))
    else:
        cache.write_bytes(b"PK\x03\x04 but no archive")
    again = load(folder)
    assert torch.equal(again.images, first.images) and torch.equal(again.labels, first.labels)


def test_a_disk_that_cannot_be_written_costs_only_time(tmp_path):
    folder = fill(tmp_path / "set", each=5)
    (tmp_path / "data").write_text("a file where the folder should be")
    assert len(load(folder)) == 8


@pytest.mark.parametrize("path", ["", "nowhere", "\0", "x" * 5000, "~nobody-of-that-name/x"])
def test_paths_that_are_none(path):
    with pytest.raises(ExplorerError, match=r"^folder"):
        dataset(f"folder:{path}", "train")


def test_too_few_classes(tmp_path):
    fill(tmp_path / "one", ("only",))
    (tmp_path / "none").mkdir()
    for name, count in (("one", 1), ("none", 0)):
        with pytest.raises(ExplorerError, match=f"has {count} class folders"):
            load(tmp_path / name)


def test_more_than_memory_is_refused_before_decoding(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "MOST_BYTES", 1000)
    with pytest.raises(ExplorerError, match="give fewer"):
        load(fill(tmp_path / "set"))


class TestPublicServers:
    def test_folders_can_be_switched_off(self, tmp_path, monkeypatch):
        monkeypatch.setenv("EXPLORER_FOLDERS", "off")
        with pytest.raises(ExplorerError, match="switched off"):
            load(fill(tmp_path / "set"))

    def test_only_what_lies_inside(self, tmp_path, monkeypatch):
        inside, outside = fill(tmp_path / "open" / "set"), fill(tmp_path / "secret")
        (tmp_path / "open" / "way-out").symlink_to(outside)
        monkeypatch.setenv("EXPLORER_FOLDERS", str(tmp_path / "open"))
        assert len(load(inside)) == 16 == len(dataset("folder:set", "train", tmp_path / "data"))
        for path in (outside, tmp_path / "open" / "way-out", tmp_path / "open" / ".." / "secret", Path("../secret")):
            with pytest.raises(ExplorerError, match="lies outside"):
                dataset(f"folder:{path}", "train", tmp_path / "data")

    def test_links_inside_do_not_lead_out(self, tmp_path, monkeypatch):
        inside, outside = fill(tmp_path / "open" / "set", each=5), fill(tmp_path / "secret", ("a", "b"), seed=5)
        (inside / "elsewhere").symlink_to(outside / "a")
        (inside / "cat" / "stolen.png").symlink_to(outside / "a" / "a0.png")
        (inside / "cat" / "more").symlink_to(outside / "b")
        (inside / "test").symlink_to(outside)
        monkeypatch.setenv("EXPLORER_FOLDERS", str(tmp_path / "open"))
        train, test = load(inside), load(inside, "test")
        assert train.classes == ("cat", "dog") and len(train) + len(test) == 10
