"""The Classify page as a visitor drives it: answers, changes of mind, learned layers, the test set, wrong links."""

import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest

from explorer.data.disturb import DISTURBANCES
from explorer.networks import evaluation, gains, robustness, weights, zoo
from explorer.networks.controls import FRONTS
from explorer.training.recipe.recipe import Recipe, preset
from explorer.training.store.runs import Store
from explorer.training.work.loop import train
from tests.training.helpers import trained


@pytest.fixture(autouse=True)
def own_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))


def opened(open_page, **params):
    app = open_page("Classify", **params)
    assert not app.exception
    return app


def words(app) -> str:
    parts = [*app.markdown, *app.caption, *app.info, *app.error, *app.warning]
    return "\n".join(str(part.value) for part in parts).replace("\\", "")  # names are escaped


@pytest.fixture(scope="module")
def digit():
    from explorer.data import samples

    return f"mnist-{samples('mnist')[0].index}"


def test_the_answers_are_those_of_the_evaluation_that_came_with_the_weights(open_page, digit):
    app = opened(open_page, image=digit, which="All")
    assert not app.error
    index = int(digit.removeprefix("mnist-"))
    said = words(app)
    for name, card in weights.cards().items():
        if card.dataset == "mnist":
            result = evaluation.read(weights.PRETRAINED / f"{name}.eval.npz")
            answer = card.classes[result.predictions[index]]
            assert re.search(rf" · {re.escape(name)}\*\*  \n{answer} [✓✗]", said), name


def test_diffusing_tells_where_the_minds_change(open_page, digit):
    app = opened(open_page, image=digit, tab="Diffuse it first", alpha=2, tau=0.06, step=200)
    assert not app.error
    assert "the scheme is smooth" in words(app)
    assert re.search(r"→ .* (at|between) \d|all the way", words(app))


def test_diffusing_does_not_fade_to_black_unless_it_leaks(open_page, digit):
    app = opened(open_page, image=digit, tab="Diffuse it first")
    assert "smooth: 4(r_x + r_y) = 0.960 of 2" in words(app)
    app.toggle(key="leak").set_value(True).run()
    assert not app.exception and "smooth: τ + 4(r_x + r_y) = 1.02 of 2" in words(app)


@pytest.mark.parametrize("name", DISTURBANCES)
def test_the_image_is_disturbed_as_test_sets_are(open_page, digit, name):
    app = opened(open_page, image=digit, tab="Diffuse it first", change=name)
    assert not app.error
    if name != "diffusion":  # which has numbers of its own
        one = DISTURBANCES[name]
        assert one.what in words(app)
        assert all(one.says(level) in words(app) for level in one.strengths)


def test_every_answer_along_the_way_has_its_curve_and_no_change_is_claimed_too_exactly():
    from explorer.ui.classify import minds

    likeliest = [0, 0, 5, 3, 3, 7, 6]
    shares = np.full((len(likeliest), 10), 0.05)
    shares[range(len(likeliest)), likeliest] = [0.9, 0.8, 0.2, 0.3, 0.3, 0.4, 0.25]
    shares[2, 8], shares[3, 9] = 0.18, 0.015
    assert minds.interesting({"one": shares[:2], "other": shares}) == [0, 7, 3, 6, 5]
    assert minds.interesting({"one": shares[:3]}) == [0, 5, 8, *[n for n in range(10) if n not in (0, 5, 8)][:1]]
    for last in (1, 50, 99, 100, 10_000):
        steps = minds.spread(last)
        assert steps[0] == 0 and steps[-1] == last and len(steps) <= 100 and steps == sorted(set(steps))
        assert np.diff(steps).max() <= max(1, last / 40 + 1) and steps[:5] == list(range(min(5, last + 1)))
    classes = list("abcdefghij")
    told = minds._turns([(1, 0, 3), (3, 3, 7)], classes, [4, 5, 10, 40])
    assert told == "a → d at 5, d → h between 10 and 40"


def test_two_networks_of_one_kind_are_told_apart(monkeypatch):
    from explorer.ui.shared import naming

    shipped = weights.cards()
    baseline, cable = "cifar10-w16-original", "cifar10-w16-cabeq-rn-2"
    known = {**shipped, "again": shipped[baseline], "wide": replace(shipped[baseline], width=64)}
    monkeypatch.setattr(naming.caches, "cards", lambda: known)
    assert naming.short_names([baseline, cable]) == ["original, width 16", "cabeq-rn-2, width 16"]
    assert naming.short_names([baseline, "wide", "mnist-mlp"]) == [
        "original, width 16",
        "original, width 64",
        "mnist-mlp",
    ]
    assert naming.short_names([baseline, cable, "again"]) == [baseline, "cabeq-rn-2, width 16", "again"]
    assert list(naming.all_spoken([baseline, cable]).values()) == [
        "ResNet alone · original, width 16",
        "ResNet with two residual cable blocks · cabeq-rn-2, width 16",
    ]
    assert naming.spoken(cable) == f"ResNet with two residual cable blocks · {cable}"
    assert naming.spoken("untrained-lenet") == "LeNet-5 · untrained-lenet"
    assert naming.spoken("of another") == "of another"


@pytest.mark.parametrize("change", ["Noise", "Blur", "Contrast"])
def test_other_disturbances(open_page, digit, change):
    app = opened(open_page, image=digit, tab="Diffuse it first", change=change)
    assert not app.error
    assert "mnist-" in words(app)


def test_many_networks_are_laid_over_each_other_for_one_class(open_page, digit):
    app = opened(open_page, image=digit, tab="Diffuse it first", which="All", alpha=2, tau=0.06, step=200)
    chart = json.loads(app.get("plotly_chart")[0].proto.spec)
    networks = [card.model for card in weights.cards().values() if card.dataset == "mnist"]
    assert len(networks) > 2 and sorted(line["name"] for line in chart["data"]) == sorted(
        f"mnist-{n}" for n in networks
    )
    picker = app.segmented_control(key="course.of")
    before, other = picker.value, next(name for name in picker.options if name != picker.value)
    assert f"probability of {before}" in str(chart["layout"])
    app = picker.set_value(other).run()
    assert f"probability of {other}" in app.get("plotly_chart")[0].proto.spec


def test_networks_without_cable_layers_say_what_to_do(open_page, digit):
    app = opened(open_page, image=digit, tab="What was learned")
    assert any("cabeq" in info.value for info in app.info)


def opened_at(app, look: str):
    app.segmented_control(key="look").set_value(look).run()
    assert not app.exception and not app.error
    return app


@pytest.mark.slow
def test_every_layer_of_a_cable_network_is_read(open_page):
    cards = weights.cards()
    names = [name for name, card in cards.items() if card.model.startswith("cabeq")]
    assert names
    for name in names:
        app = opened(open_page, image="cifar10-104", which="My choice", models=name, tab="What was learned")
        assert not app.error, name
        assert "How they came about" in words(opened_at(app, "Over the epochs"))
        said = words(opened_at(app, "Numbers"))
        first = next(iter(gains.layers(weights.load(name)[0]).values()))
        assert f"**In words.** {gains.of(first).sentence} Before training it sharpens ×" in said
        assert ("stays bounded" in said) != ("grows without end" in said)


def test_the_test_set_adds_up(open_page, digit):
    app = opened(open_page, image=digit, tab="Over the test set", tested="Where they disagree")
    four = [int(metric.value.replace(",", "")) for metric in app.metric]
    assert sum(four) == 10_000
    app = opened(open_page, image=digit, tab="Over the test set")
    count = int(re.search(r"\*\*(\d+) images of", words(app)).group(1))
    name = app.selectbox(key="network-box").value
    result = evaluation.read(weights.PRETRAINED / f"{name}.eval.npz")
    assert count == (result.confusion - np.diag(result.confusion.diagonal())).max()


def test_every_other_view_of_the_test_set(open_page, digit):
    for view in ("Classes", "Calibration"):
        assert not opened(open_page, image=digit, tab="Over the test set", tested=view).error


@pytest.mark.parametrize("wrong", ["<script>", "run-../../etc/passwd", "nobody", "run-20200101-000000-abcd"])
def test_wrong_names_of_networks_are_left_out(open_page, digit, wrong):
    app = opened(open_page, image=digit, models=wrong)
    assert not app.error
    assert "mnist-" in words(app)


@pytest.mark.parametrize(
    ("name", "value"),
    [("alpha", "nan"), ("tau", "-1"), ("step", "1e309"), ("tab", "x" * 999), ("change", "rain"), ("leak", "much")],
)
def test_wrong_values_in_the_link_fall_back(open_page, digit, name, value):
    app = opened(open_page, **{"image": digit, "tab": "Diffuse it first", name: value})
    assert not app.error


def test_a_picture_unlike_the_training_images_gets_a_warning(open_page):
    app = opened(open_page, image="pattern-rings")
    assert any("may mean little" in warning.value for warning in app.warning)


def test_the_boxes_beside_the_confusion_matrix_choose_its_cell(open_page, digit):
    name = "mnist-lenet"
    app = opened(open_page, image=digit, tab="Over the test set", which="My choice", models=name)
    app.selectbox(key="true").set_value("4").run()
    app.selectbox(key="said").set_value("9").run()
    result = evaluation.read(weights.PRETRAINED / f"{name}.eval.npz")
    assert f"**{result.confusion[4, 9]} images of 4 taken for 9**" in words(app)


def test_a_cell_that_the_next_dataset_lacks_gives_way_to_its_commonest_mistake(open_page):
    app = opened(open_page, image="cifar10-104", tab="Over the test set", true="frog", said="ship")
    assert "images of frog taken for ship" in words(app)
    app = app.selectbox(key="data-box").select("stl10").run()
    assert not app.exception and not app.error
    name = app.selectbox(key="network-box").value
    key = {"original, width 16": "stl10-w16-original"}[name]
    result, classes = evaluation.read(weights.PRETRAINED / f"{key}.eval.npz"), weights.cards()[key].classes
    off = result.confusion - np.diag(result.confusion.diagonal())
    (true, said), *_ = np.argwhere(off == off.max())
    assert f"**{off.max()} images of {classes[true]} taken for {classes[said]}**" in words(app)
    assert app.selectbox(key="true").value == classes[true]


def test_every_mistake_has_its_picture_without_the_dataset(open_page):
    app = opened(open_page, image="cifar10-0", tab="Over the test set", true="cat", said="dog")
    assert "images of cat taken for dog" in words(app) and "These are small copies" in words(app)
    assert "more, by their number" not in str([box.label for box in app.expander])


def test_a_copy_of_a_missed_image_becomes_the_image_of_the_page(open_page):
    from explorer.data.missed import places

    index = max(places("cifar10"))
    app = opened(open_page, image=f"cifar10-{index}")
    shown = " ".join(str(part.value) for part in [*app.sidebar.markdown, *app.sidebar.caption])
    assert not app.error and f"small copy of test image no. {index}" in shown


@pytest.fixture
def digits_run(own_runs):
    """A finished run of one's own, with a name that is markdown."""
    return trained(Store(), name="my *digits*")


@pytest.mark.slow
@pytest.mark.parametrize("model", FRONTS)
def test_a_control_of_the_cable_layer_is_read_like_one(open_page, own_runs, model):
    run = Store().create(preset("quick", model=model, width=2, epochs=1, batch_size=1024, device="cpu"))
    assert train(Recipe.from_dict(run.recipe), run.folder).state == "finished"
    Store().claim(run.id, "cpu")
    Store().settle(run.id, "finished")
    app = opened(open_page, models=f"run-{run.id}", data="optdigits", tab="What was learned")
    assert not app.error
    layers = gains.layers(weights.load("weights", run.folder)[0])
    if not layers:
        assert any("cabeq" in info.value for info in app.info)
        return
    said = words(opened_at(app, "Numbers"))
    assert gains.of(next(iter(layers.values()))).sentence in said and "Before training it " in said
    assert ("Φ, Ψ and τ" in said) == model.startswith("cabeq")
    assert "Over the epochs" in words(opened_at(app, "Over the epochs"))


def test_a_run_of_ones_own_answers_among_the_networks_of_its_dataset_only(open_page, digits_run):
    key = f"run-{digits_run.id}"
    app = opened(open_page, image="cifar10-104", model=key)
    assert app.selectbox(key="data-box").value == "optdigits"
    said = words(app)
    assert "**my *digits***  \n" in said and "the network knows only UCI digits" in said
    assert "✓" not in said and "✗" not in said  # a horse is no digit
    assert not [metric for metric in app.metric if metric.label == "Right"]
    app = opened(open_page, image="cifar10-104", models=f"cifar10-w16-original,{key}", tab="Over the test set")
    assert app.selectbox(key="data-box").value == "cifar10"
    assert app.multiselect(key="networks.cifar10").value == ["cifar10-w16-original"]
    assert key not in app.multiselect(key="networks.cifar10").options
    app = opened(open_page, model=key, tab="Over the test set")
    assert re.search(r"images of \d taken for \d", words(app)) and not app.error


@pytest.mark.parametrize(
    ("part", "tab"),
    [
        ("weights.safetensors", "Answers"),
        ("weights.safetensors", "Diffuse it first"),
        ("weights.json", "Batch"),
        ("weights.safetensors", "Over the test set"),
        ("eval.npz", "Over the test set"),
    ],
)
def test_a_damaged_file_leaves_out_its_network_and_no_other(open_page, own_runs, part, tab):
    good, bad = (trained(Store(), name=name) for name in ("good", "bad"))
    (bad.folder / part).write_bytes(b"damaged")
    app = opened(open_page, models=f"run-{bad.id},run-{good.id}", tab=tab)
    assert not app.error and [said.value for said in app.warning if said.value.startswith("Left out: ")]
    if tab == "Answers":
        assert "**good**" in words(app) and "**bad**" not in words(app)
    if tab == "Over the test set":
        assert re.search(r"images of \d taken for \d", words(app))
    (good.folder / part).write_bytes(b"damaged")
    said = words(opened(open_page, models=f"run-{bad.id},run-{good.id}", tab=tab))
    assert ("came without test results" in said) == (part == "eval.npz")


def test_networks_follow_the_image_to_its_dataset(open_page, digit):
    app = opened(open_page, image=digit, models="mnist-cnn,mnist-mlp")
    app = app.selectbox(key="data-box").select("cifar10").run()
    assert not app.error and app.multiselect(key="networks.cifar10").value[0] == "cifar10-w16-original"
    app = app.multiselect(key="networks.cifar10").set_value([]).run()
    assert not app.error and "meanwhile these answer" in words(app)
    assert "**ResNet alone · original, width 16**" in words(app)


@pytest.mark.parametrize("name", ["data", "network", "cable", "true", "said", "one", "other"])
def test_wrong_choices_in_the_link_fall_back(open_page, digit, name):
    for tab in ("Over the test set", "What was learned"):
        for view in ("Confusion", "Where they disagree"):
            assert not opened(open_page, **{"image": digit, "tab": tab, "tested": view, name: "<script>"}).error


@pytest.mark.parametrize("dataset", sorted({card.dataset for card in weights.cards().values() if not card.source}))
def test_the_default_is_the_baseline_beside_the_best_cable_network_where_there_are_both(open_page, dataset):
    from explorer.data import samples

    app = opened(open_page, image=f"{dataset}-{samples(dataset)[0].index}")
    cards = {name: card for name, card in weights.cards().items() if card.dataset == dataset}
    asked = re.findall(r"\*\*(.+?)\*\*  \n", words(app.main))
    assert len(asked) == min(2, len(cards))
    cable = [card for card in cards.values() if card.model.startswith("cabeq") and card.width == 16]
    if cable and any(card.model == "original" and card.width == 16 for card in cards.values()):
        baseline = cards[f"{dataset}-w16-original"].recipe  # by another recipe a network is no match for it
        alike = [card for card in cable if {**card.recipe, "model": "original"} == baseline]
        best = max(alike, key=lambda card: card.accuracy or 0)
        assert asked == [zoo.titled(model, f"{model}, width 16") for model in ("original", best.model)]


def robustness_of(name: str) -> robustness.Robustness:
    return robustness.read(weights.PRETRAINED / f"{name}.robust.json", weights.cards()[name].sha256)


@pytest.mark.parametrize("what", ["mean", *DISTURBANCES])
def test_disturbed_shows_what_was_measured(open_page, what):
    name = "optdigits-digits-cnn"
    query = {"data": "optdigits", "tab": "Over the test set", "tested": "Disturbed", "disturbed": what}
    app = opened(open_page, image="optdigits-0", **query)
    assert not app.error and not app.warning
    found = robustness_of(name)
    rights = found.mean() if what == "mean" else found.under[what]
    shown = [cell for row in app.table[0].value.itertuples(index=False) for cell in row]
    wanted = [found.percent(right) for right in (found.clean, *rights)]
    assert shown == [f"{middle:.1f} ({low:.1f}–{high:.1f})" for middle, low, high in wanted]
    assert "Measured on all 1,797 test images" in words(app)
    if what == "diffusion":
        app.toggle(key="leak").set_value(True).run()
        leaking = found.percent(found.under["leaking-diffusion"][4])
        assert app.table[0].value.iloc[0, 5].startswith(f"{leaking[0]:.1f} ")


def test_a_damaged_measurement_is_a_sentence_and_the_others_are_shown(open_page, tmp_path, monkeypatch):
    from explorer.ui.classify import source

    monkeypatch.setattr(source, "home", lambda name: tmp_path)
    names = ["mnist-cnn", "mnist-mlp"]
    under = {name: (9, 8, 7, 6, 5) for name in robustness.EVERY}
    sha256 = weights.cards()[names[0]].sha256
    robustness.write(tmp_path / f"{names[0]}.robust.json", robustness.Robustness(10, 9, under, 20), sha256)
    (tmp_path / f"{names[1]}.robust.json").write_text("{")
    for name in names:
        shutil.copy(weights.PRETRAINED / f"{name}.eval.npz", tmp_path)
    query = {"which": "My choice", "models": ",".join(names), "tab": "Over the test set", "tested": "Disturbed"}
    app = opened(open_page, image="mnist-0", **query)
    assert "is no measurement of robustness" in words(app)
    assert "Measured on the first 10 of 20" in words(app) and len(app.table[0].value) == 1
    for name in names:
        (tmp_path / f"{name}.robust.json").unlink()
    assert "Nobody has measured" in words(app.run())


def test_a_picture_fools_the_network_it_was_made_for(open_page):
    pair = "cifar10-w16-original,cifar10-w16-cabeq-sd-1"
    linked = {"image": "cifar10-51", "which": "My choice", "models": pair, "tab": "Fool it"}
    app = opened(open_page, **linked, epsilon=3)
    assert re.search(r"original, width 16\*\*\s+ship [\d.]+% → \*\*airplane [\d.]+%\*\*", words(app))
    assert "says airplane from ε = 1 on" in words(app)
    app = opened(open_page, **linked, epsilon=0)
    assert re.search(r"ship ([\d.]+%) → ship \1", words(app)), "without noise nothing changes"
    app = opened(open_page, **linked, epsilon=6, aim=3, way="Ten steps")
    assert re.search(r"original, width 16\*\*\s+ship [\d.]+% → \*\*cat [\d.]+%\*\*", words(app))


@pytest.mark.parametrize("link", [{"epsilon": "nan"}, {"epsilon": -1}, {"epsilon": 999}, {"aim": 99}, {"aim": "<b>"}])
def test_a_link_to_an_attack_that_is_none_opens_the_usual_one(open_page, digit, link):
    app = opened(open_page, image=digit, tab="Fool it", **link)
    assert not app.error and "It is made for one network" in words(app)


def test_networks_that_see_other_pixels_are_left_aside_by_name(open_page, digit):
    app = opened(open_page, image=digit, tab="Fool it", which="All")
    sizes = {card.size for card in weights.cards().values() if card.dataset == "mnist"}
    assert ("Left aside" in words(app)) == (len(sizes) > 1)


def test_damaged_measurements_of_fooled_networks_are_a_sentence(open_page, digit, tmp_path, monkeypatch):
    from explorer.results import fooled
    from explorer.ui.classify import attacked

    damaged = tmp_path / "fooled.json"
    damaged.write_text("{")
    monkeypatch.setattr(attacked.fooled, "read", lambda read=fooled.read: read(damaged))
    attacked._found.clear()
    app = opened(open_page, image=digit, tab="Fool it")
    attacked._found.clear()
    assert "ooled.json is damaged" in words(app)


EVERYDAY = "imagenet-efficientnet-lite0"


@pytest.fixture
def photo(open_page):
    """The page with a photo of one's own, twice as wide as high."""

    def photo(page: str, **params):
        from PIL import Image

        from explorer.data import samples
        from explorer.ui.shared import picker

        cat = next(one for one in samples("stl10") if one.name == "cat").image.resize((640, 320))
        app = open_page(page, **params)
        app.session_state["picker.own"] = picker.Picked(cat, "uploaded", "", None, None, picker.OWN)
        app.session_state["picker.image"] = picker.OWN
        app = app.run()
        assert not app.exception and not app.error and isinstance(cat, Image.Image)
        return app

    return photo


@pytest.mark.parametrize("tab", ["Answers", "Diffuse it first", "Fool it"])
def test_a_photo_of_ones_own_is_asked_of_the_network_of_everyday_things(photo, tab):
    app = photo("Classify", tab=tab)
    assert app.selectbox(key="data-box").value == "imagenet"
    said = words(app)
    assert EVERYDAY in said and "These networks know" not in said and not app.warning
    if tab == "Answers":
        (chart,) = app.get("plotly_chart")
        names = json.loads(chart.proto.spec)["data"][0]["y"]
        assert len(names) == 5 and set(names) <= set(weights.cards()[EVERYDAY].classes)


def test_a_network_from_elsewhere_has_no_test_results(open_page):
    app = opened(open_page, data="imagenet", tab="Over the test set")
    assert not app.error and "those that were trained here have them" in words(app)


@pytest.mark.parametrize("tab", ["Maps", "Live", "Filters", "Where it looks", "Top images", "Statistics", "Take away"])
def test_a_photo_is_looked_at_in_it_too(photo, tab):
    app = photo("Feature_maps", tab=tab)
    assert app.selectbox(key="model-box").value == EVERYDAY and "not measured here" in words(app)


@pytest.mark.parametrize(("image", "said"), [("", "laid out by the numbers"), ("pattern-rings", "and your image")])
def test_neighbours_lays_out_the_samples_and_the_image_among_them(open_page, digit, image, said):
    app = opened(open_page, image=image or digit, tab="Neighbours", data="mnist")
    assert not app.error and said in words(app)


def test_neighbours_of_a_network_of_everyday_things_are_photos(open_page, monkeypatch):
    from explorer.data import samples
    from explorer.ui.shared import caches

    monkeypatch.setattr(caches, "samples", lambda name: samples(name)[:6])
    app = opened(open_page, image="pattern-rings", tab="Neighbours", data="imagenet")
    assert not app.error and "The 6 samples of STL-10" in words(app)


@pytest.fixture
def taught_digits():
    """A session in which someone has taught three pictures each of two of MNIST's digits."""
    from explorer.classify import collection
    from explorer.classify.features import features
    from explorer.data import samples
    from explorer.ui.classify import mine

    base = mine._base(mine.DRAWINGS)
    shelf: dict[str, list] = {"one": [], "two": []}
    for label, name in enumerate(shelf, start=1):
        for sample in [one for one in samples("mnist") if one.label == label][:3]:
            found = features(base, base.sees(sample.image))[0]
            shelf[name].append(mine.Own(collection.kept(sample.image), sample.image, found))
    return {base.key: shelf | {"an old name": shelf["one"][:1]}}


def test_my_classes_are_taught_asked_and_taken_away(open_page, digit, taught_digits):
    app = opened(open_page, image=digit, tab="My classes", things="Drawings", **{"from": "This image"})
    assert "Add pictures of mug and pen" in words(app)
    app.session_state["mine.pictures"] = taught_digits
    app.text_input(key="mine.names").set_value("one, two").run()
    assert not app.exception and not app.error
    assert {metric.label: metric.value for metric in app.metric}["Recognised unseen"] == "6 of 6"
    assert "an old name (1)" in words(app) and "None of them is taken for another" in words(app)
    app.text_input(key="mine.names").set_value("one").run()
    assert [error.value for error in app.error] == ["There are 1 names: give 2 to 8, with commas between."]


@pytest.mark.parametrize("names", ["![a](http://b/c.png), x", "<b>, x", "a/b, ../c"])
def test_names_that_no_folder_can_have_are_one_sentence(open_page, names):
    app = opened(open_page, tab="My classes")
    app.text_input(key="mine.names").set_value(names).run()
    assert not app.exception and len(app.error) == 1 and "cannot be a folder's" in app.error[0].value
