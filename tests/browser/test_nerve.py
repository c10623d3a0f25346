"""The active cable in a real browser: played, painted on, by hand and by keys, at the speed that Python measures."""

import re

import pytest
from playwright.sync_api import expect

from explorer.diffusion.nerve import Nerve
from tests.browser.chromium import eventually, settle, within

TAB = "Diffusion?tab=The+active+cable&nerve="
FIELD = ".nerve canvas.field"


def state(page, what: str):
    return page.locator(".nerve").evaluate(f"({{ nerve }}) => nerve.{what}")


def test_a_pulse_runs_at_its_speed_and_a_new_beginning_resets(open_page):
    page = open_page(f"{TAB}One+pulse", app="app.py", height=800)
    page.locator(".nerve").get_by_role("button", name="Play").click()
    page.get_by_text(re.compile(r"Speed 0\.5\d")).wait_for()  # tests/diffusion/test_nerve.py holds Python's to that
    page.locator(".nerve").get_by_role("button", name="Pause").click()
    assert state(page, "pacing") < Nerve().limit
    time = state(page, "membrane.time")
    page.get_by_role("slider", name="a: threshold").press("ArrowRight")
    page.wait_for_url("**threshold=0.06**")
    settle(page)
    assert state(page, "membrane.time") == time  # another law goes on from here
    page.get_by_role("combobox", name="Begin with").click()
    page.get_by_role("option", name="A ring").click()
    page.wait_for_url(re.compile("nerve=A(%20|[+])ring"))
    eventually(page, lambda: state(page, "membrane.time") == 0)
    expect(page.locator(".nerve .told")).to_contain_text("% of the membrane is excited")


def test_it_is_painted_on_and_played_by_keys(open_page):
    page = open_page(f"{TAB}A+ring&membrane=128", app="app.py", height=800)
    field = page.locator(FIELD)
    before = state(page, "membrane.excited()")
    field.click(position=within(field, 0.2, 0.2))
    eventually(page, lambda: state(page, "membrane.excited()") > before)
    page.get_by_role("button", name="Make passive").click()
    field.click(position=within(field, 0.2, 0.2))
    eventually(page, lambda: state(page, "membrane.excited()") == pytest.approx(before))
    field.focus()
    page.keyboard.press("ArrowRight")
    eventually(page, lambda: state(page, "membrane.time") == pytest.approx(1))
    page.keyboard.press("Space")
    eventually(page, lambda: state(page, "membrane.time") > 2)
    page.keyboard.press("Space")
    assert not state(page, "playing")
    page.locator(".nerve").get_by_role("button", name="Back to the beginning").click()
    assert state(page, "membrane.time") == 0 and state(page, "membrane.excited()") == pytest.approx(before)


def test_on_a_phone_play_is_in_sight(open_page):
    page = open_page(f"{TAB}A+spiral", app="app.py", width=390, height=844)
    play = page.locator(".nerve").get_by_role("button", name="Play")
    box = play.bounding_box()
    assert box and box["y"] + box["height"] < 844 - 60
    play.tap()
    eventually(page, lambda: state(page, "membrane.time") > 1)
