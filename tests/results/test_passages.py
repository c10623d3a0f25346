"""The five texts: nothing numbered is left out, what holds a passage exists, and a wrong file is one sentence."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import tables
from explorer import papers
from explorer.errors import ExplorerError
from explorer.networks import weights
from explorer.results import passages

ROOT = Path(__file__).parents[2]
# what each text numbers, up to which number
NUMBERED = {
    "000": {"equation": 4, "figure": 4, "table": 4},
    "001": {"equation": 4, "figure": 1, "example": 2},
    "002": {"equation": 18, "figure": 1},
    "003": {"equation": 35, "figure": 11, "table": 1},
    "004": {"equation": 15, "figure": 12, "table": 1, "algorithm": 1},
}


@pytest.mark.parametrize("number", papers.TEXTS)
def test_everything_that_a_text_numbers_is_there_once(number):
    found = Counter(
        one
        for passage in passages.passages()
        if passage.text == number
        for one in passage.numbered
        if one[0] != "display"
    )
    wanted = {(kind, one): 1 for kind, last in NUMBERED[number].items() for one in range(1, last + 1)}
    again = {("table", 2), ("table", 4)} if number == "000" else set()  # once for accuracies, once for counts
    assert {one: 1 for one in found} == wanted
    assert {one for one, times in found.items() if times > 1} <= again


def test_table_one_of_002_is_there():
    assert any(one.text == "002" and one.place == "table I" for one in passages.passages())


def test_every_test_that_is_named_exists():
    for one in passages.passages():
        for name in one.tests:
            file, _, function = name.partition("::")
            tree = ast.parse((ROOT / "tests" / f"{file}.py").read_text(encoding="utf-8"))
            assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name


def test_every_card_that_is_named_is_shipped():
    named = {name for one in passages.passages() for name in one.cards}
    assert named and named <= set(weights.cards())


def test_the_document_is_made_from_them():
    text = tables.TEXTS.read_text(encoding="utf-8")
    assert tables.written(text) == text, "run python -m benchmarks.tables"
    assert all(f"## {number}, {called}\n" in text for number, (called, _) in papers.TEXTS.items())


def test_figures_are_those_of_the_papers_and_of_the_cards():
    assert passages.figure("count alexnet-227") == "62,378,344"
    assert passages.figure("paper cifar10 resnet-20") == "89 %"
    assert passages.figure("range cifar10 cnn") == "75 to 80 %"
    assert passages.figure("digits random forest") == "96.8 %"
    assert passages.figure("card mnist-cnn") == f"{weights.cards()['mnist-cnn'].accuracy:.2f} %"


def test_every_figure_of_the_papers_own_list_is_said_somewhere():
    written = "".join(file.read_text(encoding="utf-8") for file in passages.FOLDER.glob("*.toml"))
    assert set(re.findall(r"\{said ([^}]+)\}", written)) == set(papers.SAID)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[", "cannot be read"),
        ('x = "y"', "give texts"),
        ('[x]\nwhat = "y"', "give texts"),
        ('[x]\nsays = ""\napart = "z"', "says nothing"),
        ('[x]\nsays = "y"', "nothing says why"),
        ('[x]\nsays = "y"\nat = ["Layers"]', "nothing holds it"),
        ('[x]\nsays = "y"\nat = ["Layers"]\nheld = ["test"]', "is no test"),
        ('[x]\nsays = "y"\nat = [1]\nheld = ["a/test_b::test_c"]', "lists of texts"),
        ('[x]\nsays = "{count nobody}"\napart = "z"', "no text and no card"),
        ('[x]\nsays = "{paper cifar10 nobody}"\napart = "z"', "no text and no card"),
        ('[x]\nsays = "{card nobody}"\napart = "z"', "no text and no card"),
    ],
)
def test_a_wrong_file_is_one_sentence(content, said):
    with pytest.raises(ExplorerError, match=said):
        passages.read("000", content.encode())


def test_a_passage_knows_what_it_is_of():
    (one,) = passages.read("003", b'["equations 3 to 6"]\nsays = "y"\nat = ["Layers?a=1", "Layers"]\nheld = ["card z"]')
    assert one.numbered == [("equation", 3), ("equation", 4), ("equation", 5), ("equation", 6)]
    assert one.cards == ["z"] and not one.open
    assert one.links == [("Layers?a=1", "Layers"), ("Layers", "Layers (2)")]
    assert passages.page("Layers?filters=a&filters=b&x=%2B") == ("Layers", {"filters": ["a", "b"], "x": "+"})
