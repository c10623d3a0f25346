import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from explorer.data import Dataset, dataset
from explorer.data.disturb import DISTURBANCES, LEAKING, disturbed
from explorer.errors import ExplorerError
from explorer.networks import robustness, weights
from explorer.networks.robustness import EVERY, Robustness, accuracy_under, measure


@pytest.fixture(scope="module")
def digits():
    return dataset("optdigits", "test")


@pytest.fixture(scope="module")
def shipped():
    return weights.load("optdigits-digits-cnn")


class Reads(nn.Module):
    """Says the class that is written into the first number of the picture, as long as it still stands there."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return -(torch.arange(10) - self.scale * x[:, 0, 0, :1] * 10).abs()


@pytest.fixture
def written():
    """Ten flat pictures of each class: class n has n/10 everywhere, and a white corner far away."""
    labels = torch.arange(10).repeat(10)
    images = (labels[:, None, None, None] * 25.5).round().to(torch.uint8).expand(100, 3, 9, 9).clone()
    return Dataset("written", "test", images, labels, tuple("0123456789"), (0.0,) * 3, (1.0,) * 3, "a hundred")


def test_right_answers_are_those_of_the_network_on_each_disturbed_picture(digits, shipped):
    model, _ = shipped
    few = replace(digits, images=digits.images[40:100], labels=digits.labels[40:100])
    found = accuracy_under(model, digits, start=40, stop=100)
    images = few.images.permute(0, 2, 3, 1).numpy()

    def right(changed):
        batch = (torch.from_numpy(changed).permute(0, 3, 1, 2) / 255 - digits.mean[0]) / digits.std[0]
        return int((model(batch).argmax(1) == few.labels).sum())

    assert found.images == 60 and found.clean == right(images)
    for name in EVERY:
        levels = (DISTURBANCES.get(name) or LEAKING).strengths
        assert found.under[name] == tuple(right(disturbed(images, name, level, first=40)) for level in levels)


def test_a_network_that_reads_one_pixel_fails_as_it_must(written):
    found = accuracy_under(Reads(), written, ["brightness", "gaussian-blur", "contrast", "diffusion"])
    assert found.clean == 100
    assert found.under["gaussian-blur"] == (100,) * 5  # flat pictures stay as they are
    assert found.under["contrast"] == found.under["diffusion"] == (100,) * 5
    assert found.under["brightness"][1:] == (10,) * 4  # 0.1 lighter is the next class; after the last there is none


def test_the_model_itself_stays_as_it_is(digits, shipped):
    model, _ = shipped
    before = {name: (value.clone(), value.stride()) for name, value in model.state_dict().items()}
    accuracy_under(model, digits, ["contrast"], stop=10)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name][0]) and value.stride() == before[name][1]


def test_half_precision_and_channels_last_weights_are_taken(written):
    model = nn.Sequential(nn.Conv2d(3, 10, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    same = accuracy_under(model, written, ["contrast"])
    rounded = model.half().float().to(memory_format=torch.channels_last)
    assert accuracy_under(rounded, written, ["contrast"]).images == same.images


def test_clean_accuracy_is_that_of_the_card(digits, shipped):
    model, card = shipped
    found = accuracy_under(model, digits, [])
    assert found.percent(found.clean)[0] == pytest.approx(card.accuracy, abs=1e-3)


def test_a_measurement_that_was_interrupted_goes_on(digits, shipped, tmp_path, monkeypatch):
    model, _ = shipped
    monkeypatch.setattr(robustness, "BLOCK", 40)
    few = replace(digits, images=digits.images[:100], labels=digits.labels[:100])
    path, told = tmp_path / "a.robust.json", []
    with pytest.raises(KeyboardInterrupt):
        measure(model, few, path, weights="w", told=_stop_after_one)
    assert robustness.read(path, "w").images == 40
    found = measure(model, few, path, weights="w", told=lambda now: told.append(now.images))
    assert told == [80, 100]  # what was there is not measured again
    assert found == accuracy_under(model, few) == robustness.read(path, "w")
    assert measure(model, few, path, weights="w", images=60) == found  # more is there already


def _stop_after_one(found):
    raise KeyboardInterrupt


def test_the_first_images_can_be_measured_and_the_rest_later(digits, shipped, tmp_path):
    model, _ = shipped
    few = replace(digits, images=digits.images[:70], labels=digits.labels[:70])
    first = measure(model, few, tmp_path / "a", weights="w", images=30)
    assert (first.images, first.of) == (30, 70)
    assert measure(model, few, tmp_path / "a", weights="w") == accuracy_under(model, few)


def test_intervals_are_wilsons():
    # R: binom::binom.confint(81, 263, method = "wilson") and prop.test without continuity correction
    found = Robustness(263, 81, {}, 263)
    middle, low, high = found.percent(81)
    assert middle == pytest.approx(100 * 81 / 263)
    z = 1.959963984540054
    centre = (81 + z * z / 2) / (263 + z * z)
    half = z / (263 + z * z) * np.sqrt(81 * 182 / 263 + z * z / 4)
    assert (low, high) == pytest.approx((100 * (centre - half), 100 * (centre + half)), rel=1e-9)
    assert found.percent(0)[1] == 0 and found.percent(263)[2] == 100


def test_the_mean_is_over_the_nine_without_the_leak():
    under = {name: (place, 0, 0, 0, 0) for place, name in enumerate(EVERY)}
    assert Robustness(20, 0, under, 20).mean() == (4, 0, 0, 0, 0)
    assert Robustness(20, 0, under, 20).mean(["diffusion", "jpeg"])[0] == (EVERY.index("diffusion") + 7) / 2


@pytest.fixture
def kept(tmp_path):
    under = {name: (9, 8, 7, 6, 5) for name in EVERY}
    path = tmp_path / "net.robust.json"
    robustness.write(path, Robustness(10, 9, under, 20), "w")
    return path


def test_what_is_written_is_read(kept):
    found = robustness.read(kept, "w")
    assert (found.images, found.clean, found.of, found.weights) == (10, 9, 20, "w")
    assert found.under["jpeg"] == (9, 8, 7, 6, 5)


def _without(values, *path):
    for key in path[:-1]:
        values = values[key]
    del values[path[-1]]


def _with(value, *path):
    def change(values):
        for key in path[:-1]:
            values = values[key]
        values[path[-1]] = value

    return change


@pytest.mark.parametrize(
    "damage",
    [
        lambda values: _without(values, "clean"),
        lambda values: _without(values, "under", "jpeg"),
        lambda values: _without(values, "under", "jpeg", "levels"),
        _with(1, "more"),
        _with({}, "under", "rain"),
        _with([9, 8, 7, 6], "under", "jpeg", "right"),
        _with([9, 8, 7, 6, 11], "under", "jpeg", "right"),
        _with([9, 8, 7, 6, -1], "under", "jpeg", "right"),
        _with([9, 8, 7, 6, 5.0], "under", "jpeg", "right"),
        _with([9, 8, 7, 6, True], "under", "jpeg", "right"),
        _with(["a"] * 5, "under", "jpeg", "levels"),
        _with(None, "under", "jpeg"),
        _with(21, "images"),
        _with(0, "images"),
        _with(11, "clean"),
        _with([], "under"),
    ],
)
def test_a_damaged_file_is_one_sentence(damage, kept):
    values = json.loads(kept.read_text())
    damage(values)
    kept.write_text(json.dumps(values))
    with pytest.raises(ExplorerError, match=r"net.robust.json is no measurement of robustness .*: measure again"):
        robustness.read(kept, "w")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b" " * (2**20 + 1)])
def test_what_is_no_json_is_one_sentence(content, kept):
    kept.write_bytes(content)
    with pytest.raises(ExplorerError, match=r"net.robust.json is no measurement"):
        robustness.read(kept, "w")


def test_a_file_of_other_weights_or_other_strengths_is_refused(kept):
    with pytest.raises(ExplorerError, match="other weights"):
        robustness.read(kept, "other")
    values = json.loads(kept.read_text())
    values["under"]["jpeg"]["levels"][0] = 21
    kept.write_text(json.dumps(values))
    with pytest.raises(ExplorerError, match="other strengths of jpeg"):
        robustness.read(kept, "w")


def test_a_file_of_other_test_images_is_not_gone_on_with(digits, shipped, kept):
    with pytest.raises(ExplorerError, match="is of 20 test images and seed 0"):
        measure(shipped[0], digits, kept, weights="w")


def test_no_test_images_are_a_sentence(digits, shipped):
    with pytest.raises(ExplorerError, match="no test images from 1797"):
        accuracy_under(shipped[0], digits, start=1797)
