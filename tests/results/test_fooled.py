import json

import pytest
from statsmodels.stats.proportion import proportion_confint

from explorer.errors import ExplorerError
from explorer.results import fooled

LEVELS = len(fooled.LEVELS)
FACTS = {"images": fooled.IMAGES, "levels": list(fooled.LEVELS), "steps of diffusion": fooled.DIFFUSED}


def row(first, then=100, **more):
    return {"network": "one", "attacked": [first] * LEVELS, "diffused": [then] * LEVELS} | more


@pytest.fixture
def written(tmp_path):
    def write(*rows, **facts):
        file = tmp_path / "fooled.json"
        file.write_text(json.dumps({"rows": rows, "facts": FACTS | facts}))
        return file

    return write


def test_one_network_has_its_wilson_interval(written):
    found = fooled.read(written(row(150)))
    assert found
    low, high = proportion_confint(150, fooled.IMAGES, method="wilson")
    assert found.of("one", diffused=False)[0] == pytest.approx((75, 100 * low, 100 * high))
    assert found.of("one", diffused=True)[0][0] == 50


def test_an_arm_is_the_mean_of_its_seeds_and_has_an_interval_from_three_on(written):
    rows = [row(first, arm="front-bn", seed=seed) for seed, first in enumerate((100, 110, 120))]
    found = fooled.read(written(*rows))
    assert found and not found.networks
    # mean 55, deviation 5, so 5/√3 times Student's 4.30265 with two degrees of freedom
    assert found.of_arm("front-bn", diffused=False)[0] == pytest.approx((55, 55 - 12.4207, 55 + 12.4207), abs=1e-3)
    few = fooled.read(written(*rows[:2]))
    assert few and few.of_arm("front-bn", diffused=False)[0] == (52.5, 52.5, 52.5)


def test_what_nobody_measured_is_nothing(tmp_path):
    assert fooled.read(tmp_path / "fooled.json") is None


@pytest.mark.parametrize(
    "rows",
    [
        [row(201)],
        [row(-1)],
        [row(1.5)],
        [row(True)],
        [{**row(1), "attacked": [1]}],
        [{**row(1), "diffused": "no"}],
        [{"network": "one"}],
        [row(1, arm="nobody's")],
        [row(1, arm=["front-bn"])],
        ["no row"],
        "rows",
    ],
)
def test_damage_is_one_sentence(tmp_path, rows):
    file = tmp_path / "fooled.json"
    file.write_text(json.dumps({"rows": rows, "facts": FACTS}))
    with pytest.raises(ExplorerError, match=r"^fooled\.json is damaged .*benchmarks\.fooled --record writes it$"):
        fooled.read(file)


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"rows": []}', "x" * (fooled.LARGEST + 1)])
def test_so_is_what_is_no_record(tmp_path, text):
    file = tmp_path / "fooled.json"
    file.write_text(text)
    with pytest.raises(ExplorerError, match=r"^fooled\.json is damaged"):
        fooled.read(file)


def test_what_was_measured_otherwise_is_not_taken_for_it(written):
    with pytest.raises(ExplorerError, match="measured otherwise"):
        fooled.read(written(row(1), images=100))
