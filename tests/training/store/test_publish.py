"""Published runs: in a folder of their own, found beside the shipped networks, taken back without a trace."""

import json

import pytest

from explorer import paths, subjects
from explorer.errors import ExplorerError
from explorer.networks import weights
from explorer.training.store import publish
from explorer.training.store.runs import Store
from tests.training.helpers import trained

SHIPPED = "optdigits-digits-cnn"


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    return Store()


def tracked() -> dict:
    return {file: file.stat().st_mtime_ns for file in paths.PRETRAINED.rglob("*")}


def test_a_published_run_is_known_by_its_name_and_nothing_shipped_has_changed(store):
    before, run = tracked(), trained(store)
    assert publish.publish(run, "mine") == "mine"
    shipped = {one.stem for one in before if (one.parent, one.suffix) == (paths.PRETRAINED, ".safetensors")}
    assert tracked() == before and set(weights.cards()) == shipped
    assert set(weights.known()) == {*weights.cards(), "mine"}
    assert weights.home("mine") == paths.published() == store.root / "published" and weights.home(SHIPPED) != store.root
    card = weights.load("mine")[1]
    assert card == weights.read_card("weights", run.folder) and publish.published_as(run) == ["mine"]
    assert subjects.pretrained("mine").about.startswith("A published run: digits-cnn")
    assert subjects.pretrained(SHIPPED).about.startswith("Shipped weights")
    assert (paths.published() / "mine.eval.npz").read_bytes() == (run.folder / "eval.npz").read_bytes()


def test_unpublishing_leaves_the_run_and_no_file(store):
    run = trained(store)
    for name in ("one", "two"):
        publish.publish(run, name)
    assert publish.published_as(run) == ["one", "two"] and len(list(paths.published().iterdir())) == 6
    publish.unpublish("one")
    assert publish.published_as(run) == ["two"] == list(publish.published())
    publish.unpublish("two")
    assert not list(paths.published().iterdir()) and publish.has_weights(run) and not publish.published_as(run)
    with pytest.raises(ExplorerError, match="cannot be read"):
        weights.load("one")


def test_what_was_published_outlives_its_run_and_no_longer_is_the_run_that_went_on(store):
    run = trained(store)
    publish.publish(run, "mine")
    (run.folder / "weights.json").write_text((weights.PRETRAINED / "mnist-mlp.json").read_text())
    assert publish.published_as(run) == []
    (run.folder / "weights.json").write_text("{")
    assert publish.published_as(run) == []
    store.delete(run.id)
    assert set(publish.published()) == {"mine"} and weights.load("mine")[1].model == "digits-cnn"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (SHIPPED, "is that of a shipped network"),
        ("../x", "cannot be used"),
        ("run-1", "means something else"),
        ("there", "is that of a published network"),
    ],
)
def test_a_name_that_cannot_be_is_refused(store, name, sentence):
    run = trained(store)
    publish.publish(run, "there")
    before = sorted(paths.published().iterdir())
    with pytest.raises(ExplorerError, match=sentence):
        publish.publish(run, name)
    assert sorted(paths.published().iterdir()) == before


@pytest.mark.parametrize("name", [SHIPPED, "nothing", "../x", ""])
def test_only_what_was_published_can_be_unpublished(store, name):
    before = tracked()
    with pytest.raises(ExplorerError, match="there is nothing published"):
        publish.unpublish(name)
    publish.publish(trained(store), "mine")
    with pytest.raises(ExplorerError, match="there are mine"):
        publish.unpublish(name)
    assert tracked() == before and set(publish.published()) == {"mine"}


def test_a_shipped_network_keeps_its_name_whatever_lies_among_the_published(store):
    publish.publish(trained(store, "mnist-mlp"), "mine")
    for file in list(paths.published().iterdir()):
        file.rename(file.with_name(file.name.replace("mine", SHIPPED)))
    assert weights.known()[SHIPPED] == weights.cards()[SHIPPED] and weights.home(SHIPPED) == paths.PRETRAINED
    assert weights.load(SHIPPED)[1].model == json.loads((paths.PRETRAINED / f"{SHIPPED}.json").read_text())["model"]
