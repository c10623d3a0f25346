"""The README says what the repository holds: its tables are those of the files, its two commands the ones CI runs."""

import re
from pathlib import Path

import explorer
from benchmarks import tables
from explorer import papers
from explorer.networks import weights
from explorer.training.store import publish
from explorer.training.store.runs import Store
from tests.training.helpers import trained

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tables_are_made_from_the_cards_and_the_results():
    assert tables.written(README) == README, "run python -m benchmarks.tables"


def test_a_published_run_is_in_no_table(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path))
    publish.publish(trained(Store()), "mine")
    assert "mine" in weights.known() and tables.written(README) == README


def test_the_test_command_is_what_ci_runs_with_the_long_tests_in_it():
    command = "pip install -r requirements-dev.txt && pytest"
    assert command in README
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    ci = re.sub(r" --[a-z-]+(?=.* -r )", "", ci)
    ci = re.sub(r'python -m tests.leftovers "[$]own/\d" ', "", ci)
    assert ci.count(f'{command} -m ""\n') == 1 and ci.count("pytest ") == 1


def test_every_file_that_is_named_exists():
    named = set(re.findall(r"`((?:explorer|docs|tests|pages|benchmarks|pretrained)/[\w./]*)`", README))
    assert len(named) > 5
    assert not [name for name in named - {"pages/N_Name.py"} if not (ROOT / name).exists()]


def test_every_page_is_described():
    for file in (ROOT / "pages").glob("[0-9]*.py"):
        title = file.stem.partition("_")[2].replace("_", " ")
        assert f"| {title} |" in README


def test_every_environment_variable_is_explained():
    used = set()
    for file in (ROOT / "explorer").rglob("*.py"):
        used |= set(re.findall(r'"(EXPLORER_[A-Z_]+)"', file.read_text(encoding="utf-8")))
    missing = {name for name in used if name not in README}
    assert not missing


def test_the_texts_are_named_as_on_the_results_page():
    for number, (called, text) in papers.TEXTS.items():
        assert f"| {number} | {called} | {text} |" in README


def test_every_document_names_only_what_exists():
    for document in ("CONTRIBUTING.md", "CHANGELOG.md", "docs/DECISIONS.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        named = set(re.findall(r"`((?:explorer|docs|tests|pages|benchmarks|pretrained|\.ci|\.github)/[\w./]*)`", text))
        assert not [name for name in named - {"pages/N_Name.py"} if not (ROOT / name).exists()]


def test_the_citation_and_the_changes_are_of_this_version():
    assert f"version: {explorer.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+?),? ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest and newest[1] == explorer.__version__
