"""One neuron in a real browser: the electrode by hand and by keys, the marks beside it, and its time."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import eventually, settle, steady

FIELD = ".dendrite .field"


@pytest.fixture
def neuron(open_page):
    page = open_page("Diffusion?tab=The+neuron", height=800, app="app.py")
    page.get_by_text("One λ away 37 %").wait_for()
    return page


def marks(page) -> list[float]:
    """Where electrode and marks stand, as shares of the dendrite's length."""
    middles = """(field) => [".electrode", ".near:not([hidden])"].flatMap((one) => [...field.querySelectorAll(one)])
        .map((one) => one.getBoundingClientRect()).map((box) => box.left + (box.width > 9 ? box.width / 2 : 1))
        .map((middle) => (middle - field.getBoundingClientRect().left) / field.getBoundingClientRect().width)"""
    return sorted(round(place, 2) for place in page.locator(FIELD).evaluate(middles))


def test_the_electrode_is_moved_by_keys_and_by_hand_and_its_marks_with_it(neuron):
    electrode = neuron.get_by_role("slider", name="Electrode")
    electrode.focus()
    electrode.press("PageUp")
    neuron.wait_for_url("**place=0.6**")
    settle(neuron)
    assert marks(neuron) == pytest.approx([0.4, 0.5, 0.6, 0.7, 0.8], abs=0.015)
    expect(neuron.get_by_text("One λ away 37 %")).to_be_visible()
    box = steady(neuron.locator(FIELD))
    middle = box["y"] + box["height"] / 2
    neuron.mouse.move(box["x"] + 0.6 * box["width"], middle)
    neuron.mouse.down()
    neuron.mouse.move(box["x"] + 0.3 * box["width"], middle, steps=5)
    neuron.mouse.up()
    neuron.wait_for_url("**place=0.3**")
    expect(electrode).to_have_attribute("aria-valuenow", "0.3")
    neuron.get_by_role("spinbutton", name="λ_m: space constant, mm").fill("2")
    neuron.keyboard.press("Enter")
    neuron.wait_for_url("**lambda_m=2**")
    eventually(neuron, lambda: marks(neuron) == pytest.approx([0.1, 0.3, 0.5, 0.7], abs=0.015))  # the fifth has no room


def test_its_time_is_played_and_begins_without_a_potential(neuron):
    counter = neuron.locator(".dendrite .counter")
    neuron.get_by_role("button", name="Back to the beginning").click()
    expect(counter).to_have_text("0 ms")
    neuron.get_by_text("One λ away –").wait_for()
    neuron.locator(".dendrite").get_by_role("button", name="Play").click()
    neuron.get_by_text(re.compile("One λ away 3[67] %")).wait_for()
    neuron.locator(".dendrite").get_by_role("button", name="Pause").click()
    stopped = counter.inner_text()
    neuron.wait_for_timeout(300)
    assert counter.inner_text() == stopped != "0 ms"
