from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from explorer.classify import predict
from explorer.data import disturb
from explorer.data.catalogue import CLASSES, EVERYDAY
from explorer.data.disturb import DISTURBANCES
from explorer.data.images import network_input
from explorer.diffusion.cable import Cable
from explorer.errors import ExplorerError
from explorer.networks.subject import Subject
from explorer.subjects import untrained


def subject(model, classes=("a", "b", "c"), size=8, channels=3, dataset="cifar10"):
    mean, std = (0.5, 0.4, 0.3)[:channels], (0.2, 0.25, 0.3)[:channels]
    return Subject("mine", "0", model.eval(), "", dataset, classes, size, channels, mean, std)


@pytest.fixture
def linear():
    torch.manual_seed(0)
    return subject(nn.Sequential(nn.Flatten(), nn.Linear(192, 3)))


@pytest.fixture
def picture():
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8))


def test_a_prediction_is_the_softmax_of_the_network_on_the_normalised_image(linear, picture):
    said = predict.predict(linear, picture)
    batch = network_input(picture, 3, 8, linear.mean, linear.std)
    wanted = F.softmax(linear.model(batch), 1)[0].detach().numpy()
    np.testing.assert_allclose(said.probabilities, wanted, rtol=1e-6)
    assert said.answer == linear.classes[wanted.argmax()]
    assert [share for _, share in said.top(3)] == sorted(wanted.tolist(), reverse=True)
    assert dict(said.top(3))[said.answer] == pytest.approx(wanted.max())


def test_pixels_are_those_of_the_picture_and_normalised_once_are_what_the_network_sees(linear, picture):
    """To the last bit: nothing is normalised, undone and normalised again on the way to a diffused image."""
    pixels = predict.pixels(linear, picture)
    assert np.array_equal(pixels.numpy(), np.asarray(picture, np.float32).transpose(2, 0, 1) / np.float32(255))
    assert torch.equal(predict.normalised(linear, pixels[None]), linear.sees(picture))


def test_log_softmax_at_the_end_changes_nothing(linear, picture):
    longer = subject(nn.Sequential(linear.model, nn.LogSoftmax(1)))
    np.testing.assert_allclose(
        predict.predict(longer, picture).probabilities, predict.predict(linear, picture).probabilities, rtol=1e-5
    )


def test_pixels_and_normalised_are_inverse(linear, picture):
    field = predict.pixels(linear, picture)
    np.testing.assert_allclose(field.numpy(), np.asarray(picture).transpose(2, 0, 1) / 255, atol=1e-6)
    np.testing.assert_allclose(predict.normalised(linear, field[None]), linear.sees(picture), atol=1e-5)


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_disturbance_is_that_of_the_test_set(linear, picture, name):
    field = predict.pixels(linear, picture)
    fields = predict.disturbed(field, name, [0, 2, 5])
    for changed, strength in zip(fields, [0, 2, 5], strict=True):
        level = DISTURBANCES[name].level(strength)
        wanted = disturb.disturbed(np.asarray(picture)[None], name, level)[0].transpose(2, 0, 1) / np.float32(255)
        np.testing.assert_array_equal(changed.numpy(), wanted)
    shares = predict.course(linear, fields)
    np.testing.assert_allclose(shares[0], predict.predict(linear, picture).probabilities, rtol=1e-4)
    assert abs(shares[2] - shares[0]).max() > 1e-3


@pytest.mark.parametrize("boundary", ["insulated", "periodic"])
def test_without_its_leak_light_only_spreads(linear, picture, boundary):
    field = predict.pixels(linear, picture)
    cable = Cable(2.0, 0.06, boundary=boundary)
    spread = predict.without_leak(cable)
    assert (spread.r_x, spread.r_y) == pytest.approx((cable.r_x, cable.r_y), rel=1e-12)
    fields = predict.diffused(field, spread, [0, 5, 10_000])
    np.testing.assert_allclose(fields.mean((2, 3)), field.mean((1, 2)).expand(3, -1), rtol=1e-5)
    assert fields[2].std((1, 2)).max() < 1e-4  # nothing but the mean is left, and it is not black
    assert spread.stability().bound == pytest.approx(4 * (cable.r_x + cable.r_y), rel=1e-9)
    if boundary == "insulated":
        steps = predict.disturbed(field, "diffusion", [1, 5])
        np.testing.assert_allclose(steps[1], fields[1].clamp(0, 1), atol=1.01 / 255)


def test_without_a_step_there_is_no_leak_to_take_away(linear, picture):
    field = predict.pixels(linear, picture)
    still = predict.without_leak(Cable(2.0, 0.0))
    np.testing.assert_allclose(predict.diffused(field, still, [100])[0], field, atol=1e-6)


def test_diffusing_is_the_schemes_own_run(linear, picture):
    field, cable = predict.pixels(linear, picture), Cable(1.5, 0.08, boundary="periodic")
    fields = predict.diffused(field, cable, [0, 4, 9])
    for place, n in enumerate([0, 4, 9]):
        np.testing.assert_allclose(fields[place], cable.run(field, n), atol=1e-5)


def test_a_divergent_scheme_is_clipped_and_still_classified(linear, picture):
    fields = predict.diffused(predict.pixels(linear, picture), Cable(100.0, 0.5), [0, 500])
    assert np.isfinite(predict.course(linear, fields)).all()


def test_changes_of_mind():
    shares = np.eye(3)[[0, 0, 2, 2, 1, 1]]
    assert predict.changes(shares) == [(2, 0, 2), (4, 2, 1)]
    assert predict.changes(shares[:2]) == []


def test_too_long_a_row_is_refused(linear):
    with pytest.raises(ExplorerError, match="at most 200"):
        predict.course(linear, torch.zeros(201, 3, 8, 8))


def test_a_network_that_does_not_end_in_classes_is_named(picture):
    with pytest.raises(ExplorerError, match="one number a class"):
        predict.predict(subject(nn.Conv2d(3, 3, 1)), picture)


@pytest.mark.parametrize(
    ("size", "dataset", "words"),
    [
        ((32, 32), "cifar10", []),
        ((48, 40), None, []),
        ((90, 32), None, ["2.8 times"]),
        ((60, 40), None, ["1.5 times"]),
        ((100, 100), None, ["what was small"]),
        ((640, 480), None, ["what was small"]),
        ((16, 16), None, ["enlarged"]),
        ((32, 32), "mnist", ["comes from MNIST"]),
    ],
)
def test_doubts_about_images_unlike_the_training_data(size, dataset, words):
    found = predict.doubts(untrained("resnet-20", 4, 0), Image.new("RGB", size), dataset)
    assert len(found) == len(words)
    for sentence, word in zip(found, words, strict=True):
        assert word in sentence


@pytest.mark.parametrize("size", [(224, 224), (1024, 400), (150, 640)])
def test_a_photo_of_any_size_is_what_an_everyday_network_learned_from(size):
    everyday = replace(untrained("resnet-20", 4, 0), dataset=EVERYDAY, size=224)
    assert predict.doubts(everyday, Image.new("RGB", size), None) == []
    for dataset in (None, "stl10"):
        (small,) = predict.doubts(everyday, Image.new("RGB", (96, 96)), dataset)
        assert "enlarged to 224" in small
    assert "comes from MNIST" in predict.doubts(everyday, Image.new("RGB", (224, 224)), "mnist")[0]
    assert predict.vocabulary(CLASSES[EVERYDAY], "") == "" == predict.vocabulary(CLASSES[EVERYDAY], "a cat")


def test_a_row_of_large_images_is_answered_in_parts(linear):
    seen = []

    class Counting(nn.Module):
        def forward(self, batch):
            seen.append(len(batch))
            return batch.mean((2, 3))

    large = replace(linear, model=Counting(), classes=("red", "green", "blue"), size=300)
    fields = torch.rand(7, 3, 300, 300, generator=torch.Generator().manual_seed(0))
    shares = predict.probabilities(large, fields)
    np.testing.assert_allclose(shares, fields.mean((2, 3)).softmax(1).numpy(), rtol=1e-5)
    assert sum(seen) == 7 and max(seen) * 300**2 <= predict.PIXELS_AT_ONCE < 3 * 300**2


def test_an_image_that_is_no_class_is_said_to_be_none():
    ten = tuple(f"thing {n}" for n in range(10))
    assert predict.vocabulary(ten, "thing 3") == ""
    unknown, other = predict.vocabulary(ten, ""), predict.vocabulary(ten, "monkey")
    assert "know ten things: thing 0, thing 1," in unknown and "thing 8 and thing 9." in unknown
    assert "“monkey” is none of the ten things" in other and "no answer can be right" in other
    many = predict.vocabulary(tuple(f"thing {n}" for n in range(100)), "")
    assert "know 100 things" in many and "thing 19 and 80 more." in many and "thing 20" not in many
    assert "know two things: a and b." in predict.vocabulary(("a", "b"), "")
