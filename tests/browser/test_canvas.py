"""The picture components in a real browser: what is clicked is what Python gets, and the URL restores it."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.layers.convolution import Window, convolve, explain
from explorer.render import colour, number
from tests.browser.chromium import eventually, within
from tests.browser.pictures import blobs, kernel

APP = "tests/browser/apps/harness.py"


def said(page, text):
    page.get_by_text(text).wait_for()


def marked(page):
    return page.locator('.tile[aria-selected="true"]')


def test_click_and_arrow_keys_pick_a_map(open_page):
    page = open_page("canvas", app=APP)
    page.locator(".tile").nth(3).click()
    said(page, "picked map 3 ")
    expect(page.get_by_label("Map", exact=True)).to_have_value("3")
    page.keyboard.press("ArrowDown")
    said(page, "picked map 8 ")
    page.keyboard.press("ArrowLeft")
    said(page, "picked map 7 ")
    page.wait_for_url(re.compile("map=7"))
    expect(marked(page)).to_have_text("7")
    page.keyboard.press("End")
    said(page, "picked map 9 ")


def test_the_widget_and_the_url_choose_in_the_mosaic(open_page):
    page = open_page("canvas?map=4&y=2&x=5", app=APP)
    said(page, "picked map 4 pixel 2,5")
    expect(marked(page)).to_have_attribute("aria-label", "map 4")
    page.get_by_label("Map", exact=True).fill("6")
    page.get_by_label("Map", exact=True).press("Enter")
    said(page, "picked map 6 ")
    expect(marked(page)).to_have_text("6")
    page.get_by_label("Map", exact=True).fill("42")  # not among the tiles: none is marked
    page.get_by_label("Map", exact=True).press("Enter")
    marked(page).wait_for(state="detached")


def test_the_same_place_means_another_map_in_another_order(open_page):
    page = open_page("canvas", app=APP)
    page.locator(".tile").nth(3).click()
    said(page, "picked map 3 ")
    page.get_by_text("backwards").click()
    page.locator(".tile").nth(3).get_by_text("6").wait_for()
    expect(marked(page)).to_have_text("3")
    page.locator(".tile").nth(3).click()
    said(page, "picked map 6 ")


def test_click_hover_and_keys_pick_a_pixel(open_page):
    page = open_page("canvas", app=APP)
    canvas = page.locator(".stage canvas")
    canvas.hover(position=within(canvas, 10.5 / 16, 4.5 / 12))
    y, x = 4, 10
    value = np.sin(0.2 * x) * np.cos(0 * y)
    expect(page.locator(".readout")).to_have_text(re.compile(re.escape(f"row 4, column 10 · {value:.3f}") + "$"))
    canvas.click(position=within(canvas, 10.5 / 16, 4.5 / 12))
    said(page, "pixel 4,10")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    said(page, "pixel 3,15")
    page.wait_for_url(lambda url: "y=3" in url and "x=15" in url)


def test_pictures_keep_their_pixels_on_a_phone(open_page):
    page = open_page("canvas?map=1", app=APP, width=390, theme="dark")
    said(page, "picked map 1 ")
    y, x = np.mgrid[0:12, 0:16]
    wave = colour(np.sin(0.4 * x) * np.cos(0.15 * y))
    canvas = page.locator(".stage canvas")

    def drawn():
        size = canvas.evaluate("c => [c.width, c.height]")
        data = canvas.evaluate("c => [...c.getContext('2d').getImageData(0, 0, 16, 12).data]")
        return size == [16, 12] and np.array_equal(np.reshape(data, (12, 16, 4))[..., :3], wave)

    eventually(page, drawn)


@pytest.mark.parametrize(("stride", "padding", "dilation", "extent"), [(2, 1, 1, 3), (1, 3, 2, 3), (3, 2, 1, 6)])
def test_the_sliding_window_computes_what_python_computes(open_page, stride, padding, dilation, extent):
    query = f"slide?stride={stride}&padding={padding}&dilation={dilation}&extent={extent}"
    page = open_page(query, app=APP)
    image, weights, window = blobs(3, 32), kernel(3, extent), Window(extent, stride, padding, dilation)
    output = convolve(image, weights[None], np.array([0.125]), window)[0]
    card = page.locator(".slide")
    values = card.evaluate(
        "({ slide }, [rows, columns]) => Array.from({ length: rows * columns },"
        " (_, i) => slide.numbersAt(Math.floor(i / columns), i % columns).value)",
        list(output.shape),
    )
    assert np.abs(np.reshape(values, output.shape) - output).max() < 1e-12
    row, column = output.shape[0] - 1, 2
    over = page.locator(".slide .over").last
    over.click(position=within(over, (column + 0.5) / output.shape[1], (row + 0.5) / output.shape[0]))
    said(page, f"at {row},{column}: {output[row, column]:.6f}")
    told = explain(image, weights, 0.125, window, row, column)
    expect(page.locator(".total")).to_have_text(re.compile(re.escape(f"+ bias 0.125 = {number(told.value, 4)}") + "$"))
    text = page.locator(".total").inner_text()
    assert all(number(part, 4) in text for part in told.by_channel)
    shown = page.locator(".cells span").all_inner_texts()
    assert len(shown) == (0 if extent > 5 else 3 * 3 * extent**2)
    if shown:
        assert shown[2 * extent**2] == number(told.products[0, 0, 0])


def test_the_window_plays_to_the_end_and_tells_where_it_stands(open_page):
    page = open_page("slide?size=8&channels=1", app=APP)
    page.get_by_label("Positions a second").select_option("60")
    page.locator(".slide .stage").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    said(page, "at 3,5:")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.keyboard.press("r")
    said(page, "at 0,0:")
