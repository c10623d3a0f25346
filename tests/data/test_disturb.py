import colorsys
import io

import numpy as np
import pytest
import scipy.ndimage
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from explorer.data import samples
from explorer.data.disturb import DISTURBANCES, LEAKING, STRENGTHS, UTMOST, blur, disturbance, disturbed
from explorer.diffusion.cable import Cable
from explorer.errors import ExplorerError

EVERY = [*DISTURBANCES, LEAKING.name]


@pytest.fixture(scope="module")
def photos():
    """Twelve shipped photographs of 32 pixels."""
    return np.stack([np.asarray(sample.image.convert("RGB")) for sample in samples("cifar10")[:12]])


def strongest(name):
    return disturbance(name).strengths[-1]


def as_pillow(images, change):
    return np.stack([np.asarray(change(Image.fromarray(image))) for image in images])


def close(found, wanted, grey_levels=1.0):
    """To within the fraction of a grey level that is cut off."""
    assert np.abs(found.astype(float) - np.clip(wanted, 0, 255)).max() <= grey_levels


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gaussian-noise", ["σ = 0.04", "σ = 0.06", "σ = 0.08", "σ = 0.09", "σ = 0.1"]),
        ("shot-noise", [f"{photons} photons" for photons in (500, 250, 100, 75, 50)]),
        ("gaussian-blur", [f"σ = {sigma} pixels" for sigma in (0.4, 0.6, 0.7, 0.8, 1)]),
        ("defocus", [f"radius {radius} pixels" for radius in (0.3, 0.4, 0.5, 1, 1.5)]),
        ("contrast", [f"{left} of the contrast left" for left in (0.75, 0.5, 0.4, 0.3, 0.15)]),
        ("brightness", [f"{more} lighter" for more in (0.05, 0.1, 0.15, 0.2, 0.3)]),
        ("jpeg", [f"quality {quality}" for quality in (80, 65, 58, 50, 40)]),
        ("pixelation", [f"{left} of the pixels along a side" for left in (0.95, 0.9, 0.85, 0.75, 0.65)]),
    ],
)
def test_the_strengths_are_those_of_cifar_10_c(name, words):
    one = DISTURBANCES[name]
    assert [one.says(level) for level in one.strengths] == words


@pytest.mark.parametrize("name", EVERY)
def test_every_strength_is_farther_from_the_picture_than_the_one_before(name, photos):
    one = disturbance(name)
    changed = [disturbed(photos, name, level).astype(float) for level in (0, *one.strengths)]
    away = [np.abs(image - photos).mean() for image in changed]
    assert len(one.strengths) == STRENGTHS
    assert away[0] == 0 and (np.diff(away) > 0).all()


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_is_changed_alike_whichever_others_come_with_it(name, photos, monkeypatch):
    level, before = strongest(name), photos.copy()
    whole = disturbed(photos, name, level, seed=3)
    np.testing.assert_array_equal(disturbed(photos[5:7], name, level, seed=3, first=5), whole[5:7])
    monkeypatch.setattr("explorer.data.disturb.AT_ONCE", 1)
    np.testing.assert_array_equal(disturbed(photos, name, level, seed=3), whole)
    np.testing.assert_array_equal(photos, before)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("shape", [(2, 1, 1, 1), (1, 2, 7, 3), (3, 8, 8, 1), (0, 4, 4, 3)])
def test_odd_pictures_keep_their_shape_and_type(name, shape):
    images = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    level = 0.3 if name == "pixelation" and min(shape[1:3]) > 1 else disturbance(name).strengths[0]
    if name == "pixelation" and min(shape[1:3]) == 1:
        level = 0
    changed = disturbed(images, name, level)
    assert changed.shape == shape and changed.dtype == np.uint8


@pytest.mark.parametrize("name", [name for name in EVERY if name != "jpeg" and "noise" not in name])
def test_a_grey_picture_is_changed_as_each_channel_of_a_grey_colour_picture(name, photos):
    grey = photos[..., :1]
    colour = disturbed(np.repeat(grey, 3, 3), name, strongest(name))
    np.testing.assert_allclose(colour.astype(int), np.repeat(disturbed(grey, name, strongest(name)), 3, 3), atol=1)


@pytest.mark.parametrize("level", DISTURBANCES["gaussian-blur"].strengths)
def test_gaussian_blur_is_scipys(level, photos):
    wanted = scipy.ndimage.gaussian_filter(photos.astype(float), (0, level, level, 0), mode="nearest", truncate=4)
    close(disturbed(photos, "gaussian-blur", level), wanted)


@pytest.mark.parametrize(("radius", "rim"), [(0.3, 0.4), (0.4, 0.5), (0.5, 0.6), (1, 0.2), (1.5, 0.1), (3, 0.1)])
def test_defocus_is_the_mean_over_a_disc_with_a_soft_rim(radius, rim, photos):
    reach = int(radius)
    rows, columns = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    mean = np.hypot(rows, columns) <= radius
    field = scipy.ndimage.correlate(photos.astype(float), (mean / mean.sum())[None, ..., None], mode="mirror")
    wanted = scipy.ndimage.gaussian_filter(field, (0, rim, rim, 0), mode="mirror", radius=(0, 1, 1, 0))
    close(disturbed(photos, "defocus", radius), wanted, 1.01)


def test_diffusion_is_the_scheme_without_its_leak(photos):
    field = photos.astype(float)
    laplace = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])[None, ..., None]
    for step in range(1, 6):
        field = field + 2 * 0.06 * scipy.ndimage.correlate(field, laplace, mode="nearest")
        close(disturbed(photos, "diffusion", step), field)
    np.testing.assert_allclose(blur.diffused(photos, 50, False).mean((1, 2)), photos.mean((1, 2)), rtol=1e-5)


def test_diffusion_with_its_leak_is_the_pages_own_scheme(photos):
    field = torch.from_numpy(photos.transpose(0, 3, 1, 2).astype(np.float64))
    for steps in (1, 5, 30):
        wanted = Cable(2.0, 0.06).run(field, steps).numpy().transpose(0, 2, 3, 1)
        close(disturbed(photos, LEAKING.name, steps), wanted)


@pytest.mark.parametrize("level", DISTURBANCES["contrast"].strengths)
def test_contrast_keeps_the_mean_and_shrinks_the_spread(level, photos):
    changed = disturbed(photos, "contrast", level).astype(float)
    np.testing.assert_allclose(changed.mean((1, 2)), photos.mean((1, 2)) - 0.5, atol=0.5)
    np.testing.assert_allclose(changed.std((1, 2)), (1 - level) * photos.std((1, 2)), atol=0.5)
    assert (disturbed(photos, "contrast", 1.0).std((1, 2)) == 0).all()


def test_brightness_raises_the_value_of_hsv():
    pixels = np.random.default_rng(0).integers(0, 256, (1, 20, 20, 3), dtype=np.uint8)
    pixels[0, 0, :3] = [[0, 0, 0], [255, 255, 255], [7, 7, 7]]

    def lighter(pixel, more):
        hue, saturation, value = colorsys.rgb_to_hsv(*pixel / 255)
        return 255 * np.array(colorsys.hsv_to_rgb(hue, saturation, min(1, value + more)))

    for more in DISTURBANCES["brightness"].strengths:
        wanted = [lighter(pixel, more) for pixel in pixels.reshape(-1, 3)]
        close(disturbed(pixels, "brightness", more), np.reshape(wanted, pixels.shape))


@pytest.mark.parametrize("quality", [80, 65, 58, 50, 40])
def test_jpeg_is_pillows(quality, photos):
    def saved(picture):
        picture.save(file := io.BytesIO(), "JPEG", quality=quality)
        return Image.open(file)

    np.testing.assert_array_equal(disturbed(photos, "jpeg", 100 - quality), as_pillow(photos, saved))


def test_pixelation_takes_means_of_blocks(photos):
    blocks = photos.reshape(-1, 8, 4, 8, 4, 3).mean((2, 4), keepdims=True)
    wanted = np.broadcast_to(blocks, (len(photos), 8, 4, 8, 4, 3)).reshape(photos.shape)
    close(disturbed(photos, "pixelation", 0.75), wanted, 1.0)


@pytest.mark.parametrize(("left", "pixels"), [(0.95, 30), (0.9, 28), (0.85, 27), (0.75, 24), (0.65, 20)])
def test_pixelation_is_pillows_box(left, pixels, photos):
    box = Image.Resampling.BOX
    wanted = as_pillow(photos, lambda one: one.resize((pixels, pixels), box).resize((32, 32), box))
    np.testing.assert_array_equal(disturbed(photos, "pixelation", 1 - left), wanted)


def test_gaussian_noise_is_normal_and_only_stronger_with_the_level():
    grey = np.full((4, 64, 64, 3), 128, np.uint8)
    weak, strong = (disturbed(grey, "gaussian-noise", level).astype(float) + 0.5 - 128 for level in (0.05, 0.1))
    assert scipy.stats.kstest(strong.ravel() / 25.5, "norm").statistic < 0.02  # one grey level is 0.016 of it
    np.testing.assert_allclose(strong, 2 * weak, atol=2)
    assert abs(np.corrcoef(strong[0].ravel(), strong[1].ravel())[0, 1]) < 0.03  # each picture has its own


@pytest.mark.parametrize("photons", [500, 50])
def test_shot_noise_counts_photons(photons):
    grey = np.full((4, 64, 64, 3), 100, np.uint8)
    changed = disturbed(grey, "shot-noise", photons**-0.5) / 255 + 0.5 / 255
    assert changed.mean() == pytest.approx(100 / 255, abs=0.002)
    assert changed.var() == pytest.approx(100 / 255 / photons, rel=0.05)  # of a Poisson count, the mean


@pytest.mark.parametrize("name", ["gaussian-noise", "shot-noise"])
def test_chance_comes_from_the_seed(name, photos):
    one, same, other = (disturbed(photos, name, strongest(name), seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).mean() > 0.5


@given(st.sampled_from(EVERY), st.floats(0, 1))
def test_any_level_makes_a_picture(name, share):
    one = disturbance(name)
    level = round(share * one.most) if one.whole else share * one.most
    picture = np.arange(12 * 12 * 3, dtype=np.uint8).reshape(1, 12, 12, 3)
    assert disturbed(picture, name, level).dtype == np.uint8 and one.says(level)


@pytest.mark.parametrize("name", EVERY)
def test_strengths_in_between_rise_from_nothing_to_the_utmost(name):
    one = disturbance(name)
    levels = [one.level(strength) for strength in np.linspace(0, UTMOST, 25)]
    assert levels[0] == 0 and levels[-1] == one.most and (np.diff(levels) >= 0).all()
    assert tuple(levels[4:24:4]) == pytest.approx(one.strengths)
    assert not one.whole or all(level.is_integer() for level in levels)


@pytest.mark.parametrize(
    ("images", "name", "level", "named", "words"),
    [
        ([[1]], "jpeg", 1, {}, "images are list"),
        (np.zeros((1, 4, 4, 3)), "jpeg", 1, {}, "images are float64"),
        (np.zeros((4, 4, 3), np.uint8), "jpeg", 1, {}, r"shape \(4, 4, 3\)"),
        (np.zeros((1, 4, 4, 4), np.uint8), "jpeg", 1, {}, r"shape \(1, 4, 4, 4\)"),
        (np.zeros((1, 0, 4, 3), np.uint8), "jpeg", 1, {}, "at least one pixel"),
        (None, "rain", 1, {}, "'rain' is not known: take one of gaussian-noise"),
        (None, ["jpeg"], 1, {}, "is not known"),
        (None, "jpeg", 1.5, {}, "level of jpeg is 1.5: give a whole number from 0 to 99"),
        (None, "diffusion", 2.5, {}, "level of diffusion is 2.5: give a whole number"),
        (None, "gaussian-noise", -0.1, {}, "level of gaussian-noise is -0.1: give a number from 0 to 0.5"),
        (None, "gaussian-noise", float("nan"), {}, "is nan: give a number"),
        (None, "contrast", 1.1, {}, "from 0 to 1"),
        (None, "contrast", "much", {}, "is 'much'"),
        (None, "contrast", True, {}, "is True"),
        (None, "pixelation", 0.8, {}, "leaves no pixel of 4 x 4"),
        (None, "contrast", 0.5, {"seed": -1}, "seed is -1"),
        (None, "contrast", 0.5, {"first": 0.5}, "first is 0.5"),
    ],
)
def test_what_cannot_be_disturbed_is_one_sentence(images, name, level, named, words):
    images = np.zeros((1, 4, 4, 3), np.uint8) if images is None else images
    with pytest.raises(ExplorerError, match=words) as refused:
        disturbed(images, name, level, **named)
    assert "\n" not in str(refused.value)
