"""What study.json says is read back as it was found, and a damaged file is one sentence."""

import csv
import io
import json

import pytest

from explorer.errors import ExplorerError
from explorer.results import answer, findings, study
from explorer.results.evidence import CLEAN
from tests.results.test_evidence import made


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A file of a main experiment of four seeds, of which two have the cable layer, and the findings it was made of."""
    rows = [row for row in made(0.5, seeds=4) if row.arm != "front-free" or row.seed < 2]
    monkeypatch.setattr(findings, "kept", lambda experiment, folder: rows if experiment.key == "main" else [])
    monkeypatch.setattr(findings, "same_images", lambda *_: {})
    path = tmp_path / "study.json"
    path.write_text(json.dumps(findings.record()))
    return path


def test_it_is_read_as_it_was_found(written):
    (one,) = answer.read(written)
    (found,) = [each for each in findings.record()["experiments"] if each["runs"]]
    assert (one.key, one.runs, one.planned, one.verdict) == ("main", 30, 80, found["verdict"])
    assert one.arms["original"] == pytest.approx([80.0, 80.1, 80.2, 80.3], abs=1)
    clean = {each.arm: each.difference for each in one.clean()}
    assert set(clean) == set(study.ARMS) - {study.BASELINE}
    cable = clean[study.CABLE]
    assert clean["front-free"].low is None
    assert cable.low is not None and cable.high is not None and cable.low < cable.mean < cable.high
    assert len(one.disturbed()) == 9 and all(each.outcome != CLEAN for each in one.disturbed())


def test_the_table_holds_every_difference(written):
    (one,) = answer.read(written)
    lines = list(csv.DictReader(io.StringIO(one.table())))
    assert len(lines) == sum(each.difference is not None for each in one.differences)
    (line,) = [
        each
        for each in lines
        if (each["arm"], each["outcome"], each["against"]) == (study.CABLE, CLEAN, study.BASELINE)
    ]
    difference = next(each.difference for each in one.clean() if each.arm == study.CABLE)
    assert (float(line["mean"]), float(line["low"])) == (difference.mean, difference.low)


def test_no_file_is_no_answer(tmp_path):
    assert answer.read(tmp_path / "study.json") == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda found: "[",
        lambda found: "[]",
        lambda found: json.dumps({"experiments": 3}),
        lambda found: json.dumps({"experiments": [found["experiments"][0] | {"differences": [{}]}]}),
        lambda found: json.dumps({"experiments": [found["experiments"][0] | {"arms": []}]}),
        lambda found: "[" * 100_000,
        lambda found: " " * (answer.LARGEST + 1),
    ],
)
def test_a_damaged_file_is_one_sentence(written, damage):
    written.write_text(damage(json.loads(written.read_text())))
    with pytest.raises(ExplorerError, match=r"the study.s study.json is damaged") as caught:
        answer.read(written)
    assert "\n" not in str(caught.value)


def test_the_tracked_file_is_what_the_kept_runs_say():
    assert json.loads(answer.FILE.read_text()) == json.loads(json.dumps(findings.record()))
