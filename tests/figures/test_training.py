import numpy as np

from explorer.figures.training import (
    MOST_POINTS,
    Series,
    accuracy,
    cable_curves,
    cable_values,
    confusion,
    loss,
    per_class,
)

LINES = [
    {
        "epoch": n,
        "train_loss": 1 / n,
        "test_loss": 2 / n,
        "train_accuracy": 50.0 + n,
        "test_accuracy": 40.0 + n,
        "cable": {"c": {"phi": [[n, 2 * n]], "psi": [[1.0, 1.0]], "tau": [[0.1 * n, -0.1]]}},
    }
    for n in (1, 2, 3)
]


def test_curves_hold_every_epoch_that_has_the_value():
    lines = [*LINES, {"epoch": 4, "train_loss": 0.1}, {"epoch": 5, "train_loss": float("nan")}]
    train, test = loss([Series("a", lines)]).lines
    assert train.x == [1, 2, 3, 4, 5] and test.x == [1, 2, 3]
    assert test.y == [2, 1, 2 / 3]
    assert train.y[4] is None, "what is no number is a gap"


def test_long_curves_are_thinned_and_keep_their_ends():
    lines = [{"epoch": n, "train_loss": 1.0} for n in range(1, 9001)]
    (train, _) = loss([Series("a", lines)]).lines
    assert len(train.x) <= MOST_POINTS + 1 and (train.x[0], train.x[-1]) == (1, 9000)


def test_the_papers_figure_is_one_dashed_level_line():
    (paper,) = [
        line for line in accuracy([Series("a", LINES)], (96.0, "CNN from scratch")).lines if line.dash == "dashed"
    ]
    assert (paper.name, paper.x, paper.y) == ("96 % CNN from scratch", [1, 3], [96.0, 96.0])


def test_runs_over_each_other_differ_in_colour_and_share_it_between_training_and_test():
    lines = loss([Series("a", LINES), Series("b", LINES)]).lines
    colours = [{line.colour for line in lines if line.name.startswith(name)} for name in "ab"]
    assert [len(one) for one in colours] == [1, 1] and colours[0] != colours[1]
    assert [line.name for line in lines if line.legend] == ["a", "b"]


def test_cable_values_are_one_line_a_channel_pair():
    epochs, values = cable_values([*LINES, {"epoch": 4, "cable": {}}], "c")
    assert epochs == [1, 2, 3]
    np.testing.assert_array_equal(values["phi"][:, 0, 1], [2, 4, 6])
    charts = cable_curves(LINES, "c")
    assert [chart.title for chart in charts] == ["Φ", "Ψ", "τ"] and [len(chart.lines) for chart in charts] == [2, 2, 2]
    assert (charts[0].lines[1].name, charts[0].lines[1].y) == ("2→1", [2, 4, 6])


def test_a_wide_cable_layer_is_drawn_in_part_and_says_so():
    wide = [[1.0] * 16] * 16
    chart, *_ = cable_curves([{"epoch": 1, "cable": {"c": {"phi": wide, "psi": wide, "tau": wide}}}], "c")
    assert len(chart.lines) == 32 and chart.title == "Φ, 32 of 256 pairs"


def test_confusion_colours_shares_and_prints_counts():
    counts = np.array([[8, 2], [0, 0]])
    (heat,) = confusion(counts, ["cat", "dog"]).data
    np.testing.assert_allclose(heat.z, [[0.8, 0.2], [0, 0]])
    np.testing.assert_array_equal(heat.text, counts)


def test_a_class_without_images_is_a_gap_and_not_an_error():
    (bars,) = per_class(np.array([90.0, np.nan]), ["cat", "dog"]).data
    assert np.isnan(bars.y[1])
