import json

import pytest
from statsmodels.stats.proportion import proportion_confint

from explorer import papers
from explorer.errors import ExplorerError
from explorer.results import methods
from explorer.results.methods import TESTED, Method

GOOD = {"method": "support vectors", "chosen": "C 10", "right": [1758]}


@pytest.fixture
def written(tmp_path):
    def write(*rows):
        file = tmp_path / "digits.json"
        file.write_text(json.dumps({"rows": rows}))
        return file

    return write


def test_a_method_has_its_mean_and_wilsons_interval(written):
    found = methods.read(written(GOOD, {"method": "neural network", "chosen": "", "right": [1700, 1710, 1720]}))
    low, high = (f"{100 * bound:.1f}" for bound in proportion_confint(1758, TESTED, method="wilson"))
    assert found["support vectors"].text == f"{100 * 1758 / TESTED:.2f} %, 95 % interval {low} to {high}"
    assert found["neural network"].mean == pytest.approx(100 * 1710 / TESTED)
    assert "±" in found["neural network"].text and "±" not in found["support vectors"].text


def test_what_nobody_measured_is_nothing(tmp_path):
    assert methods.read(tmp_path / "digits.json") == {}


@pytest.mark.parametrize(
    "row",
    [
        GOOD | {"right": []},
        GOOD | {"right": [TESTED + 1]},
        GOOD | {"right": [-1]},
        GOOD | {"right": [1.5]},
        GOOD | {"right": [True]},
        GOOD | {"right": 1758},
        {"method": "support vectors"},
        "no row",
        None,
    ],
)
def test_a_damaged_file_is_one_sentence(row, written):
    with pytest.raises(ExplorerError, match=r"digits.json is damaged .*benchmarks.digits --record writes it"):
        methods.read(written(row))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"rows": 3}', " " * (methods.LARGEST + 1)])
def test_a_file_that_is_none_is_one_sentence(text, tmp_path):
    file = tmp_path / "digits.json"
    file.write_text(text)
    with pytest.raises(ExplorerError, match=r"digits.json is damaged"):
        methods.read(file)


def test_what_is_kept_has_the_papers_methods_and_beats_guessing():
    found = methods.read()
    assert set(papers.DIGITS) - set(found) == {"XGBoost"} and set(found) - set(papers.DIGITS) == {"boosting"}
    assert all(isinstance(one, Method) and 90 < one.mean < 100 for one in found.values())
