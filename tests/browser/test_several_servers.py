"""Two app servers on one store behind nginx with docs/nginx.conf: what one starts the other shows and can use."""

import os
import re
import signal
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from explorer.subjects import RUN
from explorer.training.dispatch import processes
from explorer.training.dispatch.launcher import LOOP
from explorer.training.store.runs import Store
from tests import nginx
from tests.browser.chromium import PATIENCE, eventually, serve, settle
from tests.training.helpers import until

pytestmark = pytest.mark.needs("nginx")
HOSTS = ("one", "two")
TRAINED = 600_000  # milliseconds; only decides how long a failure takes


@pytest.fixture
def servers(tmp_path, monkeypatch):
    """Two servers that take themselves for two machines; whatever they leave behind is ended."""
    store = Store(tmp_path / "runs")
    monkeypatch.setenv("EXPLORER_MAX_EPOCHS", "2")  # of a run started here
    monkeypatch.setenv("EXPLORER_HOST", HOSTS[0])
    with serve("app.py", tmp_path) as one:
        monkeypatch.setenv("EXPLORER_HOST", HOSTS[1])
        with serve("app.py", tmp_path) as two:
            yield [urlsplit(address).netloc for address in (one, two)]
    for run in store.all():
        store.stop(run.id)
        for pid in processes.find(*LOOP, str(run.folder)):
            os.kill(pid, signal.SIGKILL)
    until(lambda: not store.active(), 180)  # their dispatchers see that, and leave


@pytest.fixture
def visitors(chromium, servers, tmp_path):
    """(page, the server's answers so far) of two browsers that nginx leads to different servers."""
    with nginx.serving(tmp_path / "nginx", servers) as address:
        marks = {nginx.get(address, f"visitor-{n}")[1]["X-Served-By"]: f"visitor-{n}" for n in range(64)}
        assert set(marks) == set(servers)
        contexts, found = [], []
        for server in servers:
            contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=address))
            contexts[-1].add_cookies([{"name": "explorer_visitor", "value": marks[server], "url": address}])
            page, answers = contexts[-1].new_page(), []
            page.on("response", lambda answer, answers=answers: answers.append(answer))
            found.append((page, answers))
        yield found
        for context in contexts:
            context.close()


def visit(page, path: str) -> None:
    page.goto(path, timeout=PATIENCE)
    page.wait_for_selector("h1", timeout=PATIENCE)
    settle(page)


def test_a_run_of_one_server_is_seen_and_used_at_the_other_and_an_upload_stays_with_its_visitor(
    visitors, servers, tmp_path
):
    (first, at_one), (second, at_two) = visitors
    store = Store(tmp_path / "runs")

    visit(first, "/Train")
    first.get_by_role("button", name="Start").click()
    first.wait_for_url("**run=*", timeout=PATIENCE)
    run_id = parse_qs(urlsplit(first.url).query)["run"][0]
    visit(second, "/Train")
    expect(second.get_by_text(f"run {run_id}")).to_be_visible(timeout=PATIENCE)
    for page in (first, second):
        expect(page.locator(".bar.finished")).to_have_count(1, timeout=TRAINED)
        assert page.locator("[data-testid=stException]").count() == 0
    assert store.get(run_id).state == "finished" and store.get(run_id).host in HOSTS
    starts = (store.get(run_id).folder / "log.txt").read_text().count("epoch 1:")
    assert starts == 1, "two servers, one run"

    visit(second, f"/Feature_maps?model={RUN}{run_id}")
    expect(second.get_by_text("finished: digits-cnn")).to_be_visible(timeout=PATIENCE)

    picture = tmp_path / "noise.png"
    Image.effect_noise((900, 900), 90).convert("RGB").save(picture)  # beyond nginx's own limit of 1 MB
    assert picture.stat().st_size > 2**20
    visit(first, "/")
    first.get_by_text("Upload", exact=True).first.click()
    first.set_input_files("input[type=file]", picture, timeout=PATIENCE)
    expect(first.get_by_text("900 × 900 pixels")).to_be_visible(timeout=PATIENCE)
    missing = "[...document.images].filter(image => image.complete && !image.naturalWidth).length"
    eventually(first, lambda: first.evaluate("[...document.images].every(image => image.complete)"))
    assert first.evaluate(missing) == 0

    for answers, server in ((at_one, servers[0]), (at_two, servers[1])):
        assert {answer.headers.get("x-served-by", server) for answer in answers} == {server}
    media = [answer.url for answer in at_one if "/media/" in answer.url and answer.status == 200]
    assert media, "pictures come from the server's memory"
    path = re.sub(r"^https?://[^/]+", "", media[-1])
    assert nginx.get(f"http://{servers[0]}{path}")[0] == 200
    assert nginx.get(f"http://{servers[1]}{path}")[0] == 404, "which is why a visitor must stay"
