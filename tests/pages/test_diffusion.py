"""The Diffusion page without a browser: presets, edges, deep links, hostile values, and files that restore it."""

import io
import json
from types import SimpleNamespace
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from PIL import Image

from explorer.diffusion import nerve
from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.diffusion.membrane import DENDRITES
from explorer.diffusion.presets import PRESETS
from explorer.diffusion.scene import TABS, Scene
from explorer.diffusion.versus import VERSUS
from explorer.networks.growth import growth, pairs, square_layers
from explorer.networks.zoo import build
from explorer.render import number
from explorer.ui.diffusion import circuit
from explorer.ui.diffusion.glance import LOOK
from explorer.ui.shared import caches

ALONE = {"The neuron", "The active cable"}  # tabs without the player


def texts(app) -> str:
    kinds = (app.markdown, app.caption, app.error, app.info, app.success, app.warning, app.get("html"))
    return " ".join(str(getattr(element, "value", None) or element.proto) for kind in kinds for element in kind)


def fine(app) -> bool:
    return not app.exception and not app.error


def upload(app, content: bytes, name: str = "diffusion.json"):
    return app.file_uploader(key="parameters").set_value((name, content, "application/json")).run()


@pytest.fixture
def page(open_page):
    def page(**params):
        return open_page("Diffusion", **{"size": 32, **params})

    return page


def test_every_preset_fills_the_controls_and_says_what_it_is(page):
    app = page(tab="Proof")
    assert fine(app)
    for name, preset in PRESETS.items():
        app.selectbox(key="preset").select(name).run()
        assert fine(app)
        assert app.number_input(key="alpha").value == preset.alpha
        assert app.slider(key="tau.slider").value == preset.tau
        verdict = Cable(preset.alpha, preset.tau, preset.h_x, preset.h_y).stability().verdict
        assert LOOK[verdict][2] in texts(app) and preset.look in texts(app)
    assert "broken" in texts(app)  # the explosion
    app.number_input(key="alpha").set_value(1.5).run()
    assert app.selectbox(key="preset").value is None


@pytest.mark.parametrize("edges", BOUNDARIES)
def test_every_edge_mode_in_every_tab(page, edges):
    for tab in ("Go to step n", "Proof", "One pixel", "As a layer"):
        app = page(edges=edges, tab=tab, step=7, colour=str(edges != "zero").lower())
        assert fine(app), tab
        if tab == "As a layer":
            assert ("With zero edges the step **is** the padded convolution" in texts(app)) == (edges == "zero")


@pytest.mark.parametrize(
    ("image", "said"), [("mnist-0", "black along its border"), ("cifar10-104", "in the outermost pixels")]
)
def test_where_padding_changes_nothing_it_says_why(page, image, said):
    app = page(image=image, tab="As a layer", edges="insulated")
    told = texts(app)
    assert fine(app) and [
        words for words in ("black along its border", "in the outermost pixels") if words in told
    ] == [said]


def test_a_deep_link_sets_every_control(page):
    app = page(
        alpha=3.25,
        tau=0.02,
        h_x=0.5,
        h_y=2,
        lock="false",
        edges="zero",
        size=64,
        colour="false",
        step=1000,
        scale="auto",
        row=3,
        column=5,
        tab="One pixel",
        image="pattern-rings",
    )
    assert fine(app)
    values = {name: app.number_input(key=name).value for name in ("alpha", "tau", "h_x", "h_y", "step", "size")}
    assert values == {"alpha": 3.25, "tau": 0.02, "h_x": 0.5, "h_y": 2, "step": 1000, "size": 64}
    assert (app.number_input(key="row").value, app.number_input(key="column").value) == (3, 5)
    assert "row 3, column 5" in texts(app) and "row 3, column 4" in texts(app)


def test_slider_and_field_keep_in_step_and_a_value_beyond_the_slider_stays(page):
    app = page(alpha=1000)
    assert app.number_input(key="alpha").value == 1000
    assert app.slider(key="alpha.slider").value == app.slider(key="alpha.slider").max < 1000
    app.slider(key="alpha.slider").set_value(12.5).run()
    assert app.number_input(key="alpha").value == 12.5
    app.number_input(key="step").set_value(10**9).run()
    assert fine(app) and app.slider(key="step.slider").value == 300
    app.button(key="largest").click().run()
    assert app.number_input(key="alpha").value == 24.875
    assert app.button(key="largest").disabled


@pytest.mark.parametrize(
    "wrong",
    [
        {"alpha": -1, "tau": "nan", "h_x": 0, "size": 31, "step": -5},
        {"alpha": "inf", "tau": "1e999", "step": 1e12, "size": 4096, "edges": "open", "tab": "No such tab"},
        {"versus": "against everything", "other_alpha": "nan", "strokes": "1_2~<b>", "tab": "Proof"},
        {"alpha": "<script>", "colour": "maybe", "lock": "", "scale": "x", "row": "a", "tab": "One pixel"},
    ],
)
def test_wrong_values_in_the_url_are_left_out(page, wrong):
    app = page(**wrong)
    assert fine(app)
    assert app.number_input(key="alpha").value == Scene().alpha


@pytest.mark.parametrize("versus", VERSUS)
def test_every_comparison_of_a_link_is_drawn(page, versus):
    app = page(versus=versus, other_alpha=30, tab="Take away")
    assert fine(app) and app.selectbox(key="versus").value == versus
    assert urlencode({"versus": versus}) in app.code[0].value


@pytest.mark.parametrize("tab", [tab for tab in TABS if tab not in ALONE])
def test_strokes_of_a_link_are_in_every_tab_with_the_image(page, tab):
    app = page(strokes="3_9_9_4_-2.5~7_0_31_3_1.0", step=9, tab=tab)
    assert fine(app)
    assert app.session_state["strokes"] == "3_9_9_4_-2.5~7_0_31_3_1.0"
    if tab == "Proof":
        assert "count from step 7" in texts(app)
    if tab == "Go to step n":  # the disc of −2.5 has not yet diffused away
        assert "min −" in texts(app)


def test_other_schemes_say_their_verdicts_and_orders(page):
    app = page(tab="Other schemes", alpha=10, tau=0.3, step=3, size=32)
    said = texts(app)
    for name, verdict in {"explicit": "divergent", "implicit": "smooth", "Crank-Nicolson": "ringing"}.items():
        assert f"**{name}**  \n{verdict}" in said
    assert "the orders: explicit none, implicit 0.9" in said
    app.number_input(key="step").set_value(10**6).run()
    assert fine(app) and "Perona-Malik has no closed form" in texts(app)


@pytest.mark.parametrize("begin", nerve.PRESETS)
def test_the_active_cable_begins_as_a_link_says(page, begin):
    app = page(tab="The active cable", nerve=begin, threshold=0.1, recovery=0.02, coupling=2, membrane=128)
    assert fine(app) and nerve.PRESETS[begin].look in texts(app) and "Beyond the paper" in texts(app)
    assert [app.slider(key=key).value for key in ("threshold", "recovery", "coupling")] == [0.1, 0.02, 2.0]


def test_a_hostile_link_to_the_active_cable_falls_back(page):
    app = page(tab="The active cable", nerve="<b>", threshold="nan", recovery=-1, coupling=1e9, membrane="1e9")
    assert fine(app) and app.selectbox(key="nerve").value == Scene().nerve
    assert app.slider(key="coupling").value <= nerve.RANGES["coupling"][1]


def test_strokes_do_not_follow_to_another_image(page):
    app = page(strokes="3_9_9_4_-2.5", step=9, tab="Proof")
    assert "count from step 3" in texts(app)
    app.number_input(key="size").set_value(48).run()
    assert fine(app) and app.session_state["strokes"] == "" and "count from" not in texts(app)


@pytest.mark.parametrize("tab", TABS)
def test_the_wildest_scheme_breaks_no_tab(page, tab):
    app = page(alpha=1e6, tau=1000, h_x=0.001, step=10**9, tab=tab)
    assert fine(app), [problem.value for problem in app.error]
    assert "nan" not in texts(app).lower().replace("finance", "")
    if tab not in ALONE:
        assert LOOK["divergent"][2] in texts(app) and "no α makes it stable" in texts(app)


def test_the_row_of_a_larger_field_is_drawn_in(page):
    app = page(size=512, row=500, column=500, tab="One pixel")
    app.number_input(key="size").set_value(32).run()
    assert fine(app) and app.number_input(key="row").value == 31


def test_a_saved_state_restores_the_page(page):
    app = page(tab="Take away")
    saved = Scene(3.0, 0.05, 0.5, 2.0, False, "periodic", 48, False, 21, "auto", 4, 6, "Take away", "mnist-3")
    upload(app, saved.json().encode())
    assert fine(app)
    assert "mnist-3" in app.code[0].value and "alpha=3&" in app.code[0].value and "edges=periodic" in app.code[0].value
    values = {name: app.number_input(key=name).value for name in ("alpha", "tau", "h_x", "h_y", "size", "step")}
    assert values == {name: getattr(saved, name) for name in values}
    assert "at 4, 6" in str([button.label for button in app.get("download_button")])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n", "The file is not JSON"),
        (json.dumps({"page": "Diffusion", "alpha": -2}).encode(), "Alpha is -2: give a number from 0"),
        (json.dumps({"page": "Diffusion", "image": "pattern-none"}).encode(), "pattern is 'none'"),
        (json.dumps({"page": "Diffusion", "image": "../../etc/passwd"}).encode(), "image is"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(page, content, said):
    app = page(tab="Take away", alpha=3)
    upload(app, content)
    assert not app.exception
    (problem,) = app.error
    assert said.lower() in problem.value.lower() and "Nothing was changed." in problem.value
    assert app.number_input(key="alpha").value == 3


def test_a_film_is_made_once_and_again_only_when_asked(page):
    app = page(tab="Take away")
    app.number_input(key="step").set_value(4).run()
    film = next(button for button in app.button if "film" in button.label)
    film.click().run()
    assert fine(app)
    labels = [button.label for button in app.get("download_button")]
    assert any(label.startswith("Film, ") for label in labels)
    app.number_input(key="film-first").set_value(9).run()
    assert len(app.error) == 1 and "let the last step come after the first" in app.error[0].value


def test_a_film_of_one_upload_is_not_offered_for_another(page):
    app = page(tab="Take away")
    app.segmented_control(key="picker.tab").set_value("Upload").run()
    app.number_input(key="step").set_value(4).run()
    for colour in ("red", "blue"):
        buffer = io.BytesIO()
        Image.new("RGB", (40, 40), colour).save(buffer, "PNG")
        app.file_uploader(key="picker.upload").set_value((f"{colour}.png", buffer.getvalue(), "image/png")).run()
        assert not [button for button in app.get("download_button") if button.label.startswith("Film, ")], colour
        next(button for button in app.button if "film" in button.label).click().run()
        assert [button for button in app.get("download_button") if button.label.startswith("Film, ")]


def test_own_images_good_and_bad_reach_the_stepper(page):
    app = page(tab="Go to step n")
    app.segmented_control(key="picker.tab").set_value("Upload").run()
    buffer = io.BytesIO()
    Image.new("RGBA", (70, 30), (255, 0, 0, 128)).save(buffer, "PNG")
    app.file_uploader(key="picker.upload").set_value(("a.png", buffer.getvalue(), "image/png")).run()
    assert fine(app) and "mean 0.364" in texts(app)  # (1 + ½ + ½)/3 on white, after 60 steps
    before = texts(app)
    app.file_uploader(key="picker.upload").set_value(("b.png", b"no picture", "image/png")).run()
    assert fine(app) and "The previous image stays." in texts(app)
    assert "70 × 30" in before and "70 × 30" in texts(app)


def test_a_learned_layer_is_stepped_and_judged(page, monkeypatch):
    model = build("cabeq-rn-1", width=8).eval()
    card = SimpleNamespace(model="cabeq-rn-1", dataset="mine", channels=3, mean=(0.5, 0.5, 0.5), std=(0.25, 0.25, 0.25))
    monkeypatch.setattr(caches, "cards", lambda: {"learned-one": card})
    monkeypatch.setattr(caches, "trained", lambda name: (model, card))
    app = page(tab="As a layer")
    assert fine(app)
    first, second = square_layers(model)
    rows = app.dataframe[0].value
    assert rows["Φ"].tolist() == [pair.phi for pair in pairs(square_layers(model)[first])]
    assert f"**{number(growth(square_layers(model)[first]))}** a pass" in texts(app)
    app.selectbox(key="learned-layer-learned-one").select(second).run()
    app.slider(key="learned-passes").set_value(50).run()
    assert fine(app) and "after 50 passes" in texts(app)
    assert f"**{number(growth(square_layers(model)[second]))}** a pass" in texts(app)


def test_the_circuit_sets_the_neuron(page):
    app = page(tab="The neuron", made_by="The circuit")
    assert fine(app) and "D. P. Shelton" in texts(app)
    assert "τ_m = R_m·C_m = 53.1 ms" in texts(app) and "λ_m = √(R_m·a / 2R) = 1.01 mm" in texts(app)
    assert "r_m = R_m / 2πa = 728 MΩ·mm" in texts(app)
    app.number_input(key="radius").set_value(4.0).run()
    assert fine(app) and "D. P. Shelton" not in texts(app)  # no longer that cell
    assert "= 53.1 ms" in texts(app) and "= 2.02 mm" in texts(app) and "= 182 MΩ·mm" in texts(app)
    app.selectbox(key="dendrite-preset").select("pyramidal").run()
    assert fine(app) and "Gulledge" in texts(app) and "= 15.0 ms" in texts(app) and "= 0.750 mm" in texts(app)
    app.segmented_control(key="made_by").set_value("λ_m and τ_m").run()
    assert fine(app) and "R_m" not in texts(app) and app.number_input(key="lambda_m").value == 1.0
    assert fine(page(tab="The neuron", made_by="The circuit", radius="nan", membrane_resistance="-3"))


@pytest.mark.parametrize("name", DENDRITES)
def test_the_circuit_is_drawn_with_its_values(name):
    drawn = ElementTree.fromstring(circuit.svg(DENDRITES[name].membrane, "#123456"))
    words = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
    expected = {
        "purkinje": {"R_m: 7.28 GΩ", "C_m: 7.29 pF", "R: 71.6 MΩ", "a: 1.00 µm"},
        "pyramidal": {"R_m: 3.18 GΩ", "C_m: 4.71 pF", "R: 56.6 MΩ", "a: 0.750 µm"},
    }
    assert expected[name] <= words and drawn.get("fill") == "#123456"
