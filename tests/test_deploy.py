"""docs/DEPLOY.md and the Dockerfile: what the image would hold starts as it says, is healthy and opens every page."""

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streamlit import config

from tests.nginx import free_port

pytestmark = pytest.mark.slow  # a server, and every page in a process of its own
ROOT = Path(__file__).parents[1]
DEPLOY = (ROOT / "docs" / "DEPLOY.md").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
SECONDS = 120  # only a failure takes them
OPEN = """
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
for file in [Path("app.py"), *sorted(Path("pages").glob("*.py"))]:
    page = AppTest.from_file(file, default_timeout=120).run()
    assert page.title and not page.exception and not page.error, (file, page.exception, page.error)
"""


def instruction(name: str) -> str:
    (found,) = re.findall(rf"^\s*{name} +(\[.*|.*?CMD +\[.*)$", DOCKERFILE, re.MULTILINE)
    return found.rpartition("CMD ")[2]


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """What COPY . . brings into the image."""
    folder = tmp_path_factory.mktemp("image")
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]

    def left_out(path: Path) -> bool:
        places = [path, *path.parents][:-1]
        return any(
            fnmatch.fnmatch(str(place), pattern) or fnmatch.fnmatch(f"/{place}", pattern.replace("**", "*"))
            for place in places
            for pattern in ignored
        )

    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if not left_out(Path(name)) and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def test_the_image_has_the_app_and_neither_tests_nor_history(image):
    assert {"app.py", "pages", "explorer", "pretrained", "benchmarks", ".streamlit"} <= {
        p.name for p in image.iterdir()
    }
    assert not any((image / name).exists() for name in ("tests", ".git", ".ci", "runs", "data"))


def test_it_starts_is_healthy_and_says_when_it_is_not(image):
    port = str(free_port())
    start, health = (json.loads(instruction(name).replace("8501", port)) for name in ("CMD", "HEALTHCHECK"))
    check = [sys.executable, *health[1:]]
    assert start[0] == "streamlit" and health[0] == "python"
    with open(image.parent / "log", "w") as log:
        server = subprocess.Popen([sys.executable, "-m", *start], cwd=image, stdout=log, stderr=log)
    try:
        limit = time.monotonic() + SECONDS
        while subprocess.run(check, stderr=subprocess.DEVNULL).returncode:
            assert server.poll() is None and time.monotonic() < limit, (image.parent / "log").read_text()[-2000:]
            time.sleep(0.2)
    finally:
        server.kill()
        server.wait()
    assert subprocess.run(check, stderr=subprocess.DEVNULL).returncode == 1


def test_every_page_opens_in_it(image):
    said = subprocess.run([sys.executable, "-c", OPEN], cwd=image, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr[-3000:]


def test_who_answers_visitors_is_an_ordinary_user_and_runs_are_in_a_volume():
    lines = [line.split() for line in DOCKERFILE.splitlines() if line and line[0] != "#"]
    users = [line[1] for line in lines if line[0] == "USER"]
    assert users == ["explorer"] and lines.index(["USER", "explorer"]) > lines.index(["COPY", ".", "."])
    (volumes,) = (json.loads(" ".join(line[1:])) for line in lines if line[0] == "VOLUME")
    assert "/app/runs" in volumes and all(f"-v cable-{Path(v).name}:{v}" in DEPLOY for v in volumes)


@pytest.mark.skipif(os.name == "nt", reason="the image's shell is a POSIX shell")
def test_the_cpu_build_is_asked_for_as_the_requirements_want_it():
    (command,) = re.findall(r"torch=\$\((.*)\) +&& \{", DOCKERFILE)
    found = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True).stdout.split()
    wanted = re.findall(r"^(torch\S*)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert found == wanted and len(wanted) == 2


def test_every_option_that_is_named_exists():
    named = set(re.findall(r"\bserver\.\w+", DEPLOY))
    assert {"server.allowedHosts", "server.xsrfCookieSameSite"} <= named
    for name in named:
        config.get_option(name)
