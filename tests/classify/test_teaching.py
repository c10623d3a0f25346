"""A layer of one's own: the same as scikit-learn's, asked only about what it has not seen, and part of a network."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from explorer.classify import teaching
from explorer.classify.features import features
from explorer.classify.predict import probabilities
from explorer.errors import ExplorerError
from explorer.live import pack
from explorer.subjects import untrained


@pytest.fixture
def known():
    """Thirty pictures of three things, twelve features that know them more or less."""
    draw = np.random.default_rng(1)
    labels = np.repeat(np.arange(3), 10)
    return 5 + 3 * draw.normal(size=(30, 12)) + 4 * np.eye(3, 12)[labels], labels


def test_it_is_logistic_regression_on_features_in_units_of_their_spread(known):
    found, labels = known
    taught = teaching.teach(found, labels, 3)
    centred = found - found.mean(0)
    spread = np.sqrt((centred**2).mean())
    other = LogisticRegression(C=1, tol=1e-8, max_iter=10_000).fit(centred / spread, labels)
    np.testing.assert_allclose(taught.says(found), other.predict_proba(centred / spread), atol=1e-4)


def test_nothing_but_what_was_asked_is_kept_from_it(known):
    found, labels = known
    said = teaching.held_out(found, labels, 3)
    folds = np.tile(np.arange(10) % teaching.FOLDS, 3)
    for fold in range(teaching.FOLDS):
        unseen = folds == fold
        expected = teaching.teach(found[~unseen], labels[~unseen], 3).says(found[unseen])
        np.testing.assert_array_equal(said[unseen], expected)
    np.testing.assert_allclose(said.sum(1), 1)


def test_one_picture_of_a_thing_is_too_few_to_ask_about():
    with pytest.raises(ExplorerError, match="two pictures"):
        teaching.held_out(np.eye(3), np.array([0, 0, 1]), 2)


def test_pictures_that_are_all_alike_are_answered_by_how_many_there_are():
    said = teaching.teach(np.ones((4, 3)), np.array([0, 0, 0, 1]), 2).says(np.ones((1, 3)))
    np.testing.assert_allclose(said, [[0.75, 0.25]], atol=1e-4)


def test_the_curve_ends_where_no_picture_is_left_to_ask_about_and_is_the_same_again(known):
    course = list(teaching.growth(known[0], known[1], 3))
    assert [count for count, _ in course] == [1, 2, 3, 5, 8]
    assert all(len(shares) == teaching.DRAWS and 0 <= min(shares) <= max(shares) <= 1 for _, shares in course)
    assert course == list(teaching.growth(known[0], known[1], 3))
    assert np.mean(course[-1][1]) > np.mean(course[0][1])


@pytest.mark.parametrize("name", ["digits-cnn", "cabeq-rn-2"])
def test_as_the_last_layer_of_its_network_it_says_the_same_and_runs_in_a_browser(name):
    base = untrained(name, 16, 0)
    batch = torch.randn(12, base.channels, base.size, base.size, generator=torch.Generator().manual_seed(0))
    found, before = features(base, batch), probabilities(base, batch)
    taught = teaching.teach(found, np.arange(12) % 3, 3)
    mine = teaching.network(base, taught, ["a", "b", "c"])
    np.testing.assert_allclose(probabilities(mine, batch), taught.says(found), atol=1e-5)
    np.testing.assert_array_equal(probabilities(base, batch), before)
    assert mine.classes == ("a", "b", "c") and mine.version != base.version
    assert next(mine.model.parameters()) is next(base.model.parameters())
    graph, _ = pack(mine.model, (mine.channels, mine.size, mine.size))
    assert graph
