"""Every shipped network: it loads, its card is true, and on the shipped samples it says what its test results say."""

import numpy as np
import pytest
import torch

from benchmarks.reproduce import accuracy, jobs
from explorer.data.images import network_input
from explorer.data.samples import SAMPLE_SETS, samples
from explorer.networks import evaluation, robustness, weights
from explorer.training.recipe.recipe import Recipe

SHIPPED = weights.cards()
OURS = [name for name, card in SHIPPED.items() if not card.source]


def test_something_is_shipped():
    assert "optdigits-digits-cnn" in OURS


@pytest.mark.parametrize("name", SHIPPED)
def test_a_card_says_where_its_network_was_trained_and_tested(name):
    """Here, by a recipe, on test images whose answers are kept; or elsewhere, by a source with a licence."""
    card, results = SHIPPED[name], weights.PRETRAINED / f"{name}.eval.npz"
    here = [bool(card.recipe), card.accuracy is not None, bool(card.split), results.is_file()]
    elsewhere = [bool(card.source), bool(card.licence), "not measured by us" in card.notes]
    assert (all(here) and not any(elsewhere)) or (all(elsewhere) and not any(here))


@pytest.mark.parametrize("name", OURS)
def test_a_card_agrees_with_its_test_results(name):
    card, result = SHIPPED[name], evaluation.read(weights.PRETRAINED / f"{name}.eval.npz")
    assert card.split["images"] == len(result.labels) == result.confusion.sum()
    assert card.accuracy == pytest.approx(result.accuracy, abs=1e-3)
    likeliest = result.probabilities[np.arange(len(result.labels)), result.predictions]
    np.testing.assert_array_equal(likeliest, result.probabilities.max(1))  # which in float16 two classes may share
    recipe = Recipe.from_dict(card.recipe)
    assert len(result.curves["epoch"]) == recipe.epochs == result.curves["epoch"][-1]
    assert (card.seed, card.dataset, card.width) == (recipe.seed, recipe.dataset, recipe.width)
    if recipe.holdout:  # then the curves are of these, and the test images were looked at once
        assert f"The curves are those of {recipe.holdout:,} of " in card.notes
    else:
        assert result.curves["test_accuracy"][-1] == pytest.approx(card.accuracy, abs=0.5)


@pytest.mark.slow
@pytest.mark.parametrize("name", OURS)
def test_robustness_was_measured_on_the_test_images_in_their_order(name):
    path = weights.PRETRAINED / f"{name}.robust.json"
    if not path.exists():
        pytest.skip(f"python -m benchmarks.robustness {name} has not been run")
    card, result = SHIPPED[name], evaluation.read(weights.PRETRAINED / f"{name}.eval.npz")
    found = robustness.read(path, card.sha256)
    right = (result.predictions == result.labels)[: found.images].sum()
    assert found.of == card.split["images"]
    assert abs(found.clean - right) <= max(1, found.images / 500)  # other hardware rounds otherwise
    mean = found.mean()
    assert mean[0] > mean[4] and found.clean > mean[4]


@pytest.mark.slow
@pytest.mark.parametrize("name", OURS)
def test_a_network_says_of_the_samples_what_it_said_of_the_test_images(name):
    model, card = weights.load(name)
    if card.dataset not in SAMPLE_SETS:
        pytest.skip(f"no samples of {card.dataset} are shipped")
    result = evaluation.read(weights.PRETRAINED / f"{name}.eval.npz")
    chosen = samples(card.dataset)
    if max(sample.index for sample in chosen) >= len(result.labels):
        pytest.skip(f"the samples of {card.dataset} are not among these {len(result.labels)} test images")
    batch = torch.cat([network_input(each.image, card.channels, card.size, card.mean, card.std) for each in chosen])
    with torch.inference_mode():
        probabilities = model(batch).softmax(1).numpy()
    index = [sample.index for sample in chosen]
    assert result.labels[index].tolist() == [sample.label for sample in chosen]
    np.testing.assert_allclose(probabilities, result.probabilities[index].astype(np.float32), atol=0.01)


def test_what_the_recipe_list_calls_published_is_shipped():
    published = {name for name, job in jobs().items() if accuracy(name, job) is not None and job.shipped}
    assert published <= SHIPPED.keys() and "mnist-cnn" in published
