"""Text of strangers is text: no name of a run, a stack, a class or a folder is ever read as markup.

Every page and tab is opened on a store full of hostile names, and every text of every element is looked at: whatever
the browser reads as markdown or HTML may hold no live piece of them.
"""

import json
import re
from dataclasses import asdict

import pytest

from explorer.networks import stack, weights
from explorer.training.recipe.recipe import Recipe
from explorer.training.store.publish import publish
from explorer.training.store.runs import Store
from explorer.ui.classify.tested import VIEWS as TESTED
from explorer.ui.results import views
from tests.pages.conftest import ROOT
from tests.training.helpers import trained

PICTURE = "![p](http://evil.example/p)"
MARKUP = f"{PICTURE}<img src=http://evil.example/h>"
NAMES = f"<a href=http://evil.example>{PICTURE}"
LIVE = (
    re.compile(r"(?<!\\)\[p\]|(?<!\\)<(img|a )|http://evil|:material/evil:"),
    re.compile(r"<(img|a )"),  # in HTML brackets and addresses are letters
)
HTML = {"Html.body", "PlotlyChart.spec"}  # plotly reads a little of it
RAW = re.compile(  # shown by the browser as it is: what one types into or chooses from, code, our own components
    r"(TextInput|TextArea)\.(default|value)|(Selectbox|MultiSelect)\.(options|raw_values?)|Code\.code_text"
    r"|BidiComponent\.(mixed\.)?json|PageLink\.query_string|.*\.(id|alt)"
)


def texts(message, path=""):
    """(where, text) of every text of a message and of those inside it."""
    for field, value in message.ListFields():
        where = f"{path or message.DESCRIPTOR.name}.{field.name}"
        for one in value if field.is_repeated else [value]:
            if field.type == field.TYPE_MESSAGE and not field.message_type.GetOptions().map_entry:
                yield from texts(one, "" if path.count(".") > 1 else where)
            elif field.type == field.TYPE_STRING:
                yield where, one


def protos(node):
    """Of every element of a page, and of every block around them: tabs, expanders, popovers."""
    if getattr(node, "proto", None) is not None:
        yield node.proto
    for child in getattr(node, "children", {}).values():
        yield from protos(child)


def looked_at(app) -> int:
    """How many texts of the page hold a hostile name; fails where one is alive."""
    assert not app.exception
    found = 0
    for proto in protos(app._tree):
        for where, text in texts(proto):
            assert RAW.fullmatch(where) or not LIVE[where in HTML].search(text), (
                where,
                text[:300],
            )
            found += "evil.example" in text
    for table in app.get("arrow_table"):
        frame = table.value
        for text in map(str, [*frame.index, *frame.columns, *frame.to_numpy().ravel()]):
            assert not LIVE[0].search(text), ("a table", text)
            found += "evil.example" in text
    return found


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """Two finished runs on a folder of hostile name with classes of hostile names; one is a stack, one is published."""
    patch = pytest.MonkeyPatch()
    patch.setenv("EXPLORER_RUNS", str(tmp_path_factory.mktemp("runs")))
    store = Store()
    dataset = f"folder:/tmp/{MARKUP}"
    rows = json.loads(stack.PRESETS["notebook"].json()) | {"name": MARKUP}
    runs = []
    for place, changes in enumerate(({}, {"stack": json.dumps(rows)})):
        run = trained(store, name=f"{place}{MARKUP}", note=NAMES, owner=f"terminal:{MARKUP}"[:60])
        recipe = Recipe(**{**asdict(Recipe.from_dict(run.recipe)), "dataset": dataset, **changes})
        store._write("UPDATE runs SET recipe = ?, reason = ? WHERE id = ?", (recipe.to_json(), NAMES, run.id))
        card = json.loads((run.folder / "weights.json").read_text())
        card |= {"classes": [f"{n}{NAMES}"[:80] for n in range(10)], "dataset": dataset}
        card["split"] = {"source": f"pictures of {MARKUP}", "images": 1797}
        card["name"] = card["notes"] = NAMES
        (run.folder / "weights.json").write_text(json.dumps(card))
        weights.load("weights", run.folder)  # a card that is taken
        runs.append(run)
    publish(store.get(runs[0].id), "evil-one")
    yield [store.get(run.id) for run in runs]
    patch.undo()


def key(run) -> str:
    return f"run-{run.id}"


CLASSIFY = ["Answers", "Diffuse it first", "What was learned", "Batch"]
MAPS = ["Maps", "Live", "Filters", "Difference", "Where it looks", "Top images", "Statistics", "Take away"]
TRAIN = ["Curves", "Φ Ψ τ", "Classes", "Compare", "Log", "Files"]
RESULTS = ["Does it help?", "Curves", "Accuracy", "Parameters"]


@pytest.mark.parametrize("tab", CLASSIFY)
@pytest.mark.parametrize("which", ["two", "many"])
def test_classify(open_page, named, tab, which):
    models = ",".join([*map(key, named), *["evil-one"] * (which == "many")])
    app = open_page("Classify", models=models, data=named[0].recipe["dataset"], tab=tab, image="optdigits-0")
    assert looked_at(app) > 3


@pytest.mark.parametrize("view", TESTED)
def test_the_test_set(open_page, named, view):
    app = open_page("Classify", models=",".join(map(key, named)), tab="Over the test set", tested=view)
    assert looked_at(app) > 3


@pytest.mark.parametrize("tab", MAPS)
def test_feature_maps(open_page, named, tab):
    app = open_page("Feature_maps", model=key(named[0]), compare=key(named[1]), tab=tab, layer="fc2")
    assert looked_at(app) > 0


@pytest.mark.parametrize("view", TRAIN)
def test_train(open_page, named, view):
    app = open_page("Train", run=named[0].id, view=view)
    assert looked_at(app) > 3


@pytest.mark.parametrize("tab", RESULTS)
def test_results(open_page, named, tab):
    views._sections.clear()  # what another test saw has none of these names
    try:
        looked_at(open_page("Results", tab=tab))
    finally:
        views._sections.clear()


@pytest.mark.parametrize(
    ("slug", "params"),
    [
        ("", {}),
        ("", {"lesson": MARKUP}),
        ("Diffusion", {"image": f"cifar10-{MARKUP}", "networks": "evil-one"}),
        ("Layers", {"tab": "Stack", "rows": MARKUP, "stack": "notebook"}),
        ("Feature_maps", {"model": MARKUP}),
        ("Feature_maps", {"model": "stack", "stack": MARKUP}),
        ("Train", {"own": MARKUP}),
        ("Classify", {"data": MARKUP}),
        ("Feature_maps", {"model": "stack", "stack": stack.PRESETS["notebook"]}),
    ],
)
def test_what_stands_in_a_link(open_page, named, slug, params):
    given = params.get("stack")
    if isinstance(given, stack.Stack):
        params = params | {"stack": stack.parse(json.loads(given.json()) | {"name": MARKUP}).link()}
    looked_at(open_page(slug, **params))


def test_components_show_text_as_text():
    scripts = [file for ending in ("js", "ts") for file in (ROOT / "explorer/ui/components").rglob(f"*.{ending}")]
    assert scripts
    for file in scripts:
        assert not re.search(r"(inner|outer)HTML|insertAdjacentHTML|document\.write", file.read_text("utf-8")), file
