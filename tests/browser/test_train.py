"""Real training runs, started, watched and stopped in a real browser."""

import json
import os
import signal
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import expect

from explorer.subjects import RUN
from explorer.training.dispatch import processes
from explorer.training.recipe.recipe import preset
from tests.browser.chromium import eventually, steady

PATIENCE = 600_000  # milliseconds; a run of its own may have to wait for the machine
CHART = ".st-key-curves-accuracy svg[role=img]"


def start(page, epochs=None) -> str:
    if epochs:
        field = page.get_by_label("Epochs", exact=True)
        field.fill(str(epochs))
        field.press("Enter")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**run=*", timeout=PATIENCE)
    return parse_qs(urlparse(page.url).query)["run"][0]


def epochs_done(page) -> int:
    return int(page.locator("[data-testid=stMetricValue]").nth(1).inner_text().replace(",", ""))


def test_digits_from_the_page_reach_the_papers_figure_over_a_reload(open_page, store):
    page = open_page("Train")
    run_id = start(page)
    expect(page.locator(".bar.running, .bar.finished")).to_have_count(1, timeout=PATIENCE)
    page.reload()
    expect(page.locator(".bar.finished")).to_have_count(1, timeout=PATIENCE)
    expect(page.get_by_text("Took", exact=True)).to_be_visible(timeout=PATIENCE)
    shown = page.locator("[data-testid=stMetricValue]").first.inner_text()
    card = json.loads((store.get(run_id).folder / "weights.json").read_text())
    assert card["split"]["images"] == 1797 and card["accuracy"] >= 96.0
    assert float(shown.removesuffix(" %")) >= 96.0
    page.get_by_role("tab", name="Classes").click()
    expect(page.get_by_text("1,797 test images")).to_be_visible(timeout=PATIENCE)
    other = open_page(f"Train?run={run_id}", width=390, theme="dark", beside=page)
    expect(other.locator("[data-testid=stMetricValue]").first).to_have_text(shown, timeout=PATIENCE)
    page.get_by_role("link", name="Feature maps").last.click()
    expect(page.get_by_role("heading", name="Feature maps")).to_be_visible(timeout=PATIENCE)
    page.wait_for_function("run => location.search.includes(run)", arg=f"model={RUN}{run_id}", timeout=PATIENCE)


def test_the_question_before_deleting_stands_in_the_menu_that_asked(open_page, store):
    run = store.create(preset("digits", epochs=1))
    store.claim(run.id, "cpu")
    store.settle(run.id, "finished")
    page = open_page(f"Train?run={run.id}")
    page.get_by_role("button", name="More", exact=False).last.click()
    page.get_by_role("button", name="Delete …").click()
    page.get_by_role("button", name="Delete it").click()  # refused by the browser where anything lies over it
    page.get_by_text("Nothing has been trained here yet").wait_for()
    assert store.all() == []


def test_zoom_and_typing_outlive_the_refresh_the_run_its_server_and_a_stranger_is_asked(open_page, store):
    page = open_page("Train")
    run_id = start(page, 9000)
    chart = page.locator(CHART)
    chart.wait_for(timeout=PATIENCE)

    def zoomed():
        """Where the page grew under the pointer, nothing was zoomed: drag again."""
        box = steady(chart)
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] * 0.3, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=8)
        page.mouse.up()
        return chart.get_attribute("data-range")

    span = eventually(page, zoomed)
    page.get_by_role("button", name="More", exact=False).last.click()
    note = page.get_by_label("Note")
    note.fill("half a sentence")
    before = epochs_done(page)
    eventually(page, lambda: epochs_done(page) >= before + 3, PATIENCE)
    assert chart.get_attribute("data-range") == span
    assert note.input_value() == "half a sentence"
    pid = store.get(run_id).pid
    birth, port = processes.born(pid), str(urlparse(page.url).port)
    page.close()
    for server in processes.find("--server.port", port):
        os.kill(server, signal.SIGKILL)
    stranger = open_page(f"Train?run={run_id}", width=390)
    expect(stranger.locator(".bar.running")).to_have_count(1, timeout=PATIENCE)
    assert processes.alive(pid, birth) and store.get(run_id).pid == pid
    stranger.get_by_role("button", name="Stop the run").click()
    stranger.get_by_text("Someone else started this run").wait_for(timeout=PATIENCE)
    assert store.get(run_id).state == "running"
    stranger.get_by_role("button", name="Stop it").click()
    eventually(stranger, lambda: store.get(run_id).state == "stopped", PATIENCE)
    eventually(stranger, lambda: not processes.alive(pid, birth), PATIENCE)
    expect(stranger.get_by_role("button", name="Resume")).to_be_visible(timeout=PATIENCE)
