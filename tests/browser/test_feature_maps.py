"""Feature maps in a real browser: the drawing, the mosaic, a pixel's sum, the deep link, the narrow screen."""

import io
import re

import numpy as np
from PIL import Image

from tests.browser.chromium import settle

NET = "model=untrained-cabeq-rn-1&w=4"


def said(page, text):
    page.get_by_text(text).first.wait_for(timeout=30_000)


def go(page, path):
    """Another address on the same server: one server is enough where the deep link is not what is tested."""
    page.goto(f"{page.url.split('/Feature_maps')[0]}/{path}", timeout=90_000)
    page.wait_for_selector("h1", timeout=60_000)
    settle(page)


def field(page, label):
    return page.get_by_label(label, exact=True).first


def test_a_layer_a_map_and_a_pixel_are_picked_and_kept_in_the_link(open_page):
    page = open_page(f"Feature_maps?{NET}")
    page.locator(".block", has_text="stage 1.0").click()
    page.locator(".chip", has_text="conv1").click()
    page.wait_for_url(re.compile("layer=stages.1.0.conv1"), timeout=30_000)
    said(page, "summed over every input channel")

    page.locator(".maps .tile").nth(5).click()
    page.wait_for_url(re.compile("map=5"), timeout=30_000)
    settle(page)
    assert field(page, "Map").input_value() == "5"

    canvas = page.locator(".stage canvas")
    size = canvas.bounding_box()
    canvas.click(position={"x": size["width"] * 9.5 / 16, "y": size["height"] * 3.5 / 16})
    page.wait_for_url(re.compile("(y=3&x=9|x=9.*y=3)"), timeout=30_000)
    said(page, "at row 3, column 9")
    settle(page)

    rows = page.locator("table.sum tr")
    terms = [row.split("\t")[-1].strip().replace("−", "-") for row in rows.all_inner_texts()]
    *parts, total = [float(term) for term in terms]
    assert abs(sum(parts) - total) < 0.02 * max(1, abs(total))  # three digits of each are shown

    link = page.url
    again = open_page(link.split("/", 3)[3])  # on a fresh server
    said(again, "at row 3, column 9")
    assert [row.split("\t")[-1].strip().replace("−", "-") for row in
            again.locator("table.sum tr").all_inner_texts()] == terms  # fmt: skip
    assert again.locator('.block[aria-selected="true"]').inner_text().startswith("stage 1.0")
    assert again.locator('.maps .tile[aria-selected="true"]').inner_text() == "5"


def test_the_drawing_is_walked_by_keyboard_and_files_are_taken_away(open_page):
    page = open_page(f"Feature_maps?{NET}&layer=stem.relu")
    page.locator('.block[aria-selected="true"]').focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("layer=stages.0.0.relu2"), timeout=30_000)
    page.locator('.chip[aria-selected="true"]').focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("layer=stages.0.0.bn3"), timeout=30_000)
    assert page.locator('.chip[aria-selected="true"]').inner_text() == "bn3"

    go(page, f"Feature_maps?{NET}&layer=stem.relu&tab=Take+away&map=2&scale=Model")
    found = {}
    for button in page.locator("[data-testid=stDownloadButton] button").all():
        with page.expect_download(timeout=30_000) as download:
            button.click()
        path = download.value.path()
        found[download.value.suggested_filename.rsplit(".", 1)[1]] = path.read_bytes()
    assert Image.open(io.BytesIO(found["png"])).size[0] > 64
    with np.load(io.BytesIO(found["npz"])) as held:
        assert held["maps"].shape == (4, 32, 32) and held["input"].shape == (3, 32, 32)
        mean = float(held["maps"][2].mean())
    line = found["csv"].decode().splitlines()[3].split(",")
    assert line[0] == "2" and abs(float(line[3]) - mean) < 1e-4
    link = page.locator("[data-testid=stCode] code").inner_text()
    assert "/Feature_maps?" in link
    for part in ("model=untrained-cabeq-rn-1", "layer=stem.relu", "map=2", "scale=Model", "w=4"):
        assert part in link


def test_a_phone_shows_maps_and_dark_pictures_without_scrolling_sideways(open_page):
    page = open_page(f"Feature_maps?{NET}&tab=Difference&layer=stem.relu", width=390, theme="dark")
    said(page, "Every difference, the largest first")
    page.locator(".maps .tile").nth(3).wait_for(timeout=30_000)
    assert page.locator(".maps .tile").count() == 4
    go(page, f"Feature_maps?{NET}&layer=stages.3.1.relu2&scale=Model")
    said(page, "all maps of all layers")
    page.locator('.block[aria-selected="true"]').wait_for(timeout=30_000)
    page.wait_for_timeout(300)
    drawn = page.locator(".line").evaluate("e => [e.scrollLeft > 0, e.scrollWidth > e.clientWidth]")
    assert drawn == [True, True]  # the drawing scrolls by itself, to the chosen block
    page.locator(".chip", has_text="conv2").click()
    page.wait_for_url(re.compile("layer=stages.3.1.conv2"), timeout=30_000)
    settle(page)
    assert page.locator(".line").evaluate("e => e.scrollLeft") > 0  # and stays there
