"""The Feature maps page as a visitor drives it: every tab, every kind of layer, wrong links, a run's checkpoint."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.data import images
from explorer.data.catalogue import STATISTICS
from explorer.inside import listing
from explorer.networks import stack, weights, zoo
from explorer.networks.controls import FRONTS
from explorer.training.recipe.recipe import Recipe
from explorer.training.store.runs import Store
from explorer.ui.inside import homeward, source, view
from explorer.ui.shared import picker
from tests.networks.test_weights import CARD

NET = {"model": "untrained-cabeq-rn-1", "w": 4}


@pytest.fixture(autouse=True)
def own_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    view.HEARD.clear()


def opened(open_page, **params):
    app = open_page("Feature_maps", **{**NET, **params})
    assert not app.exception
    return app


def words(app) -> str:
    parts = [*app.markdown, *app.caption, *app.info, *app.error, *app.warning]
    return "\n".join(str(part.value) for part in parts) + "\n".join(html.proto.body for html in app.get("html"))


def number_of(app, name: str) -> int:
    return app.number_input(key=name).value


def test_the_first_look_says_where_to_start_and_adds_up(open_page):
    app = opened(open_page)
    assert app.selectbox(key="layer").value == "stem.conv" and "Start here" in words(app)
    assert "random (seed 0): it has learned nothing yet" in words(app)
    assert not app.error and "all maps of this layer" in words(app)


@pytest.mark.parametrize(("layer", "said"), [
    ("input", "the pixel, minus the mean"), ("cable.0.conv1", "one step of the cable equation"),
    ("stem.conv", "plus the bias"), ("stem.bn", "variance"), ("stages.1.0.add", "what skipped it"),
    ("stages.1.0.relu2", "ReLU of the value before it"), ("pool", "divided by how many"), ("flatten", "in a row"),
    ("head", "every input times its weight"), ("log_softmax", "log of the sum"),
])  # fmt: skip
def test_every_kind_of_layer_is_explained(open_page, layer, said):
    app = opened(open_page, layer=layer, map=2)
    assert app.selectbox(key="layer").value == layer and said in words(app) and not app.error


def test_the_explained_value_is_the_networks_own(open_page):
    app = opened(open_page, layer="stages.0.0.conv1", map=3, y=10, x=12)
    model = zoo.build("cabeq-rn-1", width=4, seed=0).eval()
    picked = picker.find(picker.DEFAULT).image
    batch = images.network_input(picked, 3, 32, *STATISTICS["cifar10"])
    with torch.inference_mode():
        value = listing.run(model, batch, ["stages.0.0.conv1"])["stages.0.0.conv1"][0, 3, 10, 12].item()
    shown = re.search(r"Where the (\S+) at row 10, column 12", words(app)).group(1)
    assert float(shown.replace("−", "-")) == pytest.approx(value, rel=0.01)


@pytest.mark.parametrize(("tab", "said"), [
    ("Filters", "filters of stem.conv in colour"), ("Difference", "Every difference, the largest first"),
    ("Where it looks", "what speaks for"), ("Top images", "of the 100 shipped samples of CIFAR-10"),
    ("Statistics", "Smallest"), ("Take away", "Link"),
])  # fmt: skip
def test_every_tab_opens_from_its_link(open_page, tab, said):
    app = opened(open_page, tab=tab)
    labels = words(app) + "".join(metric.label for metric in app.metric)
    assert said in labels and not app.error


@pytest.fixture
def shown(monkeypatch):
    """What the Way home tab hands to its component, the last time it is drawn."""
    seen = {}
    monkeypatch.setattr(homeward, "homeward", lambda page, **others: seen.update(page=page, **others))
    return seen


@pytest.mark.parametrize(
    "model",
    [
        "untrained-cabeq-rn-1",
        "untrained-resnet-20",
        "untrained-mlp",
        "untrained-lenet",
        "untrained-alexnet",
        "untrained-front-bn",
        "untrained-digits-cnn",
    ],
)
def test_the_strongest_leads_from_the_answer_home(open_page, shown, model):
    app = open_page("Feature_maps", model=model, w=8, tab="Way home")
    begun = shown["page"].trail[0]
    while shown["page"].terms:
        page, count = shown["page"], len(shown["page"].trail)
        assert len(page.names) == len(shown["tiles"]) == len(page.openings)
        assert len(page.terms) == len(shown["windows"])
        assert all(0 <= side <= 1 for side in (*page.field, *page.cell, *page.window))
        assert all(-1 <= row.share <= 1 and 0 <= side <= 1 for row in page.terms for side in row.cell)
        shown["go"](count, page.terms[0].index)
        app.query_params["home"] = homeward.st.query_params["home"]
        app.run()
        assert not app.exception and not app.error and len(shown["page"].trail) == count + 1
    assert shown["page"].trail[0] == begun and shown["page"].sums[-1].words == "what the network gets"
    assert shown["page"].seen == "It is this one pixel"


def test_the_chosen_value_is_followed_home_from_the_maps(open_page, shown):
    app = opened(open_page, layer="stem.relu", map=2, y=4, x=5)
    next(button for button in app.button if button.label == "Follow it home").click().run()
    assert [one.words for one in shown["page"].trail] == ["stem.relu 2"] and not app.exception
    assert shown["page"].title.startswith("map 2 of stem.relu, row 4, column 5")


def test_maps_are_switched_off_and_the_answers_stand_beside_each_other(open_page):
    app = opened(open_page, tab="Switch off", layer="stem.relu", off="stem.relu:0,2-3")
    assert "3 of 4 maps of stem.relu are off" in words(app) and "with all" in words(app)
    next(button for button in app.button if button.label == "All off").click().run()
    assert app.query_params["off"] == "stem.relu:0-3" and "4 of 4 maps" in words(app)
    app.number_input(key="map").set_value(1).run()
    next(button for button in app.button if button.label == "Only map 1").click().run()
    assert app.query_params["off"] == "stem.relu:0,2-3"
    next(button for button in app.button if button.label == "All on").click().run()
    assert "off" not in app.query_params and "0 of 4 maps" in words(app) and not app.exception and not app.error


@pytest.mark.parametrize("off", ["stem.relu:", "stem.relu:4", "stem.relu:3-1", "stem.relu:x", "stem.relu:0-99999"])
def test_a_list_of_maps_that_is_none_is_a_sentence_and_all_are_on(open_page, off):
    app = opened(open_page, tab="Switch off", layer="stem.relu", off=off)
    assert "a layer of 4: all are on." in words(app) and "0 of 4 maps" in words(app) and not app.error
    assert "off" not in app.query_params
    other = opened(open_page, tab="Switch off", layer="stem.conv", off=off)
    assert "0 of 4 maps" in words(other) and not other.error


@pytest.mark.parametrize(
    "home",
    [
        ",,,",
        "stem.conv",
        "stem.conv,0,0",
        "nowhere,0,0,0",
        "stem.conv,99,0,0",
        "stem.conv,0,0,0,0",
        "stem.conv,0,0,0,999",
        "stem.conv,0,0,0,-1",
        "stem.conv,0,0,0,1e3",
        "stem.conv,0,0,x",
        "stem.conv,0,0,0" + ",4" * 5000,
        "stem.conv,0,5,5,4,4",
        "<b>,0,0,0",
        "x" * 5000,
    ],
)
def test_a_way_that_leads_nowhere_is_a_sentence_and_begins_at_the_answer(open_page, shown, home):
    app = opened(open_page, tab="Way home", home=home)
    assert "The way of this link" in words(app) and "it begins at the answer." in words(app) and not app.error
    assert shown["page"].trail[0].words.startswith("log_softmax") and len(shown["page"].trail) == 1
    assert "home" not in app.query_params


@pytest.mark.parametrize("layer", ["input", "stem.conv", "stages.2.0.relu2", "flatten", "head"])
@pytest.mark.parametrize("moves", ["It diffuses", "You draw"])
def test_every_kind_of_layer_may_move(open_page, layer, moves):
    app = opened(open_page, tab="Live", layer=layer, moves=moves)
    assert not app.error and not app.info
    assert ("of the page's address" in words(app)) == (moves == "You draw")


@pytest.mark.parametrize(
    ("alpha", "tau", "said"),
    [
        (10, 0.01, ""),
        (25, 0.01, "Divergent"),
        (24.8, 0.01, "Ringing"),
        (1e9, "nan", ""),
        ("x", -1, ""),
    ],
)
def test_a_scheme_that_misbehaves_is_called_so_and_a_wrong_one_is_the_usual(open_page, alpha, tau, said):
    app = opened(open_page, tab="Live", alpha=alpha, tau=tau)
    assert not app.error
    assert [word for word in ("Ringing", "Divergent") if word in words(app)] == ([said] if said else [])


def test_a_difference_wants_a_layer_that_both_have(open_page):
    app = opened(open_page, tab="Live", layer="cable.0.conv1", minus="true")
    assert "has no layer cable.0.conv1 of this shape" in words(app) and not app.error
    app = opened(open_page, tab="Live", compare="nothing", minus="true")
    assert "Difference" not in [toggle.label for toggle in app.toggle] and not app.error


@pytest.mark.parametrize("method", ["integrated gradients", "occlusion"])
def test_every_method_of_looking(open_page, method):
    app = opened(open_page, tab="Where it looks", method=method, **{"class": "frog"})
    assert "what speaks for frog" in words(app) and not app.error


def test_cable_filters_are_grids_of_phi_psi_and_tau(open_page):
    app = opened(open_page, tab="Filters", layer="cable.0.conv2")
    assert all(name in words(app) for name in ("Φ", "Ψ", "τ", "input 2 → output 1"))
    plain = opened(open_page, tab="Filters", layer="stages.0.0.relu1", map=1)
    assert "those of **stages.0.0.conv1**" in words(plain) and "Filter 1" in words(plain)


def test_a_layer_that_the_other_network_lacks_names_one_that_both_have(open_page):
    app = opened(open_page, tab="Difference", layer="cable.0.conv1")
    assert "stem.relu" in app.error[0].value
    app = opened(open_page, tab="Difference", compare="nothing")
    assert "Compare with" in app.info[0].value


def test_numbers_beyond_a_smaller_layer_come_back_into_it(open_page):
    app = opened(open_page, layer="stages.3.1.relu2", map=31)
    assert number_of(app, "map") == 31
    app.selectbox(key="layer").set_value("stem.relu").run()
    assert number_of(app, "map") == 3 and not app.exception
    app.number_input(key="y").set_value(30)
    app.number_input(key="x").set_value(29).run()
    app.selectbox(key="layer").set_value("stages.3.1.relu2").run()
    assert (number_of(app, "y"), number_of(app, "x")) == (3, 3) and not app.exception
    app.selectbox(key="model-box").set_value("untrained-lenet").run()
    assert app.selectbox(key="layer").value == "conv1" and not app.error


def picking(app, image: str):
    app.session_state["picker.image"] = image
    return app.run()


def test_what_nobody_chose_goes_along_with_the_image_and_what_was_chosen_stays(open_page):
    app = open_page("Feature_maps", image="mnist-30")
    cards = weights.cards()
    first = source.options(cards)[0]
    digits, layer = app.selectbox(key="model-box").value, app.selectbox(key="layer").value
    assert cards[digits].dataset == "mnist" and app.selectbox(key="compare-box").value != digits
    picking(app, "cifar10-51")
    assert app.selectbox(key="model-box").value == first and app.selectbox(key="layer").value != layer
    assert app.selectbox(key="compare-box").value == source.twin_of(first, source.options(cards))
    app.selectbox(key="model-box").set_value("cifar10-cnn").run()
    picking(app, "mnist-30")
    assert app.selectbox(key="model-box").value == "cifar10-cnn" and not app.exception and not app.error


def test_the_class_it_looks_for_is_the_answer_until_another_is_chosen(open_page):
    from explorer.data import samples

    three, four, five = (next(one for one in samples("mnist") if one.label == label) for label in (3, 4, 5))
    app = open_page("Feature_maps", model="mnist-lenet", image=f"mnist-{three.index}", tab="Where it looks")
    assert app.selectbox(key="class").value == three.name
    picking(app, f"mnist-{four.index}")
    assert app.selectbox(key="class").value == four.name
    app.selectbox(key="class").set_value(three.name).run()
    picking(app, f"mnist-{five.index}")
    assert app.selectbox(key="class").value == three.name and not app.exception and not app.error


def test_512_maps_come_in_pages_sorted_as_asked(open_page):
    app = opened(open_page, w=64, layer="stages.3.1.relu2", sort="maximum", page=8, scale="Model")
    assert number_of(app, "page") == 8 and "all maps of all layers" in words(app)


def test_wrong_links_fall_back_and_say_nothing_odd(open_page):
    app = opened(
        open_page,
        model="<script>",
        layer="../..",
        map="minus one",
        y=9999,
        scale="none",
        tab="Nowhere",
        w=10**9,
        seed=-1,
    )
    assert app.selectbox(key="layer").value in app.selectbox(key="layer").options
    assert not app.error


def test_a_stack_from_the_layers_page_opens_here(open_page):
    rows = stack.parse({"input": [1, 12, 12], "rows": [{"kind": "conv", "channels": 5}, {"kind": "activation"}]})
    app = open_page("Feature_maps", model="stack", stack=rows.link())
    assert not app.exception and app.selectbox(key="layer").value == "conv_1"
    broken = open_page("Feature_maps", model="stack", stack="nonsense")
    assert not broken.exception and "stack" in broken.error[0].value


def test_a_running_runs_checkpoint_opens(open_page):
    run = Store().create(Recipe(dataset="optdigits", model="digits-cnn"), name="mine")
    app = open_page("Feature_maps", model=f"run-{run.id}")
    offered = f"mine · {run.id[-4:]}"
    assert offered not in app.selectbox(key="model-box").options  # nothing to open yet
    torch.save({"model": zoo.build("digits-cnn", seed=5).state_dict(), "epoch": 2}, run.folder / "last.pt")
    app = open_page("Feature_maps", model=f"run-{run.id}")
    assert offered in app.selectbox(key="model-box").options
    assert "mine, after epoch 2" in words(app) and app.selectbox(key="layer").value == "conv" and not app.error


def test_an_upload_is_made_square_as_asked_and_left_out_of_the_link(open_page):
    app = opened(open_page, tab="Take away")
    wide = Image.fromarray(np.tile(np.arange(200, dtype=np.uint8), (50, 1))).convert("RGB")
    app.session_state["picker.own"] = picker.Picked(wide, "your upload", "", None, None, picker.OWN)
    app.session_state["picker.image"] = picker.OWN
    app.run()
    assert "stays in this browser tab" in words(app)
    seen = {}
    for mode in ("crop", "pad", "stretch"):
        app.segmented_control(key="fit").set_value(mode).run()
        seen[mode] = next(text for text in (one.value for one in app.caption) if text.startswith("It sees"))
        assert not app.exception and not app.error
    assert seen["crop"] != seen["pad"] == seen["stretch"]  # the middle of a ramp lacks its ends


def test_the_best_cable_network_comes_first_beside_its_baseline(monkeypatch):
    def card(model, dataset, width, accuracy):
        return replace(CARD, model=model, dataset=dataset, width=width, accuracy=accuracy)

    cards = {
        "a-mlp": card("mlp", "cifar10", 16, 99.0), "base": card("original", "cifar10", 16, 91.0),
        "wide": card("original", "cifar10", 64, 95.0), "cable": card("cabeq-sd-1", "cifar10", 16, 90.0),
        "better": card("cabeq-rn-2", "cifar10", 16, 91.5), "stl": card("cabeq-rn-1", "stl10", 16, 99.0),
    }  # fmt: skip
    monkeypatch.setattr(source.caches, "cards", lambda: cards)
    known = source.options(cards)
    assert known[:4] == ["better", "cable", "stl", "base"] and known[5] == "a-mlp"
    assert source.twin_of("better", known) == "base" and source.twin_of("base", known) == "better"
    assert source.twin_of("untrained-original", known) == "untrained-cabeq-rn-1"


def test_presenter_mode_leaves_the_files_out(open_page):
    app = opened(open_page, present=1)
    assert "Take away" not in [tab.label for tab in app.tabs]


@pytest.mark.parametrize("name", FRONTS)
def test_controls_of_the_cable_layer_can_be_looked_into(open_page, name):
    layer = ("cable.conv" if name.startswith("cabeq") else "front.conv") if name != "front-bn" else "front.bn"
    for tab in ("Filters", "Statistics"):
        app = open_page("Feature_maps", model=f"untrained-{name}", w=4, layer=layer, tab=tab)
        assert not app.exception and not app.error, tab
