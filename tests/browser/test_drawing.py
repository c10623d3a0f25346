"""Draw in the picker: the pad over a page, and its drawing as the image of every page."""

import re

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from explorer.data import ink
from tests.browser.chromium import eventually, settle
from tests.browser.test_pad import by_mouse, canvas, inside, pixels
from tests.live.digits import strokes

HOME = "app.py"


def sidebar(page):
    return page.get_by_test_id("stSidebar")


def open_pad(page) -> None:
    page.get_by_role("radio", name="Draw").click()
    page.get_by_role("button", name="Open the pad").click()
    canvas(page).wait_for()
    settle(page)


def use(page) -> None:
    page.get_by_role("button", name="Use this drawing").click()
    canvas(page).wait_for(state="detached")
    settle(page)


def test_a_digit_is_drawn_answered_used_and_goes_along(open_page):
    page = open_page("?image=mnist-0", app=HOME)
    open_pad(page)
    expect(page.get_by_role("combobox", name="What to draw")).to_have_value(re.compile("MNIST"))
    eventually(page, lambda: inside(page, "pad.answers.networks.length === 2"))
    by_mouse(page, *strokes(7, 1)[0])
    expect(page.locator(".pad .said").first).to_have_text(re.compile("^7: "))
    whole = pixels(page)
    use(page)
    expect(sidebar(page)).to_contain_text("drawn for MNIST")
    expect(sidebar(page)).to_contain_text("28 × 28 pixels")
    page.wait_for_url(lambda url: "image=" not in url)
    for title in ("Classify", "Diffusion"):
        sidebar(page).get_by_role("link", name=title).click()
        page.get_by_role("heading", level=1, name=title).wait_for()
        settle(page)
        expect(sidebar(page)).to_contain_text("drawn for MNIST")
    said = "player.answers.head.querySelector('.said').textContent"  # MNIST's networks beside the running picture
    eventually(
        page,
        lambda: (
            page.locator(".player canvas.now")
            .evaluate(f"(c) => {{ const {{ player }} = c; return {said}; }}")
            .startswith("7: ")
        ),
    )
    open_pad(page)  # it is as it was left
    np.testing.assert_array_equal(pixels(page), whole)
    assert np.asarray(ink.centred(Image.fromarray(whole), 28, 20)).any()


def test_the_pad_closes_with_escape_and_changes_nothing(open_page):
    page = open_page("?image=cifar10-51", app=HOME)
    open_pad(page)
    by_mouse(page, [(0.3, 0.3), (0.6, 0.6)])
    page.keyboard.press("Escape")
    canvas(page).wait_for(state="detached")
    settle(page)
    expect(sidebar(page)).to_contain_text("ship")
    page.get_by_role("radio", name="Samples").click()  # another run does not bring it back
    page.get_by_role("button", name="ship, image 51").wait_for()
    assert canvas(page).count() == 0


def test_a_class_draws_in_presenter_mode_large(open_page):
    page = open_page("?present=1&image=pattern-rings", width=1920, height=1080, app=HOME)
    page.get_by_role("button", name="Draw").click()
    canvas(page).wait_for()
    settle(page)
    box = eventually(page, lambda: (at := canvas(page).bounding_box()) and at["width"] > 550 and at)
    assert box["y"] + box["height"] < 1080
    button = page.get_by_role("button", name="Use this drawing").bounding_box()
    assert button and button["y"] + button["height"] < 1080, "all of it is in sight"
    by_mouse(page, [(0.3, 0.3), (0.6, 0.6)])
    use(page)
    page.wait_for_url(lambda url: "image=" not in url)


def test_a_picture_in_colour_is_used_as_it_is(open_page):
    page = open_page("Classify?image=cifar10-51", width=390, height=844, app=HOME)
    page.get_by_test_id("stExpandSidebarButton").click()
    open_pad(page)
    page.get_by_role("button", name="orange").click()
    by_mouse(page, [(0.3, 0.3), (0.6, 0.6)])
    use(page)
    expect(sidebar(page)).to_contain_text("drawn for CIFAR-10")
    expect(sidebar(page)).to_contain_text("384 × 384 pixels")
