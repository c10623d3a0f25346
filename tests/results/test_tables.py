import json
import shutil

from explorer.networks import weights
from explorer.results import tables
from explorer.results.reproduce import gpu_jobs, jobs


def test_our_parameter_counts_are_those_of_the_papers():
    assert all(count.equal for count in tables.counts())


def test_the_papers_tables_hold_every_recipe_once_trained_or_open(tmp_path):
    empty = tables.sections((tmp_path,))
    assert set(empty) == set(tables.SECTIONS)
    lines = [line for found in empty.values() for line in found]
    assert not any(line.rows for line in lines)
    assert {(line.dataset, line.model) for line in lines if not line.paper} == {("mnist", "cnn"), ("kmnist", "cnn")}
    assert sorted(name for line in lines for name in line.open) == sorted(jobs())
    name = "mnist-lenet"
    shutil.copy(weights.PRETRAINED / f"{name}.json", tmp_path)
    (line,) = (line for found in tables.sections((tmp_path,)).values() for line in found if line.rows)
    assert (line.model, line.paper, line.rows[0].names, line.open) == ("lenet", "98.5", (name,), ())


def test_a_dataset_that_no_paper_has_comes_last(tmp_path):
    values = json.loads((weights.PRETRAINED / "mnist-lenet.json").read_text())
    (tmp_path / "mine.json").write_text(json.dumps(values | {"dataset": "folder:leaves"}))
    section = list(tables.sections((tmp_path,)))[-1]
    assert (section.dataset, section.paper) == ("folder:leaves", "")


def test_what_is_left_to_a_gpu_is_counted(tmp_path):
    assert tables.left_to_a_gpu((tmp_path,)) == len(gpu_jobs())
    name = "cifar10-w64-good-original"
    recipe = gpu_jobs()[name].recipe
    for made, left in ((recipe, len(gpu_jobs()) - 1), (recipe.changed(epochs=3), len(gpu_jobs()))):
        (tmp_path / f"{name}.json").write_text(json.dumps({"recipe": made.to_dict(), "accuracy": 95.0}))
        assert tables.left_to_a_gpu((tmp_path,)) == left
