"""The recipe: JSON both ways, one clear error for every bad value, a fingerprint that says which runs are one."""

import dataclasses
import json

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.training.recipe.recipe import LIMITS, PRESETS, Recipe, preset
from explorer.training.work.schedule import crop_side, learning_rate


@pytest.mark.parametrize("name", PRESETS)
def test_json_round_trip(name):
    recipe = preset(name, seed=7)
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert Recipe.from_json(recipe.to_json()).fingerprint == recipe.fingerprint


def test_presets_say_what_the_papers_say():
    paper, digits, mnist, steps = (preset(name) for name in ("paper", "digits", "mnist", "cifar-steps"))
    assert (paper.learning_rate, paper.momentum, paper.epochs, paper.schedule) == (0.5, 0.9, 100, "one-cycle")
    assert (digits.learning_rate, digits.batch_size, digits.epochs) == (0.2, 64, 30)
    assert (mnist.learning_rate, mnist.batch_size, mnist.epochs, mnist.schedule) == (0.01, 500, 50, "constant")
    assert mnist.model == "survey-cnn"
    rates = {epoch: learning_rate(steps, 10 * epoch, 10) for epoch in (0, 13, 14, 28, 29, 38, 39, 48)}
    assert list(rates.values()) == pytest.approx([0.1, 0.1, 0.02, 0.02, 0.004, 0.004, 0.0008, 0.0008])


BAD = [
    {"epochs": 0}, {"epochs": 2.5}, {"epochs": True}, {"epochs": "3"}, {"epochs": float("nan")}, {"epochs": 10**309},
    {"learning_rate": float("inf")}, {"learning_rate": -0.1}, {"learning_rate": None}, {"momentum": 1.0},
    {"schedule": "cosine"}, {"schedule": 3}, {"precision": "float16"}, {"dataset": "cifar11"}, {"dataset": ["mnist"]},
    {"model": "resnet-9000"}, {"model": "../../etc/passwd"}, {"width": 0}, {"width": 3, "model": "mlp"},
    {"device": "cuda:one"}, {"device": "tpu"}, {"device": "cuda:-1"}, {"flip": 1}, {"batch_size": 65, "processes": 2},
    {"nesterov": True, "momentum": 0.0}, {"milestones": [5, 3]}, {"milestones": [0]}, {"milestones": ["1"]},
    {"milestones": list(range(1, 200))}, {"restarts": [30]}, {"seed": -1}, {"stack": "[]"}, {"stack": "{"},
    {"no_such_field": 1}, {"device": "7"}, {"device": "cuda:99999999999"}, {"device": "cuda:" + "9" * 5000},
    {"device": "cuda:\u0663"}, {"device": ""}, {"device": "cuda:0\n"},
]  # fmt: skip


@pytest.mark.parametrize("change", BAD, ids=str)
def test_a_bad_value_is_one_sentence(change):
    with pytest.raises(ExplorerError) as caught:
        Recipe().changed(**change)
    message = str(caught.value)
    assert "\n" not in message and len(message) < 400
    assert any(name in message for name in change)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"epochs": NaN}',
        '{"epochs": 1e999}',
        '{"a": 1}',
        "[" * 100_000,
        b"\xff\xfe",
        '{"epochs": ' + "9" * 5000 + "}",
    ],
    ids=lambda text: repr(text)[:20],
)
def test_hostile_json_is_refused(text):
    with pytest.raises(ExplorerError):
        Recipe.from_json(text)


def test_limits_of_whole_numbers_are_whole_numbers():
    with pytest.raises(ExplorerError, match=r"seed is -1: give a whole number from 0 to 4,294,967,295$"):
        Recipe(seed=-1)
    with pytest.raises(ExplorerError, match=r"momentum is 1.0: give a number from 0 to 0.9999$"):
        Recipe(momentum=1.0)


def test_every_number_has_limits():
    numbers = {field.name for field in dataclasses.fields(Recipe) if field.type in (int, float)}
    assert numbers == set(LIMITS)


def test_fingerprint_ignores_what_may_change_and_nothing_else():
    recipe = preset("good")
    assert recipe.extended(5).extended(3).fingerprint == recipe.fingerprint
    assert recipe.changed(device="cpu").fingerprint == recipe.fingerprint
    others = {
        "seed": 1,
        "epochs": 31,
        "batch_size": 64,
        "learning_rate": 0.3,
        "processes": 2,
        "precision": "float32",
        "dataset": "stl10",
        "model": "original",
        "cutout": 4,
    }
    assert all(recipe.changed(**{key: value}).fingerprint != recipe.fingerprint for key, value in others.items())
    assert json.loads(recipe.extended(5).to_json())["restarts"] == [30]


@pytest.mark.parametrize(("epochs", "steps"), [(1, 20), (5, 7), (30, 195)])
def test_one_cycle_is_torchs(epochs, steps):
    recipe = preset("good", epochs=epochs, learning_rate=0.37)
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.37, total_steps=epochs * steps, cycle_momentum=False)
    for step in range(epochs * steps):
        assert learning_rate(recipe, step, steps) == pytest.approx(theirs.get_last_lr()[0], rel=1e-9)
        optimiser.step()
        theirs.step()


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_one_cycle_of_a_few_steps_stays_in_its_limits(steps):
    rates = [learning_rate(preset("good", epochs=1), step, steps) for step in range(steps)]
    assert all(0 < rate <= preset("good").learning_rate * (1 + 1e-12) for rate in rates)


def test_an_extended_run_keeps_its_past_and_starts_a_small_cycle():
    recipe = preset("good", epochs=4)
    longer = recipe.extended(3)
    assert [learning_rate(recipe, step, 10) for step in range(40)] == [
        learning_rate(longer, step, 10) for step in range(40)
    ]
    after = [learning_rate(longer, step, 10) for step in range(40, 70)]
    assert max(after) == pytest.approx(recipe.learning_rate / 10, rel=1e-2)
    assert after[0] < max(after) > after[-1]


def test_early_crops_end_before_the_run_does_and_do_not_come_back():
    recipe = preset("good", epochs=10, early_crop=24)
    sides = [crop_side(recipe, epoch, 32) for epoch in range(10)]
    assert sides == [24] * 8 + [32] * 2
    assert [crop_side(recipe.extended(10), epoch, 32) for epoch in range(20)] == sides + [32] * 10
    assert crop_side(recipe, 0, 8) == 8
