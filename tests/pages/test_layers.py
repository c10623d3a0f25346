"""The Layers page by AppTest: every tab and preset opens, wrong input is one sentence, buttons edit the stack."""

import json

import numpy as np
import pandas as pd
import pytest

from explorer.errors import ExplorerError
from explorer.networks.stack import PRESETS, parse
from explorer.ui.layers import source
from explorer.ui.layers.stack_frame import from_frame, to_frame
from explorer.ui.shared.widgets import read_table, write_table

TABS = ["Convolution", "Activation", "Pooling", "Backward", "Classification", "Stack"]


def words(app) -> str:
    kinds = (app.markdown, app.caption, app.info, app.latex)
    return " ".join(element.value for kind in kinds for element in kind)


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def healthy(app):
    wrong = [box.value for kind in (app.exception, app.error) for box in kind]
    assert wrong == []
    return app


@pytest.fixture
def layers(open_page):
    return lambda **params: open_page("Layers", **params)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_and_only_it_is_computed(layers, tab):
    app = healthy(layers(tab=tab))
    assert app.get("tab_container") and sum(bool(tab.children) for tab in app.tabs[:6]) == 1


def test_the_sum_behind_a_value_and_the_size_formula(layers):
    app = healthy(layers(input="Matrix", filters="typed", kernel=2, row=1, column=2))  # as links said it before
    # 003's sizes: 4 × 4 and 2 × 2 make 3 × 3; row 1, column 2 of our numbers is 1·1 + 1·0 + 4·0 - 1·1 = 0
    assert "Map 0 at row 1, column 2: 0 + bias 0 = **0**" in words(app)
    app.number_input(key="column").set_value(0).run()
    assert "Map 0 at row 1, column 0: 1 + bias 0 = **1**" in words(healthy(app))
    assert r"H_\text{out} = \frac{4 - 2 + 2\cdot 0}{1} + 1 = 3" in words(healthy(app))


def test_every_convolution_preset_works_and_two_in_a_row_are_one(layers):
    app = layers(show="Two in a row")
    for preset in source.PRESETS:
        app.selectbox(key="convolution-preset").set_value(preset).run()
        healthy(app)
        assert "so no single kernel does the same" in words(app)
    assert app.number_input(key="kernel").value == 11


@pytest.mark.parametrize(("preset", "told"), [("conv1", {"count": "3"}), ("figure-5", {"colour": "Colour"})])
def test_a_link_brings_back_what_a_preset_brought_to_the_page(layers, preset, told):
    app = layers(input="Matrix")  # neither the random filters nor the image's channels are there yet
    app.selectbox(key="convolution-preset").set_value(preset).run()
    assert told.items() <= dict(app.query_params).items()
    again = healthy(layers(**app.query_params))
    assert again.selectbox(key="convolution-preset").value == preset


def test_example_1_of_001_in_both_orders(layers):
    app = layers(show="In memory")
    assert "a piece of 3 × 3 × 3 of the 4 × 30 × 30" in words(healthy(app))
    app.selectbox(key="convolution-preset").set_value("example-1").run()
    assert "Both hold the same 18 numbers." in words(healthy(app))
    assert "9 places on, or 1" in words(app) and "1 place on, channels first, and 2 places on" in words(app)
    app.multiselect(key="filters").set_value(["sobel-x"]).run()
    assert "Both hold the same 9 numbers." in words(healthy(app))


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"kernel": 15, "dilation": 8}, "does not fit"),
        ({"kernel": 2}, "too small for a 3×3 filter"),
        ({"filters": ""}, "no filter is chosen"),
    ],
)
def test_impossible_convolutions_say_why(layers, params, said):
    app = layers(**params)
    assert not app.exception and len(app.error) == 1
    assert said.lower() in app.error[0].value.lower()


def test_hostile_links_fall_back(layers):
    app = layers(kernel="1e99", row="-4", column="nan", filters="<script>", matrix="1,2;inf", size="7", map=10**9)
    healthy(app)
    assert "<script>" not in words(app)
    healthy(layers(input="Matrix", matrix="1,2;3", typed="a"))
    healthy(layers(tab="Nowhere"))


@pytest.mark.parametrize("name", ["softmax", "elu", "rrelu", "selu"])
def test_activations_with_their_parameters(layers, name):
    app = healthy(layers(tab="Activation", f=name))
    assert 0 < float(metrics(app)["mean |f′|"]) < 2
    if name == "rrelu":
        app.slider(key="rrelu_lower").set_value(0.9).run()
        assert "Lower of RReLU" in app.error[0].value


def test_relu_silences_what_is_negative(layers):
    app = healthy(layers(tab="Activation", input="Matrix", filters="typed", kernel=2))
    maps = np.array([[0, 1, -1], [1, -3, 0], [0, 0, 1]])  # the typed kernel is x[i, j] - x[i + 1, j + 1]
    shown = app.metric[0].value
    assert shown == f"{(maps <= 0).mean():.1%}"


def test_pooling_shows_figure_8_and_what_a_shift_changes(layers):
    app = layers(tab="Pooling")
    app.selectbox(key="pool-preset").set_value("figure-8").run()
    healthy(app)
    assert "4 × 4 → 2 × 2: 25% of the values are left. 25% of the values won a window." in words(app)
    app.segmented_control(key="pool_show").set_value("Shift").run()
    assert set(metrics(healthy(app))) == {"unchanged before", "unchanged after", "change before", "change after"}
    app.selectbox(key="pool-preset").set_value("overlap").run()
    healthy(app)


def test_the_list_to_start_from_names_what_the_settings_are(layers):
    app = layers(tab="Pooling")
    assert app.selectbox(key="pool-preset").value is None
    app.selectbox(key="pool-preset").set_value("overlap").run()
    assert (app.selectbox(key="pool-preset").value, app.number_input(key="pool_size").value) == ("overlap", 3)
    app.number_input(key="pool_size").set_value(2).run()
    assert app.selectbox(key="pool-preset").value is None
    app.number_input(key="pool_size").set_value(3).run()
    assert app.selectbox(key="pool-preset").value == "overlap"


@pytest.mark.parametrize("layer", ["conv", "maxpool", "dense", "cross-entropy"])
def test_backward_prints_the_difference_from_autograd(layers, layer):
    app = healthy(layers(tab="Backward", layer=layer))
    assert {"0"} >= set(metrics(app).values()) - {value for value in metrics(app).values() if "10⁻" in value}


def test_backward_says_what_cannot_be(layers):
    app = layers(tab="Backward", layer="conv", back_size=2, back_kernel=5, back_padding=0)
    assert "does not fit" in app.error[0].value


def test_the_example_of_003_with_both_logarithms(layers):
    app = healthy(layers(tab="Classification"))
    assert metrics(app) == {"q of class 0": "0.903784", "−ln q, natural": "0.101165", "−log₁₀ q": "0.043935"}
    assert "base-10 logarithm" in app.info[0].value
    assert "equation (34) is printed wrong" in app.info[0].value and "**q_j**, 0.096216" in app.info[0].value
    app.number_input(key="truth").set_value(1).run()
    assert metrics(healthy(app))["q of class 1"] == "0.096216" and not app.info


def test_a_bias_before_batchnorm_moves_the_mean_and_nothing_after_it(layers):
    link = {"tab": "Classification", "subject": "BatchNorm", "filters": "sobel-x"}
    plain, moved = (
        {one.label: one.value for one in healthy(layers(**link, **bias)).metric} for bias in ({}, {"bias_before": 3})
    )
    means = [float(shown["mean of map 0"].replace("−", "-")) for shown in (plain, moved)]
    assert means[1] == pytest.approx(means[0] + 3, abs=0.01)
    assert moved["moved by b"] == "0" and moved["mean after"] == plain["mean after"]


@pytest.mark.parametrize("subject", ["Dropout", "L2", "BatchNorm"])
def test_regularisers_on_real_maps(layers, subject):
    app = healthy(layers(tab="Classification", subject=subject, filters="sobel-x"))
    shown = metrics(app)
    expected = {"Dropout": ("set to zero", ""), "L2": ("R(W) = ΣW²", "12.0"), "BatchNorm": ("std after", "1.00")}
    label, value = expected[subject]  # L2 of Sobel: four ones and two twos, squared
    if subject == "Dropout":
        assert 40 < float(shown[label].rstrip("%")) < 60
    else:
        assert shown[label].startswith(value)


def test_logits_from_the_maps(layers):
    app = healthy(layers(tab="Classification", logits_from="From the maps", classes=5, truth=4))
    assert "X_aug" in words(app) and "q of class 4" in metrics(app)


@pytest.mark.parametrize("preset", ["display-4", "digits", "notebook"])
def test_stack_presets_show_their_counts(layers, preset):
    app = healthy(layers(tab="Stack", stack=preset))
    assert metrics(app)["parameters"] == f"{sum(one.parameters for one in PRESETS[preset].plan()):,}"


def test_buttons_reorder_duplicate_delete_and_add_and_the_link_restores_them(layers):
    app = layers(tab="Stack", stack="digits")
    app.button(key="stack-duplicate").click().run()
    assert metrics(healthy(app))["parameters"] == "2,598"  # a second conv, 4 -> 4 channels: 148 more
    app.number_input(key="stack-row").set_value(5).run()
    app.button(key="stack-up").click().run()  # flatten before the pool
    assert "Row 5 (maxpool): its input is a vector" in app.error[0].value
    app.number_input(key="stack-row").set_value(5).run()
    app.button(key="stack-delete").click().run()
    app.selectbox(key="stack-new").set_value("batchnorm").run()
    app.button(key="stack-add").click().run()
    healthy(app)
    kinds = [row["kind"] for row in app.session_state["stack.rows"]]
    assert kinds == ["conv", "conv", "activation", "flatten", "dense", "batchnorm", "activation", "dense"]
    link = app.query_params["rows"]
    again = healthy(layers(tab="Stack", stack="digits", rows=link[0] if isinstance(link, list) else link))
    assert again.session_state["stack.rows"] == app.session_state["stack.rows"]


def test_cells_can_be_edited_and_impossible_ones_name_their_row(layers):
    app = layers(tab="Stack", stack="digits")
    table = f"stack-table-{app.session_state['stack.version']}"
    app.session_state[table] = {"edited_rows": {0: {"out": 6}}, "added_rows": [], "deleted_rows": []}
    app.run()
    assert metrics(healthy(app))["parameters"] == "3,494"
    added = [{}, {"layer": "dense", "out": 3}]
    app.session_state[table] = {"edited_rows": {}, "added_rows": added, "deleted_rows": [1]}
    app.run()
    app.run()  # the editor is still the same one: what was added stays
    kinds = [row["kind"] for row in app.session_state["stack.rows"]]
    assert kinds == ["conv", "maxpool", "flatten", "dense", "activation", "dense", "dense"]
    assert metrics(healthy(app))["parameters"] == "2,483"
    app.session_state[table] = {"edited_rows": {0: {"kernel": 99}}, "added_rows": [], "deleted_rows": []}
    app.run()
    assert "row 1 (conv): kernel is 99" in app.error[0].value.replace("Row", "row")


def test_json_is_imported_or_refused(layers):
    app = layers(tab="Stack", stack="digits")
    rows = [{"kind": "conv", "channels": 2}, {"kind": "flatten"}]
    app.text_area(key="stack-pasted").set_value(json.dumps({"rows": rows, "input": [3, 16, 16]})).run()
    app.button(key="stack-import").click().run()
    assert metrics(healthy(app))["parameters"] == str(2 * (27 + 1))
    app.text_area(key="stack-pasted").set_value('[{"kind": "conv", "channels": NaN}]').run()
    app.button(key="stack-import").click().run()
    assert "channels is nan" in app.warning[0].value and metrics(app)["parameters"] == "56"
    broken = layers(tab="Stack", rows="broken")
    assert "link" in broken.warning[0].value and metrics(healthy(broken))["parameters"] == "57,170"


@pytest.mark.parametrize("key", PRESETS)
def test_rows_survive_the_table(key):
    rows = [one.plain() for one in PRESETS[key].rows]
    assert parse(from_frame(to_frame(rows))).rows == PRESETS[key].rows


def test_the_table_takes_odd_cells():
    rows = [{"kind": "activation", "function": "rrelu", "lower": 0.1, "upper": 0.25}, {"kind": "dropout", "p": 0.2}]
    frame = to_frame(rows)
    assert list(frame["values"]) == ["lower=0.1, upper=0.25", "p=0.2"]
    assert from_frame(frame) == rows
    frame.loc[2, "values"] = "alpha=3"  # another kind's value: passed over
    assert from_frame(frame)[1] == {"kind": "dropout"}
    frame.loc[2, "values"] = "p=half"
    with pytest.raises(ExplorerError, match="row 2: the value 'p=half'"):
        from_frame(frame)
    longer = pd.DataFrame(pd.concat([frame[:1], pd.DataFrame([{"out": 3}])]))
    assert from_frame(longer) == rows[:1]  # a line without a layer
    assert len(to_frame([])) == 0 == len(from_frame(to_frame([])))


def test_tables_in_links():
    assert write_table(read_table("1,2.5;-3,1e3", 4)) == "1,2.5;-3,1000"
    for bad in ("", "1,2;3", "a", "1,nan", "1,2,3,4,5", "1e9"):
        with pytest.raises(ExplorerError):
            read_table(bad, 4)


def test_another_link_in_the_same_session_has_the_last_word(layers):
    app = layers(tab="Stack", stack="digits")
    app.button(key="stack-delete").click().run()
    app.query_params["rows"] = PRESETS["lenet"].link()
    assert metrics(healthy(app.run()))["parameters"] == "61,706"
    app.selectbox(key="stack-box").set_value("cnn").run()
    assert metrics(healthy(app))["parameters"] == "20,490" and "rows" not in app.query_params


def test_the_start_names_a_preset_only_while_the_rows_are_its_own(layers):
    app = layers(tab="Stack", stack="digits")
    assert app.selectbox(key="stack-box").value == "digits"
    table = f"stack-table-{app.session_state['stack.version']}"
    app.session_state[table] = {"edited_rows": {0: {"out": 6}}, "added_rows": [], "deleted_rows": []}
    app.run()
    assert app.selectbox(key="stack-box").value is None and "rows" in app.query_params
    app.session_state[table] = {"edited_rows": {0: {"kernel": 99}}, "added_rows": [], "deleted_rows": []}
    app.run()
    assert app.error and app.selectbox(key="stack-box").value is None
    app.selectbox(key="stack-box").set_value("digits").run()
    assert metrics(healthy(app))["parameters"] == "2,450" and app.selectbox(key="stack-box").value == "digits"
    app.selectbox(key="stack-box").set_value("notebook").run()
    assert metrics(healthy(app))["parameters"] == "57,170" and not {"stack", "rows"} & set(app.query_params)
