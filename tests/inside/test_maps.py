"""What the Feature maps page says about maps, against plain NumPy and the shapes of known networks."""

import csv
import io

import numpy as np
import pytest
import torch

from explorer.errors import ExplorerError
from explorer.inside import blocks, listing, maps
from explorer.inside.maps import statistics
from explorer.networks import zoo
from explorer.render import Scale, colour, strongest

MAPS = np.random.default_rng(0).normal(size=(70, 5, 6)).astype(np.float32)
MAPS[3] = 0
MAPS[4, 0] = 0
FEW = MAPS[:6]


def test_statistics_are_numpys_and_count_zeros():
    stats = statistics(MAPS)
    np.testing.assert_allclose(stats.mean, MAPS.mean((1, 2)), atol=1e-6)
    np.testing.assert_allclose(stats.std, MAPS.std((1, 2)), atol=1e-6)
    assert stats.of(4)["minimum"] == MAPS[4].min() and stats.of(4)["maximum"] == MAPS[4].max()
    assert stats.zeros[3] == 1 and stats.zeros[4] == pytest.approx(6 / 30) and stats.zeros[0] == 0


def test_values_that_are_not_finite_are_left_out_not_spread():
    bad = FEW.copy()
    bad[0, 0, 0], bad[1] = np.inf, np.nan
    stats = statistics(bad)
    assert stats.mean[0] == pytest.approx(float(bad[0].reshape(-1)[1:].mean()), abs=1e-6)
    assert np.isnan(stats.mean[1]) and np.isfinite(stats.mean[2])
    assert maps.order(stats, "mean")[-1] == 1  # nothing known goes last


@pytest.mark.parametrize("by", maps.ORDERS)
def test_every_order_is_a_permutation_with_the_largest_first(by):
    stats = statistics(MAPS)
    found = maps.order(stats, by)
    assert sorted(found) == list(range(len(MAPS)))
    keys = {"mean": stats.mean, "maximum": stats.maximum, "share of zeros": stats.zeros}
    if by in keys:
        assert (np.diff(keys[by][found]) <= 0).all()
    with pytest.raises(ExplorerError, match="sort is 'size'"):
        maps.order(stats, "size")


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (64, 1), (65, 2), (512, 8)])
def test_pages_hold_every_map_once(count, expected):
    ordered = np.arange(count)[::-1]
    assert maps.pages(count) == expected
    assert np.concatenate([maps.on_page(ordered, page) for page in range(1, expected + 1)]).tolist() == ordered.tolist()


def test_the_three_scales_hold_what_they_promise():
    whole = Scale(-9.0, 9.0, "signed")
    own, layer = maps.map_scales(FEW, "Map", whole), maps.map_scales(FEW, "Layer", whole)
    assert [scale.high for scale in own] == [float(np.abs(one).max()) for one in FEW]
    assert {scale.high for scale in layer} == {float(np.abs(FEW).max())}
    assert maps.map_scales(FEW, "Model", whole) == [whole] * len(FEW)
    for scales in (own, layer):
        drawn = maps.tiles(FEW, scales)
        assert all(np.array_equal(drawn[i], colour(FEW[i], scales[i])) for i in range(len(FEW)))


def test_large_maps_are_thinned_to_what_a_mosaic_shows():
    small, step = maps.thinned(np.arange(200 * 130).reshape(1, 200, 130))
    assert step == 4 and small.shape == (1, 50, 33) and small[0, 1, 1] == 4 * 130 + 4
    assert maps.thinned(MAPS)[1] == 1


def test_an_overlay_shows_each_value_over_its_part_of_the_image():
    picture = np.zeros((4, 4, 3), np.uint8)
    scale = Scale(0, 1)
    drawn = maps.overlay(np.array([[0, 1], [0.5, 0]]), scale, picture, share=1)
    np.testing.assert_array_equal(drawn[:2, 2:], np.broadcast_to(colour(np.array([[1.0]]), scale)[0, 0], (2, 2, 3)))
    assert (maps.overlay(np.zeros((2, 2)), scale, picture + 200, share=0) == 200).all()


def test_a_difference_is_zero_for_one_network_and_signed_for_two():
    same = maps.difference(FEW, FEW)
    assert same.largest == 0 and same.correlation == pytest.approx(1)
    found = maps.difference(FEW, 1 - 2 * FEW)
    np.testing.assert_allclose(found.maps, 3 * FEW - 1, atol=1e-6)
    assert found.correlation == pytest.approx(-1) and found.largest == pytest.approx(np.abs(3 * FEW - 1).max())
    np.testing.assert_allclose(found.mean, np.abs(3 * FEW - 1).mean((1, 2)), rtol=1e-6)
    assert np.isnan(maps.difference(np.ones((1, 2, 2)), FEW[:1, :2, :2]).correlation)
    with pytest.raises(ExplorerError, match="6 × 5 × 6 and 70 × 5 × 6"):
        maps.difference(FEW, MAPS)


def test_top_images_are_those_with_the_highest_value():
    outputs = np.zeros((5, 3, 3))
    outputs[1, 2, 2], outputs[3, 0, 0], outputs[4, 1, 1] = 5, 7, 5
    assert maps.top_images(outputs, 3) == [(3, 7.0), (1, 5.0), (4, 5.0)]


def test_what_is_taken_away_holds_the_numbers():
    rows = list(csv.DictReader(io.StringIO(maps.to_csv(statistics(FEW)))))
    assert [int(row["map"]) for row in rows] == list(range(6))
    assert float(rows[2]["mean"]) == pytest.approx(float(FEW[2].mean()), rel=1e-5)
    with np.load(io.BytesIO(maps.to_npz(maps=FEW, input=MAPS[0]))) as held:
        np.testing.assert_array_equal(held["maps"], FEW)


FIRST = {"cabeq-rn-1": "stem.conv", "alexnet": "conv1", "lenet": "conv1", "mlp": "dense1", "digits-cnn": "conv"}


@pytest.mark.parametrize(("name", "first"), FIRST.items())
def test_the_first_layer_is_worth_looking_at_and_says_why(name, first):
    known = zoo.entry(name)
    model = zoo.build(name, width=max(4, known.width_step), seed=0)
    layers = listing.layers(model, torch.zeros(1, known.channels, known.size, known.size))
    assert maps.first_layer(layers)[0] == first and maps.first_layer(layers)[1].startswith("Start here")


def test_a_layer_opens_where_there_is_something_to_see():
    values = np.zeros((3, 8, 8))
    values[1] = 5  # strong, and flat
    values[2, 0, 3], values[2, 4, 6], values[2, 5, 5] = 9, -4, np.nan
    assert maps.liveliest(values) == 2 and strongest(values[2]) == (4, 6)
    assert strongest(np.array([[1.0, -7.0]])) == (0, 1)
    assert maps.liveliest(np.array([0.2, 0.7, np.nan])) == 1
    assert strongest(np.full((6, 6), np.inf)) == (1, 1)


def test_small_maps_are_shown_by_strength():
    model = zoo.build("original", width=4, seed=0)
    layers = {layer.name: layer for layer in listing.layers(model, torch.zeros(1, 3, 32, 32))}
    orders = {
        name: maps.usual_order(layers[name], 32) for name in ("stem.conv", "stages.1.0.add", "stages.3.1.relu2", "head")
    }
    assert orders == {"stem.conv": "number", "stages.1.0.add": "number", "stages.3.1.relu2": "mean", "head": "number"}


def test_the_drawing_has_every_layer_once_in_the_blocks_of_the_paper():
    model = zoo.build("cabeq-rn-2", width=2)
    layers = listing.layers(model, torch.zeros(1, 3, 32, 32))
    found = blocks.blocks(layers)
    assert [layer for block in found for layer in block.layers] == layers
    assert [block.name for block in found] == [
        "input",
        "cable 0",
        "cable 1",
        "stem",
        *(f"stage {stage}.{block}" for stage in range(4) for block in range(2)),
        "pool",
        "head",
    ]
    assert [block.residual for block in found] == [False, True, True, False, *[True] * 8, False, False]
    assert blocks.block_of(found, "stages.1.0.shortcut.conv") == 6
    assert sum(block.parameters for block in found) == zoo.parameters(model)


def test_a_plain_chain_is_cut_where_something_learns():
    layers = listing.layers(zoo.build("cnn", width=4, size=32, channels=3), torch.zeros(1, 3, 32, 32))
    found = blocks.blocks(layers)
    assert [block.name for block in found] == ["input", "conv1", "conv2", "conv3", "dense", "head"]
    assert [layer.name for layer in found[1].layers] == ["conv1", "bn1", "relu1", "pool1"]
