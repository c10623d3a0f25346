"""docs/SCALE.md says what the benchmarks measured, and multiplies it as it says."""

import json
import math
from pathlib import Path

import pytest

from benchmarks import scale, tables

RECORD = {
    "hardware": "a machine", "date": "2026-11-21",
    "facts": {
        "students": 30, "minutes": 2.0, "server cores": 2, "interactions": 720, "memory a session, MB": 5.0,
        "memory before the class, MB": 700, "95 % waited at most, s": 0.25,
    },
    "rows": [
        {"page": "Home", "interaction": "open", "times": 30, "p95, s": 0.5, "server CPU, s": 0.04},
        {"page": "Classify", "interaction": "classify", "times": 10, "p95, s": 0.9, "server CPU, s": 0.16},
        {"page": "Train", "interaction": "refresh", "times": 500, "p95, s": 0.1, "server CPU, s": ""},
    ],
}  # fmt: skip


@pytest.fixture
def found(tmp_path, monkeypatch):
    file = tmp_path / "classroom.json"
    file.write_text(json.dumps(RECORD))
    monkeypatch.setattr(scale, "measured", lambda ours=scale.measured: ours(file))
    return scale.measured()


def test_the_document_is_made_from_the_results():
    text = tables.SCALE.read_text(encoding="utf-8")
    assert all(f"<!-- {name} -->" in text for name in ("session", "growth", "price", "store"))
    assert tables.written(text) == text, "run python -m benchmarks.tables"


def test_what_is_measured_is_read_as_it_was_meant(found):
    assert found.rate == 720 / (30 * 120)
    assert found.cpu == pytest.approx((30 * 0.04 + 10 * 0.16) / 40), "what was not measured alone counts for nothing"
    text = scale.session()
    words = ("12.0 a minute", "70 ms", "160 ms, 'classify' on Classify", "5 MB", "700 MB", "0.90 s", "0.25 s", "| 42 |")
    for part in words:
        assert part in text, part


def test_the_plan_is_the_formula_of_the_document(found):
    plan = found.plan(9, 30)
    busy = 270 * 0.2 * 0.07
    assert plan["students"] == 270 and plan["interactions/s"] == pytest.approx(54)
    assert plan["busy cores"] == pytest.approx(busy) and plan["server processes"] == math.ceil(busy / scale.BUSY)
    assert plan["memory, GB"] == pytest.approx((plan["server processes"] * 700 + 270 * 5) / 1000)
    assert found.plan(1, 1)["server processes"] == 1
    lines = scale.growth().splitlines()[2:]
    assert [line.endswith("| extrapolated |") for line in lines] == [False, True, True, True]


def test_a_student_costs_what_cores_and_memory_cost(found):
    plan = found.plan(10)
    assert found.cost(plan, 1.0, 0.0) * 300 == pytest.approx(plan["server processes"])
    assert found.cost(plan, 0.0, 1.0) * 300 == pytest.approx(plan["memory, GB"])
    thousand = found.plan(1000)
    assert f"{thousand['server processes'] / 30_000:.4f} ·" in scale.price()


def test_the_store_serves_as_many_as_it_answers_looks(tmp_path):
    row = {"journal": "delete", "runs": 50, "readers": 2, "looks/s": 1000.0, "ms a write": 5.2}
    (tmp_path / "store.json").write_text(json.dumps({"rows": [row], "hardware": "a machine", "date": "today"}))
    assert "1,000 looks a second" in (text := scale.store(tmp_path / "store.json"))
    assert "Extrapolated: 500 such students" in text


def test_without_a_measurement_the_document_says_how_to_make_one(monkeypatch, capsys):
    monkeypatch.setattr(scale, "measured", lambda: None)
    assert scale.session() == scale.growth() == scale.price() == scale.MISSING.format("classroom")
    assert "benchmarks.store" in scale.store(Path("nowhere.json"))
    monkeypatch.setattr("sys.argv", ["scale"])
    assert scale.main() == 1 and "python -m benchmarks.classroom" in capsys.readouterr().out


def test_links_of_the_document_lead_somewhere():
    text, docs = tables.SCALE.read_text(encoding="utf-8"), Path(tables.SCALE).parent
    assert (docs / "nginx.conf").exists() and (docs / "CLASS.md").exists()
    assert "(nginx.conf)" in text and "(CLASS.md)" in text
