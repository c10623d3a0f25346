"""The package: it needs what requirements.txt says, holds what the pages read, and opens them far from the checkout."""

import json
import re
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import explorer
from explorer import paths
from explorer.networks import weights

ROOT = Path(__file__).parents[1]
OPEN = """
import json, sys
from streamlit.testing.v1 import AppTest
from explorer import paths
said = {"code": str(paths.CODE), "checkout": paths.CHECKOUT}
for page in ("", "4_Classify", "6_Results"):
    app = AppTest.from_file(str(paths.HOME), default_timeout=120)
    if page:
        app.switch_page(f"pages/{page}.py")
    app.run()
    words = [part.value for part in (*app.title, *app.exception, *app.error)]
    said[page] = words + [part.value for part in app.caption if "Cable Explorer" in part.value]
print(json.dumps(said))
"""


def wanted(name: str) -> list[str]:
    """The requirements of the package in a file, read in another way than the package's own."""
    said = (ROOT / name).read_text(encoding="utf-8").split("# Not of the package")[0]
    return re.findall(r"^([a-z][^\s#]*)", said, re.MULTILINE)


def test_the_needs_of_the_package_are_those_of_the_requirements():
    hatch_build = pytest.importorskip("hatch_build", reason="needs hatchling: pip install -r requirements-dev.txt")
    for name in ("requirements.txt", "requirements-cluster.txt"):
        assert hatch_build.needs(ROOT / name) == wanted(name)
    names = {re.match(r"[a-z]+", line)[0] for line in wanted("requirements.txt")}
    assert {"streamlit", "torch", "torchvision", "psutil"} <= names and "pytest" not in names


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-cluster.txt", "requirements-dev.txt"])
def test_every_requirement_has_its_reason_beside_it(name):
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line[0] not in "#-"]
    assert lines and all(re.fullmatch(r"[a-z][^\s#]+ +# .+", line) for line in lines)


@pytest.mark.slow
def test_the_wheel_says_what_it_is(installed):
    with zipfile.ZipFile(installed.wheel) as file:
        (name,) = (name for name in file.namelist() if name.endswith(".dist-info/METADATA"))
        about = Parser().parsestr(file.read(name).decode())
        names = set(file.namelist())
    assert (about["Name"], about["Version"]) == ("cable-explorer", explorer.__version__)
    from packaging.requirements import Requirement

    said = {str(Requirement(line)) for line in about.get_all("Requires-Dist")}
    cluster = {str(Requirement(f"{line} ; extra == 'cluster'")) for line in wanted("requirements-cluster.txt")}
    assert said == {str(Requirement(line)) for line in wanted("requirements.txt")} | cluster
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"explorer"}, "nothing but explorer/ is put among the packages of others"
    assert not [name for name in names if "/study/" in name or "__pycache__" in name]


@pytest.mark.slow
def test_what_lies_beside_explorer_in_a_checkout_lies_inside_it_when_installed(installed):
    there = installed.code / "explorer" / paths.SHIPPED
    for folder in (paths.PRETRAINED, paths.SEEDS, paths.MEASURED, paths.PAGES, ROOT / ".streamlit"):
        place = there / folder.relative_to(ROOT)
        files = {file.name for file in folder.iterdir() if file.is_file()}
        assert files == {file.name for file in place.iterdir() if file.is_file()} and files
    assert (there / "app.py").read_bytes() == paths.HOME.read_bytes()


@pytest.mark.slow
def test_the_pages_open_from_any_folder_without_the_checkout(installed, tmp_path):
    said = json.loads(installed.python(OPEN, tmp_path))
    assert said["code"] == str(installed.code) and not said["checkout"]
    for page, title in (("", "Cable Explorer"), ("4_Classify", "Classify"), ("6_Results", "Results")):
        heading, footer = said[page]
        assert heading == title and footer.startswith(f"Cable Explorer {explorer.__version__} ")
    assert {file.name for file in tmp_path.iterdir()} <= {"runs"}


@pytest.mark.slow
def test_every_shipped_network_is_found_in_it(installed, tmp_path):
    said = installed.python("from explorer.networks import weights; print(*weights.cards(), sep='\\n')", tmp_path)
    assert set(said.split()) == set(weights.cards())
