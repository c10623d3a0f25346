"""Where a network has pictures: its own last features, the plane and the nearest as scikit-learn finds them."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors
from torch import nn

from explorer.classify.features import features
from explorer.classify.neighbours import Plane, alike, nearest
from explorer.errors import ExplorerError
from explorer.subjects import untrained
from tests.classify.test_predict import subject


@pytest.fixture
def points():
    return np.random.default_rng(3).normal(size=(40, 12)).astype(np.float32) * np.arange(1, 13)


@pytest.mark.parametrize("name", ["mlp", "digits-cnn", "cabeq-rn-2"])
def test_the_features_are_what_the_last_dense_layer_makes_its_answer_of(name):
    network = untrained(name, 16, 0)
    batch = torch.randn(7, network.channels, network.size, network.size, generator=torch.Generator().manual_seed(0))
    last = [layer for layer in network.model.modules() if isinstance(layer, nn.Linear)][-1]
    logits = F.linear(torch.from_numpy(features(network, batch)), last.weight, last.bias)
    with torch.inference_mode():
        torch.testing.assert_close(logits.softmax(1), network.model(batch).softmax(1))


def test_many_pictures_are_asked_in_parts_and_a_network_without_a_dense_layer_by_what_it_puts_out():
    network = subject(nn.Sequential(nn.Conv2d(3, 3, 512), nn.Flatten()), size=512)
    batch = torch.randn(3, 3, 512, 512)
    with torch.inference_mode():
        np.testing.assert_allclose(features(network, batch), network.model(batch).numpy(), rtol=1e-4, atol=1e-4)


def test_damaged_weights_are_one_sentence():
    damaged = nn.Linear(192, 5)
    nn.init.constant_(damaged.weight, float("nan"))
    network = subject(nn.Sequential(nn.Flatten(), damaged, nn.Linear(5, 3)))
    with pytest.raises(ExplorerError, match="damaged"):
        features(network, torch.randn(2, 3, 8, 8))


def test_the_plane_is_that_of_the_principal_components(points):
    plane, other = Plane.of(points), PCA(2).fit(points)
    np.testing.assert_allclose(np.abs(plane.at(points)), np.abs(other.transform(points)), rtol=1e-3, atol=1e-3)
    assert plane.kept == pytest.approx(other.explained_variance_ratio_.sum(), rel=1e-4)
    assert all(axis[np.abs(axis).argmax()] > 0 for axis in plane.axes.T)


def test_of_features_that_do_not_differ_all_lie_in_one_place():
    plane = Plane.of(np.full((5, 3), 2.0, np.float32))
    assert not plane.at(np.full((5, 3), 2.0)).any() and plane.kept == 1
    line = Plane.of(np.outer(np.arange(4.0), [1.0, 2.0]))
    assert line.kept == pytest.approx(1) and not line.at(np.outer(np.arange(4.0), [1.0, 2.0]))[:, 1].any()


def test_the_nearest_are_those_in_all_directions(points):
    found = NearestNeighbors(n_neighbors=6).fit(points).kneighbors(return_distance=False)[:, :5]
    np.testing.assert_array_equal(nearest(points, 5), found)


def test_alike_counts_those_that_show_the_same_thing():
    assert alike(np.array([[1, 2], [0, 2]]), [4, 4, 5]) == 0.5
    assert alike(np.array([[1], [0]]), [1, 1]) == 1
