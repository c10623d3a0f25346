import numpy as np

from explorer.figures.classify import Axis, courses, disturbed, strengths

FOUND = {"one": [(90.0, 88.0, 92.0), (50.0, 47.0, 53.0), (20.0, 18.0, 23.0)], "other": [(80.0, 78.0, 82.0)] * 3}


def test_every_network_has_its_curve_in_the_band_of_its_interval():
    figure = disturbed(FOUND, Axis("strength", {0: "as it is", 1: "1", 2: "2"}), 10)
    bands, curves = figure.data[::2], figure.data[1::2]
    for band, curve, (name, rows) in zip(bands, curves, FOUND.items(), strict=True):
        middle, low, high = np.array(rows).T
        assert curve.name == name and curve.showlegend is None and not band.showlegend
        np.testing.assert_array_equal(curve.y, middle)
        places = np.array(band.x)
        for place in range(3):
            ends = np.array(band.y)[places == place]
            assert (ends.min(), ends.max()) == (low[place], high[place])
        assert band.fillcolor.startswith("rgba(") and band.legendgroup == curve.legendgroup  # they come and go together
    assert curves[0].line.color != curves[1].line.color
    assert 10 in [shape.y0 for shape in figure.layout.shapes]  # chance


def test_strengths_stand_above_their_levels_and_none_is_cut_off():
    axis = strengths({0: 0.0, 1: 0.04, 2: 0.1}, "standard deviation")
    figure = axis.on(disturbed(FOUND, axis, 10))
    assert figure.layout.xaxis.title.text == "standard deviation"
    assert figure.layout.xaxis.ticktext == ("as it is", "<b>1</b><br>0.04", "<b>2</b><br>0.1")
    low, high = figure.layout.xaxis.range
    assert low < 0 and high > 2
    assert strengths({0: 0.0, 6: 4.0}, "").ticks == {0: "as it is", 6: "utmost<br>4"}


def test_one_class_has_a_colour_a_model_and_several_a_colour_a_class():
    shares = np.array([[0.9, 0.1], [0.2, 0.8]])
    alone = courses([0, 1], {"a": shares, "b": shares}, ["cat", "dog"], [0], Axis("step"))
    assert [line.name for line in alone.data] == ["a", "b"]
    assert alone.data[0].line.color != alone.data[1].line.color
    both = courses([0, 1], {"a": shares, "b": shares}, ["cat", "dog"], [0, 1], Axis("step"))
    cat, dog, one, other_cat, _, other = both.data
    assert [line.name for line in both.data if line.showlegend is not False] == ["cat", "dog", "a", "b"]
    assert (one.line.dash, other.line.dash) == (cat.line.dash, other_cat.line.dash)
    assert cat.line.color == other_cat.line.color != dog.line.color and cat.line.dash != other_cat.line.dash
    np.testing.assert_array_equal(dog.y, shares[:, 1])
