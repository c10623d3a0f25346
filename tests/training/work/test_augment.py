"""Batched augmentation against one image at a time, written the slow way."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from scipy import ndimage

from explorer.training.recipe.recipe import preset
from explorer.training.work.augment import Images, cut_out, rotated


@pytest.fixture
def split():
    draw = torch.Generator().manual_seed(0)
    return SimpleNamespace(
        images=torch.randint(0, 256, (20, 3, 9, 9), dtype=torch.uint8, generator=draw),
        labels=torch.arange(20) % 10,
        mean=(0.5, 0.4, 0.3),
        std=(0.2, 0.25, 0.3),
    )


def normalised(split, image):
    return (image / 255 - torch.tensor(split.mean).view(3, 1, 1)) / torch.tensor(split.std).view(3, 1, 1)


@pytest.mark.parametrize("side", [9, 6])
@pytest.mark.parametrize("flip", [False, True])
def test_crop_and_flip_are_those_of_one_image_at_a_time(split, side, flip):
    images = Images(split, "cpu", padding=2)
    index = torch.tensor([3, 17, 3, 0, 8, 8, 8, 19] * 8)
    batch, labels = images.augmented(index, preset("good", crop_padding=2, flip=flip), seed=5, side=side)
    assert torch.equal(labels, split.labels[index])
    seen = set()
    for number, picture in zip(index.tolist(), batch, strict=True):
        padded = torch.zeros(3, 13, 13)
        padded[:, 2:11, 2:11] = split.images[number].float()
        matches = [
            (top, left, mirrored)
            for top in range(14 - side)
            for left in range(14 - side)
            for mirrored in (False, True)
            if torch.allclose(_cut(split, padded, top, left, side, mirrored), picture, atol=1e-5)
        ]
        assert len(matches) == 1, "each picture is exactly one crop of its own image"
        seen.add(matches[0])
    assert any(mirrored for *_, mirrored in seen) == flip
    assert len({(top, left) for top, left, _ in seen}) > 10


def _cut(split, padded, top, left, side, mirrored):
    crop = normalised(split, padded[:, top : top + side, left : left + side])
    return crop.flip(2) if mirrored else crop


def test_plain_images_are_normalised_and_nothing_else(split):
    batch, labels = Images(split, "cpu", padding=3).plain(slice(2, 7))
    expected = torch.stack([normalised(split, image.float()) for image in split.images[2:7]])
    assert torch.allclose(batch, expected, atol=1e-5)
    assert batch.is_contiguous(memory_format=torch.channels_last) and torch.equal(labels, split.labels[2:7])


def test_a_batch_is_a_function_of_its_seed(split):
    images, recipe = Images(split, "cpu", 4), preset("good", rotation=20.0, cutout=3)
    index = torch.arange(20)
    first = images.augmented(index, recipe, 1)[0]
    torch.rand(100)
    assert torch.equal(first, images.augmented(index, recipe, 1)[0])
    assert not torch.equal(first, images.augmented(index, recipe, 2)[0])


@pytest.mark.parametrize("shape", [(11, 11), (8, 12)])
@pytest.mark.parametrize("degrees", [0.0, 90.0, 17.0, -45.0])
def test_rotation_is_scipys(degrees, shape):
    picture = np.random.default_rng(1).random(shape)
    ours = rotated(torch.tensor(picture)[None, None], torch.tensor([degrees], dtype=torch.float64))[0, 0].numpy()
    angle = math.radians(degrees)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    middle = (np.array(shape) - 1) / 2
    scipys: Any = ndimage.affine_transform  # an offset for each axis is allowed, whatever its types say
    theirs = scipys(picture, turn, middle - turn @ middle, order=1, mode="constant")
    y, x = np.indices(shape) - middle[:, None, None]
    inside = np.hypot(y, x) < min(middle) - 0.5  # at the very edge the two blend with black differently
    np.testing.assert_allclose(ours[inside], theirs[inside], atol=1e-6)


def test_cutout_blanks_one_clipped_square_an_image():
    images = torch.ones(300, 2, 10, 10)
    y, x = torch.randint(0, 10, (2, 300), generator=torch.Generator().manual_seed(3))
    blanked = cut_out(images, y, x, 4)
    for picture, row, column in zip(blanked, y.tolist(), x.tolist(), strict=True):
        expected = torch.ones(2, 10, 10)
        expected[:, max(row - 2, 0) : row + 2, max(column - 2, 0) : column + 2] = 0
        assert torch.equal(picture, expected)
