"""What the texts work through or draw, on the Layers page by AppTest: chains, steps, operations, presets."""

import pytest

from explorer.layers.tensors import OPERATIONS
from explorer.ui.layers.pipeline import STEPS
from tests.pages.test_layers import healthy, metrics, words


@pytest.fixture
def layers(open_page):
    return lambda **params: open_page("Layers", **params)


def test_003s_chain_equation_by_equation(layers):
    app = healthy(layers(tab="Backward", layer="chain"))
    assert metrics(app) == {"loss": "0.101164", "after one step": "0.084448", "q of class 0 then": "0.919019"}
    said = {
        23: r"\frac1{q_i}=1.106",
        27: r"0.903784\cdot0.096216=0.086958",
        28: r"-q_i\,q_1=-0.903784\cdot0.096216=-0.086958",
        30: r"z_0=\max\big(0,\ 1\cdot1.450+2\cdot1.500+0.5000\cdot2+0\cdot1\big)=5.450",
        33: r"-(1-0.903784)=-0.096216",
        34: r"q_1=0.096216",
        35: r"k=\nabla L\cdot s",
    }
    for number, latex in said.items():
        app.select_slider(key="chain_at").set_value(number).run()
        assert latex in " ".join(one.value for one in healthy(app).latex[:2])  # the chosen one, before all of them
    app.select_slider(key="chain_at").set_value(34).run()
    assert "**The text prints 1 − q_j**, here 0.903784" in words(healthy(app))
    app.number_input(key="chain_decay").set_value(0.1).run()
    assert "The penalty stays, and gives 2λ·W." in words(healthy(app))
    silent = healthy(layers(tab="Backward", layer="chain", chain_at=31, chain_a=3))
    assert r"\frac{\partial x'_3}{\partial W_{3,0}}=0" in words(silent)


@pytest.mark.parametrize(
    "params",
    [
        {"chain_x": "1e6,1e6", "chain_at": "99", "chain_step": "nan"},
        {"chain_last": "1;2", "chain_truth": "7"},
        {"chain_x": "0;1", "chain_first": "inf", "chain_at": 35},
    ],
)
def test_any_network_can_be_in_the_chain(layers, params):
    healthy(layers(tab="Backward", layer="chain", **params))


def test_padding_says_what_it_makes_of_the_image(layers):
    app = layers()
    app.selectbox(key="convolution-preset").set_value("figure-5").run()
    assert "32 × 32 × 3 → **36 × 36 × 3**" in words(healthy(app))
    app.selectbox(key="convolution-preset").set_value("figure-4").run()
    assert r"\frac{7 - 3 + 2\cdot 0}{2} + 1 = 3" in words(healthy(app)) and "With its padding" not in words(app)


def test_convolution_beside_correlation(layers):
    app = healthy(layers(show="Flipped", filters="sobel-x"))
    assert "Largest difference: **" in words(app)
    app.multiselect(key="filters").set_value(["cable"]).run()
    assert any("looks the same turned" in box.value for box in healthy(app).success)
    healthy(layers(show="Flipped", filters="random", colour="Colour", map=3))


def test_the_lines_of_both_kinds_of_layer_are_counted(layers):
    app = healthy(layers(show="Connections", kernel=3))
    assert metrics(app) == {"weights, fully connected": "48", "weights, convolutional": "3"}
    assert "150,528 inputs" in words(app)
    app = layers(show="Connections", kernel=9, filters="box", neurons=4)
    assert not app.exception and "does not fit" in app.error[0].value


def test_a_curve_that_overfits_and_what_calms_it(layers):
    app = healthy(layers(tab="Classification", subject="Overfitting", degree=11))
    wild = float(metrics(app)["error on new points"])
    assert float(metrics(app)["error on its points"].split("·")[0]) < 10
    app.slider(key="degree").set_value(2).run()
    assert float(metrics(healthy(app))["error on new points"]) < wild
    app = healthy(layers(tab="Classification", subject="Overfitting", degree=11, fit_lambda="0.01"))
    assert float(metrics(app)["error on new points"]) < wild


def test_l1_ends_weak_weights_and_l2_none(layers):
    app = healthy(layers(tab="Classification", subject="L2", decay_steps=300))
    assert metrics(app)["L2 leaves of each"] == "54.8%"  # (1 - 2 · 0.1 · 0.01)³⁰⁰
    assert metrics(app)["L1 makes 0"] == "0%"
    app.number_input(key="decay_steps").set_value(1000).run()
    assert metrics(healthy(app))["L1 makes 0"] == "71%"  # 17 of 24 are of size 1


def test_every_operation_on_tensors_of_any_dimensions(layers):
    app = healthy(layers(tab="Backward", layer="tensors"))
    assert "Zeros between neighbours" in words(app) and "(5, 7)" in app.code[0].value
    for operation in OPERATIONS:
        app.selectbox(key="operation-box").set_value(operation).run()
        healthy(app)
    deep = healthy(layers(tab="Backward", layer="tensors", operation="dot", dimensions=3))
    assert "A @ B" in deep.code[0].value
    wrong = layers(tab="Backward", layer="tensors", operation="reshape", dims_reshape="5,5")
    assert not wrong.exception and "12 numbers do not make 5 × 5" in wrong.error[0].value
    healthy(layers(tab="Backward", layer="tensors", dimensions=9, tensor_step="inf", shape_2="2,3"))


def test_a_training_step_on_four_digits(layers):
    app = healthy(layers(tab="Backward", layer="pipeline"))
    begun = float(metrics(app)["loss"])
    for step in STEPS:
        app.segmented_control(key="pipeline_step").set_value(step).run()
        healthy(app)
    app.slider(key="batches").set_value(60).run()
    assert float(metrics(healthy(app))["loss"]) < begun / 2 and metrics(app)["right"] == "4 of 4"
    other = healthy(layers(tab="Backward", layer="pipeline", begin="Normal, as He", first_digit=3800))
    assert metrics(other)["loss"] != metrics(app)["loss"]
