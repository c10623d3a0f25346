"""The public face: what it offers is what the modules have, loaded when it is asked for; README's lines use it."""

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import explorer
from explorer import inside
from explorer.data import dataset
from explorer.diffusion.cable import Cable
from explorer.networks.weights import load

ROOT = Path(__file__).parents[1]
OFFERED = ["Cable", "Neuron", "CabEqConv2d", "build", "load", "dataset", "samples", "decode", "inside"]


def child(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_importing_it_loads_nothing():
    """Neither what is heavy nor any room of ours."""
    heavy = {"torch", "streamlit", "numpy", "scipy", "PIL", "plotly"}
    loaded = child("import sys, explorer; print(*sys.modules)").split()
    assert not heavy & set(loaded)
    assert [name for name in loaded if name.startswith("explorer")] == ["explorer"]


def test_pictures_come_without_torch():
    code = "import sys; from explorer import decode, samples; print(len(samples('mnist')), 'torch' in sys.modules)"
    assert child(code).split() == ["100", "False"]


@pytest.mark.slow
@pytest.mark.parametrize("name", OFFERED)
def test_each_name_is_what_its_module_calls_so(name):
    code = f"from explorer import {name}; print(getattr({name}, '__module__', {name}.__name__))"
    home = child(code).strip()
    assert home.startswith("explorer.")
    wanted = import_module(home) if name == "inside" else getattr(import_module(home), name)
    assert getattr(explorer, name) is wanted


@pytest.mark.slow
@pytest.mark.parametrize("first", ["explorer.data.samples.make", "explorer.inside.maps", "explorer.networks.weights"])
def test_the_order_of_imports_changes_nothing(first):
    code = f"import {first}; from explorer import samples, inside, load; "
    assert child(code + "print(callable(samples), inside.__name__, callable(load))").split() == [
        "True",
        "explorer.inside",
        "True",
    ]


def test_no_module_bears_an_offered_name_but_inside():
    modules = {path.stem for path in (ROOT / "explorer").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert modules & set(OFFERED) == {"inside"}


def test_it_offers_what_it_says_and_nothing_else():
    assert sorted(OFFERED) == sorted(explorer.__all__) and set(OFFERED) <= set(dir(explorer))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = explorer.nonsense
    with pytest.raises(ImportError, match="nonsense"):
        exec("from explorer import nonsense")


def test_who_reads_types_hears_the_same_names():
    tree = ast.parse((ROOT / "explorer" / "__init__.py").read_text(encoding="utf-8"))
    only = next(node for node in tree.body if isinstance(node, ast.If))
    assert sorted(name.asname for line in only.body for name in line.names) == sorted(OFFERED)


@pytest.mark.slow
def test_the_lines_of_the_readme_run_and_say_what_is_so():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.search(r"```python\n(.*?)```", readme, re.DOTALL)[1]
    assert len(list(filter(None, lines.splitlines()))) == 5
    said = child(lines)
    model, card = load("optdigits-digits-cnn")
    digits = dataset("optdigits", "test")

    def share(pixels):
        batch = (pixels - card.mean[0]) / card.std[0]
        return (model(batch).argmax(1) == digits.labels).double().mean().item()

    pixels = digits.images / 255
    after = share(Cable(1, 0.06).run(pixels, 5))
    assert abs(float(said.partition("%")[0]) - 100 * after) < 0.11
    assert 0.2 < after < share(pixels) - 0.02  # the lines show something: the equation costs accuracy
    assert all(layer.name in said for layer in inside.layers(model, pixels[:1]))
