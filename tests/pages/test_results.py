"""The Results page: its figures are those of the cards and of the benchmarks' files."""

import json
import re

import pytest

from explorer import papers
from explorer.networks import weights
from explorer.render import signed
from explorer.results import answer, methods, rows, tables
from explorer.results.reproduce import jobs
from explorer.training.store import publish
from explorer.training.store.runs import Store
from explorer.ui.classify import source
from explorer.ui.results import views
from tests.training.helpers import trained

TABS = ["Does it help?", "Curves", "Accuracy", "Parameters"]


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens(open_page, tab):
    app = open_page("Results", tab=tab)
    assert not app.exception and not app.error


def table_of(app) -> dict[str, tuple[str, dict]]:
    """Every card and every open recipe, with its network and its line of the tables."""
    found = {}
    for table in app.table:
        for network, line in table.value.iterrows():
            for name in re.findall(r"[\w-]+-[\w-]+", line["card"]):
                found[name] = network, dict(line)
    return found


def test_the_accuracies_are_those_of_the_cards(open_page):
    shown = table_of(open_page("Results", tab="Accuracy"))
    for name, card in weights.cards().items():
        assert name not in shown if card.accuracy is None else card.model in shown[name][0]
    for row in rows.rows():
        _network, line = shown[row.names[0]]
        assert row.text in line["ours, %"]
        if row.paper:
            other = "held out" in row.tested
            assert line["difference"] == signed(row.mean - row.paper[0]) + ", other images" * other
            assert ("green" in line["ours, %"]) == (row.mean >= row.paper[0] and not other)
    assert any("held out" in row.tested for row in rows.rows())


def test_the_other_methods_stand_beside_the_network(open_page):
    app = open_page("Results", tab="Accuracy")
    shown = next(table.value for table in app.table if "XGBoost" in table.value.index)
    for name, method in methods.read().items():
        assert shown.loc[name, "ours, %"] == method.text and method.chosen in shown.loc[name, "card"]
    for name, (percent, interval) in papers.DIGITS.items():
        assert shown.loc[name, "paper, %"] == f"{percent:g}, 95 % interval {interval}"
    (ours,) = (row for row in rows.rows() if row.names == ("optdigits-digits-cnn",))
    assert methods.interval(ours.mean) in shown.filter(like="digits-cnn", axis=0)["ours, %"].item()


def test_a_published_run_stands_beside_its_shipped_network_and_counts_once(open_page, tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path))
    views._sections.clear()
    for name in ("mine-1", "mine-2"):
        publish.publish(trained(Store()), name)
    try:
        line = table_of(open_page("Results", tab="Accuracy"))["optdigits-digits-cnn"][1]
        assert line["card"] == "optdigits-digits-cnn (of the same seed: mine-1, mine-2)" and line["seeds"] == "1"
    finally:
        views._sections.clear()


def test_every_recipe_is_there_and_the_open_ones_name_their_command(open_page):
    shown = table_of(open_page("Results", tab="Accuracy"))
    here = {path.stem for folder in (weights.PRETRAINED, rows.SEEDS) for path in folder.glob("*.json")}
    for name, job in jobs().items():
        network, line = shown[name]
        assert job.recipe.model in network
        if name not in here:
            assert f"`{name}`" in line["card"] or re.search(rf"`[^`]*\b{name}\b[^`]*`", line["card"])
            assert "open" in line["ours, %"] + line["card"]


def test_the_counts_are_equal(open_page):
    (table,) = open_page("Results", tab="Parameters").table
    assert set(table.value[""]) == {":green[✓ equal]"}
    assert table.value.loc["ResNet with three residual cable blocks · cabeq-rn-3", "ours"] == "11,181,840"


@pytest.mark.parametrize("section", tables.SECTIONS, ids=lambda section: section.key)
def test_the_curves_of_every_table_or_the_command_that_makes_them(open_page, section):
    app = open_page("Results", tab="Curves", curves=views.title(section))
    assert not app.exception and not app.error
    words = "\n".join(str(part.value) for part in [*app.caption, *app.info, *app.markdown])
    assert "python -m benchmarks.reproduce" in words
    assert ("survey-cnn: on training images set aside" in words) == (section.key in ("mnist", "kmnist"))


def test_damaged_test_results_are_left_out_of_the_curves(open_page, tmp_path, monkeypatch):
    damaged = "cifar10-w16-cabeq-sd-2"
    (tmp_path / f"{damaged}.eval.npz").write_bytes(b"damaged")
    monkeypatch.setattr(source, "home", lambda key: tmp_path if key == damaged else weights.home(key))
    app = open_page("Results", tab="Curves", each="true")
    assert not app.error and f"Left out: {damaged}.eval.npz is no evaluation" in app.warning[0].value
    drawn = [one.get("name") for one in json.loads(app.get("plotly_chart")[0].proto.spec)["data"]]
    assert "cifar10-w16-original" in drawn and damaged not in drawn


@pytest.mark.parametrize("each", [False, True])
def test_the_curves_are_bands_of_a_kind_or_every_network(open_page, each):
    app = open_page("Results", tab="Curves", each=str(each).lower())
    first = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    lines = {one["name"] for one in first if one.get("showlegend", True)}
    assert ("cifar10-w16-cabeq-sd-2" in lines) == each
    assert any(name.startswith("cabeq-sd, width 16") for name in lines) != each


def test_the_answer_is_the_studys(open_page, tmp_path, monkeypatch):
    app = open_page("Results")
    (first, *_) = answer.read()
    assert f"**{first.verdict}**" in [one.value for one in app.markdown]
    damaged = tmp_path / "study.json"
    monkeypatch.setattr(answer, "FILE", damaged)
    assert "Nothing has been found yet" in open_page("Results").info[0].value
    damaged.write_text("[")
    app = open_page("Results")
    assert not app.exception and "study.json is damaged" in app.error[0].value


def test_every_benchmark_is_shown_with_its_hardware(open_page):
    app = open_page("Results", about="true")
    words = "\n".join(str(part.value) for part in [*app.markdown, *app.caption])
    for record in rows.measured():
        assert record["figure"] in words and record["hardware"] in words
