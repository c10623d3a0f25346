"""A whole lesson as a student plays it, on a fresh server: from the first image to a network of one's own."""

import re
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect

from explorer.subjects import RUN
from tests.browser.chromium import eventually, settle, within

pytestmark = pytest.mark.long
PATIENCE = 600_000  # milliseconds; a run may have to wait for the machine


def go(page, title: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("link", name=title, exact=True).click()
    page.get_by_role("heading", level=1, name=title).wait_for()
    page.wait_for_url("**image=cifar10-51**")
    settle(page)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("test image no. 51")


def said(page, text) -> None:
    page.get_by_text(text).first.wait_for()


def step(page) -> int:
    return page.locator(".player .frame canvas").last.evaluate("({ player }) => player.film.n")


def test_a_lesson_from_the_first_image_to_a_network_of_ones_own(open_page, store):
    page = open_page()
    page.get_by_role("button", name="ship, image 51").click()
    page.wait_for_url("**image=cifar10-51")
    settle(page)

    go(page, "Diffusion")
    for n in (1, 2, 3):
        page.get_by_role("button", name="One step forward").click()
        eventually(page, lambda n=n: step(page) == n)
    settle(page)  # the page takes over the player's step
    alpha = page.get_by_role("spinbutton", name="α: diffusion", exact=True)
    alpha.fill("300")
    alpha.press("Enter")
    said(page, "Divergent: it explodes")
    settle(page)
    page.locator(".player").get_by_role("button", name="Play").click()
    said(page, "a value passed 10⁶")
    page.get_by_role("button", name=re.compile("Largest stable α")).click()
    said(page, "Ringing: bounded")
    settle(page)
    page.get_by_role("button", name="Back to the image").click()
    eventually(page, lambda: step(page) == 0)
    page.locator(".player").get_by_role("button", name="Play").click()
    eventually(page, lambda: step(page) > 20)
    page.locator(".player").get_by_role("button", name="Pause").click()
    expect(page.get_by_text("a value passed 10⁶")).to_have_count(0)

    go(page, "Feature maps")
    canvas = page.locator(".stage canvas")
    canvas.click(position=within(canvas, 0.3, 0.6))
    page.wait_for_url(re.compile(r"[?&]y=\d+"))
    page.locator("table.sum tr").nth(1).wait_for()
    settle(page)
    terms = [row.split("\t")[-1].strip().replace("−", "-") for row in page.locator("table.sum tr").all_inner_texts()]
    *parts, total = [float(term) for term in terms]
    assert parts and abs(sum(parts) - total) < 0.02 * max(1, abs(total))

    go(page, "Classify")
    said(page, re.compile("^(All say|They agree)$"))
    said(page, re.compile("ship ✓|✗, it is ship"))

    go(page, "Train")
    epochs = page.get_by_label("Epochs", exact=True)
    epochs.fill("3")
    epochs.press("Enter")
    settle(page)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**run=*", timeout=PATIENCE)
    run = parse_qs(urlparse(page.url).query)["run"][0]
    page.reload()
    expect(page.locator(".bar.finished")).to_have_count(1, timeout=PATIENCE)
    assert store.get(run).recipe["epochs"] == 3 and store.get(run).state == "finished"
    page.get_by_test_id("stMain").get_by_role("link", name="Classify").click()
    page.get_by_role("heading", level=1, name="Classify").wait_for()
    page.wait_for_url(re.compile(f"{RUN}{run}"))
    said(page, "sees 8 × 8")
    said(page, re.compile("[0-9] (✓|✗, it is [0-9])"))
