"""Feature maps in a real browser: the drawing, the mosaic, a pixel's sum, the deep link, the narrow screen."""

import io
import re

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from explorer.networks import weights, zoo
from tests.browser.chromium import eventually, settle, within

NET = "model=untrained-cabeq-rn-1&w=4"


def said(page, text):
    page.get_by_text(text).first.wait_for()


def field(page, label):
    return page.get_by_label(label, exact=True).first


def terms(page) -> list[str]:
    """The last column of the table that explains a value: the terms, then their sum."""
    rows = page.locator("table.sum tr").all_inner_texts()
    return [row.split("\t")[-1].strip().replace("−", "-") for row in rows]


def test_a_layer_a_map_and_a_pixel_are_picked_and_kept_in_the_link(open_page):
    page = open_page(f"Feature_maps?{NET}", app="app.py")
    page.locator(".block", has_text="stage 1.0").click()
    page.locator(".chip", has_text="conv1").click()
    page.wait_for_url(re.compile("layer=stages.1.0.conv1"))
    said(page, "summed over every input channel")

    page.locator(".maps .tile").nth(5).click()
    page.wait_for_url(re.compile("map=5"))
    expect(field(page, "Map")).to_have_value("5")
    settle(page)

    canvas = page.locator(".stage canvas")
    canvas.click(position=within(canvas, 9.5 / 16, 3.5 / 16))
    page.wait_for_url(re.compile("(y=3&x=9|x=9.*y=3)"))
    said(page, "at row 3, column 9")
    settle(page)

    shown = terms(page)
    *parts, total = [float(term) for term in shown]
    assert abs(sum(parts) - total) < 0.02 * max(1, abs(total))  # three digits of each are shown

    link = page.url
    again = open_page(link.split("/", 3)[3], app="app.py")  # another visitor
    said(again, "at row 3, column 9")
    eventually(again, lambda: terms(again) == shown)
    expect(again.locator('.block[aria-selected="true"]')).to_contain_text("stage 1.0")
    expect(again.locator('.maps .tile[aria-selected="true"]')).to_have_text("5")


def best(begins: str) -> str:
    """The network of the highest accuracy among those with such a name, as the lists say it."""
    cards = {name: card for name, card in weights.cards().items() if name.startswith(begins)}
    name = max(cards, key=lambda name: cards[name].accuracy or 0)
    return zoo.titled(cards[name].model, name)


def test_what_nobody_chose_goes_along_and_stays_out_of_the_link(open_page):
    page = open_page("Feature_maps?image=mnist-30", app="app.py")
    model, twin = page.get_by_role("combobox", name="Network"), page.get_by_role("combobox", name="Compare with")
    expect(model).to_have_value(best("mnist-"))
    model.fill("stl10-w16-original")  # the list holds only what is in sight
    page.get_by_role("option", name="ResNet alone · stl10-w16-original", exact=True).click()
    expect(twin).to_have_value(best("stl10-w16-cabeq"))
    page.wait_for_url(re.compile("model=stl10-w16-original"))
    settle(page)
    assert "compare=" not in page.url and "layer=" not in page.url


def test_the_drawing_is_walked_by_keyboard(open_page):
    page = open_page(f"Feature_maps?{NET}&layer=stem.relu", app="app.py")
    page.locator('.block[aria-selected="true"]').focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("layer=stages.0.0.relu2"))
    page.locator('.chip[aria-selected="true"]').focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("layer=stages.0.0.bn3"))
    expect(page.locator('.chip[aria-selected="true"]')).to_have_text("bn3")


def test_a_choice_keeps_the_focus_and_its_answer_replaces_nothing_that_is_shown(open_page):
    page = open_page(f"Feature_maps?{NET}&layer=stages.0.0.relu2", app="app.py")
    page.locator(".chip", has_text="bn3").click()
    chosen = page.locator('.chip[aria-selected="true"]')
    expect(chosen).to_have_text("bn3")
    expect(chosen).to_be_focused()
    chosen.evaluate("e => { e.dataset.seen = 'before the answer'; }")
    page.wait_for_url(re.compile("layer=stages.0.0.bn3"))
    settle(page)
    expect(chosen).to_have_attribute("data-seen", "before the answer")
    block = page.locator('.block[aria-selected="true"]')
    block.click()
    page.wait_for_url(re.compile("layer=stages.0.0.relu2"))
    expect(block).to_be_focused()


def test_files_are_taken_away_and_say_what_the_page_shows(open_page):
    page = open_page(f"Feature_maps?{NET}&layer=stem.relu&tab=Take+away&map=2&scale=Model", app="app.py")
    found = {}
    buttons = page.locator("[data-testid=stDownloadButton] button")
    expect(buttons).to_have_count(5)
    for button in buttons.all():
        settle(page)  # a run replaces the file behind the button
        with page.expect_download() as download:
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
    phone = {"width": 390, "theme": "dark", "app": "app.py"}
    page = open_page(f"Feature_maps?{NET}&tab=Difference&layer=stem.relu", **phone)
    said(page, "Every difference, the largest first")
    expect(page.locator(".maps .tile")).to_have_count(4)
    page = open_page(f"Feature_maps?{NET}&layer=stages.3.1.relu2&scale=Model", **phone)
    said(page, "all maps of all layers")
    page.locator('.block[aria-selected="true"]').wait_for()
    line = page.locator(".line")
    # the drawing scrolls by itself, to the chosen block
    eventually(page, lambda: line.evaluate("e => e.scrollLeft > 0 && e.scrollWidth > e.clientWidth"))
    page.locator(".chip", has_text="conv2").click()
    page.wait_for_url(re.compile("layer=stages.3.1.conv2"))
    settle(page)
    eventually(page, lambda: line.evaluate("e => e.scrollLeft") > 0)  # and stays there


def test_the_network_is_taken_away_as_onnx_and_as_a_drawing(open_page):
    import onnx

    page = open_page("Feature_maps?model=optdigits-digits-cnn&image=optdigits-0&tab=Take+away", app="app.py")
    with page.expect_download() as found:
        page.get_by_role("button", name="The network (ONNX)").click()
    file = onnx.load(found.value.path())
    onnx.checker.check_model(file, full_check=True)
    assert [node.name for node in file.graph.node][:2] == ["conv", "relu1"]
    facts = {one.key: one.value for one in file.metadata_props}
    assert facts["classes"].startswith("0, 1, 2") and "grey pixels of 8 x 8" in facts["input"]
    with page.expect_download() as found:
        page.get_by_role("button", name="Its architecture (SVG)").click()
    assert "<title>optdigits-digits-cnn</title>" in found.value.path().read_text("utf-8")


def crumbs(page) -> list[str]:
    return page.locator(".homeward .trail li").all_inner_texts()


def test_a_value_is_followed_home_and_its_link_brings_it_back(open_page):
    page = open_page(f"Feature_maps?{NET}&tab=Way+home", app="app.py")
    expect(page.locator(".homeward .term")).to_have_count(8)
    page.locator(".homeward .term").nth(2).click()
    eventually(page, lambda: len(crumbs(page)) == 2)
    page.locator(".homeward .press", has_text="One step").click()
    eventually(page, lambda: len(crumbs(page)) == 3)
    page.locator(".homeward .tile").last.click()
    eventually(page, lambda: len(crumbs(page)) == 4)
    page.wait_for_url(re.compile(r"home=log_softmax"))
    settle(page)

    again = open_page(page.url.split("/", 3)[3], app="app.py")  # another visitor
    eventually(again, lambda: crumbs(again) == crumbs(page))
    expect(again.locator(".homeward .title")).to_have_text(page.locator(".homeward .title").inner_text())

    page.locator(".homeward .crumb").nth(1).click()
    eventually(page, lambda: len(crumbs(page)) == 2)
    page.locator(".homeward .press", has_text="Back").click()
    eventually(page, lambda: len(crumbs(page)) == 1)
    page.wait_for_url(lambda url: "home=" not in url)
    page.locator(".homeward .press", has_text="From the chosen value").click()
    eventually(page, lambda: crumbs(page)[0].startswith("stem.conv"))
    page.locator(".homeward .press", has_text="Follow the strongest").click()  # it walks alone to a pixel
    said(page, "what the network gets")
    expect(page.locator(".homeward .press.main")).to_be_disabled()
    assert crumbs(page)[-1].startswith("input")


def test_a_map_is_switched_off_and_on_by_a_press_and_reached_by_keys(open_page):
    page = open_page(f"Feature_maps?{NET}&layer=stem.relu&tab=Switch+off", app="app.py")
    tiles = page.locator(".maps .tile")
    tiles.nth(1).click()
    page.wait_for_url(re.compile("off=stem.relu"))
    expect(tiles.nth(1)).to_have_attribute("aria-pressed", "false")
    said(page, "1 of 4 maps of stem.relu are off")
    page.keyboard.press("ArrowRight")  # goes on, and turns nothing
    page.keyboard.press("Enter")
    said(page, "2 of 4 maps of stem.relu are off")
    expect(tiles.nth(2)).to_have_attribute("aria-pressed", "false")
    tiles.nth(1).click()
    said(page, "1 of 4 maps of stem.relu are off")
    expect(tiles.nth(1)).to_have_attribute("aria-pressed", "true")
