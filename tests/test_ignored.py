"""What the checks are told to overlook is counted, and the counts may only fall."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST = {
    r"# (?:pyright|type): ignore": 2,
    r"# noqa": 0,
    r"@ts-(?:ignore|expect-error|nocheck)": 0,
    r"# fmt: (?:skip|off)": 55,
}


def sources() -> list[Path]:
    """Python and JavaScript as the repository holds them; here only this file names what it looks for."""
    folders = [ROOT / name for name in ("explorer", "pages", "benchmarks", "tests")]
    found = [file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".js", ".ts", ".mjs")]
    return [ROOT / "app.py", *(file for file in found if file != Path(__file__))]


def test_every_script_of_a_component_has_its_types_checked():
    scripts = list((ROOT / "explorer").rglob("*.js"))
    assert len(scripts) > 20
    assert [file.name for file in scripts if not file.read_text("utf-8").startswith("// @ts-check\n")] == []


@pytest.mark.parametrize(("words", "most"), MOST.items())
def test_no_more_is_overlooked_than_before(words, most):
    count = sum(len(re.findall(words, file.read_text("utf-8"))) for file in sources())
    assert count <= most, f"{count} times {words}: mend the cause rather than ask the check to look away"
    assert count >= most, f"only {count} times {words} now: lower the number here, so that it stays so"
