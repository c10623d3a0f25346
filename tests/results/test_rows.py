import json
import math
from dataclasses import replace

import pytest
import scipy.stats

from explorer.networks import weights
from explorer.render import signed
from explorer.results import rows
from explorer.results.rows import ResultRow


def row(model, *accuracies):
    names = tuple(f"{model}-{n}" for n in range(len(accuracies)))
    return ResultRow("cifar10", model, 16, 24, names, accuracies, "10,000 images", None)


def test_mean_and_spread_are_those_of_the_seeds():
    one = row("original", 90.0, 91.0, 92.5)
    assert one.mean == pytest.approx(91.1667, abs=1e-4)
    assert one.spread == pytest.approx(math.sqrt((1.1667**2 + 0.1667**2 + 1.3333**2) / 2), abs=1e-3)
    assert one.text == "91.17 ± 1.26 %"
    assert row("original", 90.0).text == "90.00 %"
    few = row("cabeq-sd-1", 90.58, 90.58)
    assert (few.text, few.spread) == ("90.58 %", None), "of two seeds it would be a variance of chance"


def test_seeds_of_one_recipe_stand_in_one_row(tmp_path):
    path = weights.PRETRAINED / f"{next(iter(weights.cards()))}.json"
    values = json.loads(path.read_text())
    for seed, accuracy in ((0, 90.0), (1, 92.0)):
        changed = values | {"seed": seed, "accuracy": accuracy, "recipe": values["recipe"] | {"seed": seed}}
        (tmp_path / f"one-seed{seed}.json").write_text(json.dumps(changed))
    other = values | {"recipe": values["recipe"] | {"epochs": 7}}
    (tmp_path / "longer.json").write_text(json.dumps(other))
    (tmp_path / "broken.json").write_text("{")
    found = {one.epochs: one for one in rows.rows((tmp_path,))}
    assert len(found) == 2
    both = found[values["recipe"]["epochs"]]
    assert both.names == ("one-seed0", "one-seed1") and both.accuracies == (90.0, 92.0)


def card(folder, name, accuracy=90.0, **recipe):
    values = json.loads((weights.PRETRAINED / "mnist-mlp.json").read_text(encoding="utf-8"))
    values |= {"accuracy": accuracy, "recipe": values["recipe"] | recipe, "seed": recipe.get("seed", 0)}
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(values), encoding="utf-8")


def test_of_one_seed_one_card_counts_and_of_the_first_folder(tmp_path):
    shipped, published = tmp_path / "shipped", tmp_path / "published"
    card(shipped, "theirs", 90.0)
    for name in ("a", "b"):
        card(published, name, 91.0, device="cpu", holdout=0, fold=0)  # a field at its default is no other recipe
    card(published, "seed1", 92.0, seed=1)
    (found,) = rows.rows((shipped, published))
    assert found.names == ("theirs", "seed1") and found.accuracies == (90.0, 92.0) and found.again == ("a", "b")
    (alone,) = rows.rows((published,))
    assert alone.names == ("a", "seed1") and alone.again == ("b",)


def test_three_names_of_one_run_are_no_spread(tmp_path):
    for name in ("a", "b", "c"):
        card(tmp_path, name, 90.58)
    (found,) = rows.rows((tmp_path,))
    assert found.text == "90.58 %" and found.spread is None and len(found.accuracies) == 1


def test_every_shipped_card_is_in_exactly_one_row():
    names = [name for one in rows.rows() for name in one.names]
    assert len(names) == len(set(names)) and {name for name, card in weights.cards().items() if not card.source} <= set(
        names
    )


@pytest.mark.parametrize(
    ("cable", "baseline", "words"),
    [
        ((92.0, 92.1, 91.9), (90.0, 90.1, 89.9), ": more than the noise"),
        ((92.0, 90.0, 88.0), (90.1, 91.0, 89.5), ": no more than the noise"),
        ((91.0, 91.1, 91.0), (90.0, 90.0, 90.0), ": more than the noise"),
        ((91.0, 91.0, 91.0), (90.0, 90.0, 90.0), "3 seeds of cabeq-rn-2 and 3 seeds of original nobody"),
        ((90.58, 90.58), (90.0, 90.5, 91.0), "2 seeds of cabeq-rn-2 and 3 seeds of original nobody"),
        ((92.0,), (90.0, 90.5, 91.0), "1 seed of cabeq-rn-2 and 3 seeds of original nobody"),
    ],
)
def test_the_verdict_says_plainly_what_the_noise_allows(cable, baseline, words):
    said = rows.verdict(row("cabeq-rn-2", *cable), row("original", *baseline))
    assert words in said and ("interval" in said) != ("nobody" in said)


def test_the_interval_of_a_difference_is_that_of_scipy():
    cable, baseline = (91.4, 90.2, 90.9, 90.4), (90.1, 91.0, 89.5)
    said = rows.verdict(row("cabeq-rn-2", *cable), row("original", *baseline))
    low, high = scipy.stats.ttest_ind(cable, baseline, equal_var=False).confidence_interval(0.95)
    assert f"{signed(low)} to {signed(high)}, 4 and 3 seeds" in said


def test_a_recipe_of_its_own_is_no_comparison():
    gentle, usual = {"learning_rate": 0.1, "epochs": 30}, {"learning_rate": 0.2, "epochs": 30}
    cable = replace(row("cabeq-sd-3", 90.0, 90.2), recipe=gentle)
    said = rows.verdict(cable, replace(row("original", 90.0, 90.1), recipe=usual))
    assert "+0.05 points" in said and "a recipe of its own (learning rate 0.1)" in said
    assert "epochs" not in said and "95 %" not in said


def test_a_cable_network_is_held_against_the_baseline_of_its_own_width_and_epochs():
    wide = replace(row("original", 95.0, 95.1), width=64)
    assert rows.verdicts([row("cabeq-rn-2", 90.0, 91.0), wide]) == []
    (said,) = rows.verdicts([row("cabeq-rn-2", 90.0, 91.0), wide, row("original", 90.0, 90.1)])
    assert "+0.45 points" in said
    longer = replace(row("cabeq-sd-3", 90.0, 91.0), epochs=60, recipe={"epochs": 60})
    (said,) = rows.verdicts([replace(row("original", 90.0, 90.1), recipe={"epochs": 30}), longer])
    assert "a recipe of its own (epochs 60)" in said


def test_records_that_are_none_are_left_out(tmp_path):
    good = {"rows": [], "figure": "1", "command": "python", "hardware": "a machine", "ok": True}
    (tmp_path / "good.json").write_text(json.dumps(good))
    (tmp_path / "half.json").write_text('{"rows": [')
    (tmp_path / "list.json").write_text("[]")
    assert [record["figure"] for record in rows.measured(tmp_path)] == ["1"]
