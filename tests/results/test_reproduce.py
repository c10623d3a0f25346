"""benchmarks.reproduce with two small recipes that differ in their seed: queued, trained, published, summed up."""

import json
import subprocess

import numpy as np
import pytest

import explorer.results.reproduce
from benchmarks import reproduce
from explorer.networks import weights
from explorer.paths import ROOT
from explorer.results.reproduce import Job, gpu_jobs, jobs, remarks
from explorer.training.recipe.recipe import Recipe, preset
from explorer.training.store.runs import Store
from explorer.training.work.loop import train


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    recipes = {
        f"digits{end}": preset("digits", epochs=1, seed=seed, device="cpu") for end, seed in (("", 0), ("-seed1", 1))
    }
    found = {name: Job(recipe, 96.0, shipped=not recipe.seed) for name, recipe in recipes.items()}
    monkeypatch.setattr(reproduce, "jobs", lambda: found)
    monkeypatch.setattr("explorer.training.dispatch.submit.ensure", lambda store: None)
    for name, folder in {"STORE": "runs", "RUNS": "runs/reproduce", "PRETRAINED": "shipped", "SEEDS": "seeds"}.items():
        monkeypatch.setattr(reproduce, name, tmp_path / folder)

    def command(*arguments):
        monkeypatch.setattr("sys.argv", ["reproduce", *arguments])
        reproduce.main()
        return capsys.readouterr().out

    return command


@pytest.mark.slow
def test_what_is_missing_is_queued_once_and_published_when_it_has_finished(command, tmp_path):
    assert command("--list").count("missing") == 2 and not (tmp_path / "runs").exists()
    assert "2 queued, 0 there already" in command("--queue")
    assert "0 queued, 2 there already" in command("--queue")
    store = Store(tmp_path / "runs")
    assert {run.sweep for run in store.all()} == {"reproduce"}
    for run in store.all():
        store.claim(run.id, "cpu")
        assert train(Recipe.from_dict(run.recipe), run.folder).state == "finished"
        store.settle(run.id, "finished")
    out = command("--queue")
    assert out.count("published") == 2 and "0 queued, 0 there already" in out
    cards = [tmp_path / "shipped" / "digits.json", tmp_path / "seeds" / "digits-seed1.json"]
    found = [json.loads(card.read_text())["accuracy"] for card in cards]
    assert f"digits: {np.mean(found):.2f} % (2 seeds)" in out
    assert (tmp_path / "shipped" / "digits.safetensors").exists()
    kept = [file.name for file in (tmp_path / "seeds").iterdir()]
    assert kept == ["digits-seed1.json"], "of other seeds only the card"


def test_what_is_published_is_trained_once_more_and_stays_as_it_is(command, tmp_path):
    command("digits")
    card = tmp_path / "shipped" / "digits.json"
    before = card.read_bytes()
    first = json.loads(before)["accuracy"]
    assert f"digits: {first:.2f} % again, {first:.2f} % published" in command("digits", "--again")
    assert card.read_bytes() == before and (tmp_path / "runs" / "again" / "digits" / "weights.json").exists()
    assert "digits-seed1: " in (out := command("digits-seed1", "--again")) and "nothing published" in out
    with pytest.raises(SystemExit):
        command("--again")


def test_the_long_runs_for_a_gpu_stand_apart(command):
    usual, wide = command("--list"), command("--list", "--gpu")
    assert "digits" in usual and "w64" not in usual and "digits" not in wide
    assert "cifar10-w64-good-original " in wide and wide.count("missing") == 2 * 3 * 7
    assert "cifar10-w64-paper-cabeq-sd-2-seed2 " in command("--list", "cifar10-w64-paper-cabeq-sd-2-seed2")


def test_of_one_network_by_one_recipe_one_seed_is_shipped():
    for name, job in (jobs() | gpu_jobs()).items():
        assert job.shipped == (job.recipe.seed == 0 and "-paper-" not in name), name


def test_how_a_recipe_was_chosen_is_said_by_its_card_and_beside_its_accuracy(command, monkeypatch, tmp_path):
    job = Job(preset("digits", epochs=1, device="cpu", holdout=400), 96.0, chosen="of two, the better one")
    for module in (reproduce, explorer.results.reproduce):
        monkeypatch.setattr(module, "jobs", lambda: {"digits": job})
    command("digits")
    card = weights.read_card("digits", tmp_path / "shipped")
    assert card.notes.endswith("set aside. How its recipe was chosen: of two, the better one.")
    assert remarks(["digits", "other"]) == ["The recipe of digits: of two, the better one."]


def test_a_recipe_that_was_changed_after_its_test_accuracy_was_seen_says_so():
    """By the cards that git has of it: each earlier one of another recipe is told with its accuracy and epochs."""
    checked = []
    for name, job in jobs().items():
        earlier = {}
        for commit in git("log", "--format=%H", "--", f"pretrained/{name}.json").split():
            card = json.loads(git("show", f"{commit}:pretrained/{name}.json") or "{}")
            if card and Recipe.from_dict(card["recipe"]).fingerprint != job.recipe.fingerprint:
                earlier[f"{card['accuracy']:.2f} %"] = Recipe.from_dict(card["recipe"])
        for reached, recipe in earlier.items():
            assert reached in job.before and f"{recipe.epochs} epochs" in job.before, (name, reached)
            moved = (recipe.crop_padding, recipe.rotation) != (job.recipe.crop_padding, job.recipe.rotation)
            assert moved or "shifts" not in job.before, name
        checked += earlier
    if not checked:
        pytest.skip("needs the history of pretrained/: git fetch --unshallow")


def git(*arguments) -> str:
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout
    except FileNotFoundError:
        return ""


def test_too_many_for_the_queue_is_one_sentence(command, monkeypatch, capsys):
    monkeypatch.setenv("EXPLORER_MAX_QUEUE", "1")
    with pytest.raises(SystemExit):
        command("--queue")
    assert "EXPLORER_MAX_QUEUE allows 1" in capsys.readouterr().err
