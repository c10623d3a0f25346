"""What the study says of made-up runs: every kind of verdict, corrections, partial states, damaged files."""

import json
import shutil

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from explorer import paths
from explorer.data import dataset
from explorer.data.disturb import DISTURBANCES
from explorer.errors import ExplorerError
from explorer.networks import evaluation, gains, weights
from explorer.results import evidence, findings, keeping, study, verdicts
from explorer.results.evidence import CLEAN, Kept, comparisons, kept
from explorer.training.recipe.recipe import preset
from explorer.training.work.loop import train

MAIN = study.EXPERIMENTS[0]


def made(gain=0.0, seeds=10, noise=0.2, loss=0.0, arms=study.ARMS):
    """Runs in which the cable layer brings `gain` points, and under disturbances costs `loss`."""
    draw, rows = np.random.default_rng(0), []
    for arm in arms:
        for seed in range(seeds):
            level, chance = 80 + seed / 10, draw.normal(0, noise)
            cable = arm == study.CABLE
            disturbed = {name: level - 20 - loss * cable + draw.normal(0, noise) for name in DISTURBANCES}
            rows.append(Kept(arm, seed, level + gain * cable + chance, disturbed))
    return rows


def primary(rows):
    return next(one for one in comparisons(MAIN, rows) if (one.arm, one.outcome) == (study.CABLE, CLEAN))


@pytest.mark.parametrize(("rows", "said"), [
    (made(2.0), "the cable layer helps: +"),
    (made(-2.0), "the cable layer costs accuracy: −"),
    (made(0.0, noise=0.05), "no difference is shown"),
    (made(0.0, noise=0.05), "within ±0.3 points the two are equivalent"),
    (made(0.0, noise=3.0), "no difference is shown"),
    (made(2.0, seeds=2), "not enough runs yet (2 of 10 pairs of seeds)"),
    ([], "not enough runs yet (0 of 10 pairs of seeds)"),
    (made(2.0, seeds=4), "So far: 4 of 10 pairs of seeds."),
])  # fmt: skip
def test_the_verdict_follows_the_numbers(rows, said):
    sentence = verdicts.verdict(MAIN, primary(rows))
    assert said in sentence and sentence.startswith("CIFAR-10, width 8: ") and sentence.endswith((".", "helps."))
    assert ("So far" in sentence) == (0 < len(rows) // 8 < 10 and len(rows) // 8 >= 3)


def test_a_wide_interval_is_not_called_equivalent_and_says_what_it_excludes():
    one = primary(made(0.0, noise=3.0))
    sentence = verdicts.verdict(MAIN, one)
    assert "equivalent" not in sentence
    assert f"a gain of more than {one.difference.high:.2f} points is excluded" in sentence


def test_the_family_is_the_protocols_fourteen_and_is_corrected_as_one():
    found = comparisons(MAIN, made(0.3, loss=0.2))
    family = [one for one in found if one.family]
    assert len(family) == 14 and {one.arm for one in family} == {study.CABLE}
    assert {one.outcome for one in family if one.against == "original"} == set(DISTURBANCES)
    assert {one.against for one in family if one.outcome == CLEAN} == set(evidence.RIVALS)
    theirs = multipletests([one.difference.p for one in family], method="holm")[1]
    assert [one.corrected for one in family] == pytest.approx(theirs.tolist())
    some = [one for one in made(seeds=10) if one.arm != "front-free"]
    assert all(one.corrected is None for one in comparisons(MAIN, some))  # the family is not complete yet


def test_pairs_are_the_seeds_that_both_have():
    rows = made(1.0, seeds=5)
    rows = [row for row in rows if not (row.arm == study.CABLE and row.seed in (0, 3))]
    one = primary(rows)
    by_seed = {(row.arm, row.seed): row.accuracy for row in rows}
    wanted = [by_seed[study.CABLE, seed] - by_seed["original", seed] for seed in (1, 2, 4)]
    assert one.difference.pairs == 3 and one.difference.mean == pytest.approx(np.mean(wanted))


def test_robustness_names_what_is_lost_and_what_is_gained():
    rows = [
        Kept(
            row.arm,
            row.seed,
            row.accuracy,
            {**row.disturbed, "jpeg": row.disturbed["jpeg"] + 4 * (row.arm == study.CABLE)},
        )
        for row in made(0.0, loss=2.0)
    ]
    said = verdicts.robustness(MAIN, comparisons(MAIN, rows))
    lost, gained = said.split("gains under")
    assert "after Holm's correction: the cable layer loses under Gaussian noise −" in lost and "JPEG +" in gained
    assert "under no disturbance is a difference shown" in verdicts.robustness(MAIN, comparisons(MAIN, made()))
    assert "not enough runs yet" in verdicts.robustness(MAIN, comparisons(MAIN, made(seeds=2)))


def card(folder, run, accuracy, **more):
    values = {"recipe": run.recipe.to_dict(), "accuracy": accuracy, **more}
    (folder / f"{run.name}.json").write_text(json.dumps(values))
    labels = np.arange(10)
    answers = np.where(np.arange(10) < accuracy / 10, labels, 9 - labels)
    keeping.write_record(
        folder / f"{run.name}.npz",
        evaluation.Evaluation(answers, np.zeros((10, 10)), labels, np.zeros((10, 10)), np.zeros(10), {}, {}),
    )


def test_a_run_that_left_the_numbers_counts_with_chance_and_is_named(tmp_path):
    runs = [run for run in study.runs() if run.experiment is MAIN][:8]
    for run in runs:
        card(tmp_path, run, 80.0)
    card(tmp_path, runs[0], 80.0, failed="the loss is nan in epoch 1, batch 3: lower the rate")
    rows = kept(MAIN, tmp_path)
    assert len(rows) == 8 and rows[0].accuracy == 10.0 and set(rows[0].disturbed.values()) == {10.0}
    found = findings.record(tmp_path)["experiments"][0]
    assert found["failed"] == {"original-0": "the loss is nan in epoch 1, batch 3: lower the rate"}
    assert "original-0: the loss is nan" in findings.text(findings.record(tmp_path))
    assert json.loads(json.dumps(found)) == found  # plain values


def test_a_run_by_another_recipe_does_not_count(tmp_path):
    run = study.runs()[0]
    values = {"recipe": run.recipe.changed(epochs=3).to_dict(), "accuracy": 99.0}
    (tmp_path / f"{run.name}.json").write_text(json.dumps(values))
    assert kept(MAIN, tmp_path) == []


@pytest.mark.parametrize(("file", "content"), [
    ("", '{"recipe": RECIPE}'), ("", '{"recipe": RECIPE, "accuracy": "high"}'), (".robust", "[1]"), (".robust", "{"),
    (".npz", "PK"), (".npz", None),
])  # fmt: skip
def test_a_damaged_file_is_one_sentence(tmp_path, file, content):
    run = study.runs()[0]
    shutil.copy(paths.PRETRAINED / "mnist-lenet.json", tmp_path / f"{run.name}.json")
    values = json.loads((tmp_path / f"{run.name}.json").read_text())
    card(tmp_path, run, **{**values, "recipe": run.recipe.to_dict()})
    assert len(kept(MAIN, tmp_path)) == 1
    path = tmp_path / f"{run.name}{file if file == '.npz' else f'{file}.json'}"
    if content is None:
        path.unlink()
    else:
        path.write_text(content.replace("RECIPE", json.dumps(run.recipe.to_dict())))
    with pytest.raises(ExplorerError) as caught:
        kept(MAIN, tmp_path)
    assert run.name in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.slow
def test_filters_are_followed_and_the_same_images_are_asked(tmp_path, monkeypatch):
    """Real small runs of two seeds: the ratio of the last epoch is that of the weights, and McNemar counts images."""
    recipe = preset("quick", width=2, epochs=2, batch_size=1024, device="cpu", precision="float32")
    tiny = study.Experiment("main", "Digits", ("original", "front-free", study.CABLE), (0, 1), recipe)
    monkeypatch.setattr(study, "EXPERIMENTS", (tiny,))
    monkeypatch.setattr(keeping, "KEPT", tmp_path / "kept")
    for run in study.runs():
        folder = keeping.clear(tmp_path / run.name, run)
        assert train(run.recipe, folder).state == "finished" and keeping.collect(run, folder)
    found = findings.record()["experiments"][0]
    for arm in tiny.arms[1:]:
        for seed in (0, 1):
            model = weights.load(f"main-{arm}-{seed}", tmp_path / "kept")[0]
            ratio = gains.of(next(iter(gains.layers(model).values()))).ratio
            assert found["gains"][arm][str(seed)][1] == pytest.approx(ratio, rel=0.01)  # float16, four digits
    assert found["gains"]["original"] == {} and f"{study.CABLE} from ×" in found["sharpening"]
    labels = dataset("optdigits", "test").labels.numpy()
    right = [
        evaluation.read(tmp_path / f"main-{arm}-1" / "eval.npz").predictions == labels
        for arm in (study.CABLE, "original")
    ]
    one = found["same_images"]["1"]
    assert (one["only_cable"], one["only_baseline"]) == ((right[0] & ~right[1]).sum(), (right[1] & ~right[0]).sum())
    assert 0 <= one["p"] <= 1 and "front-free from" in findings.text(findings.record())
