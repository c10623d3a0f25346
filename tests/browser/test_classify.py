"""The Classify page in a real browser: a cell of the confusion matrix, an image for every page, a batch and its CSV."""

import csv
import io
import math
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from explorer.networks import evaluation, weights
from tests.browser.chromium import settle
from tests.browser.test_pad import by_mouse, canvas

NAME = "mnist-lenet"
TESTED = f"Classify?image=mnist-0&which=My+choice&models={NAME}&tab=Over+the+test+set"


def said(page, text):
    page.get_by_text(text).first.wait_for()


def count(true: int, answer: int) -> int:
    return int(evaluation.read(weights.PRETRAINED / f"{NAME}.eval.npz").confusion[true, answer])


def test_a_cell_is_clicked_walked_by_keyboard_and_chosen_by_the_boxes(open_page):
    page = open_page(TESTED, app="app.py")
    page.get_by_role("gridcell", name=f"it is 4, the network says 9: {count(4, 9)}", exact=True).click()
    said(page, f"{count(4, 9)} images of 4 taken for 9")
    page.keyboard.press("ArrowRight")  # beyond the edge: nothing
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    said(page, f"{count(5, 8)} images of 5 taken for 8")
    chosen = page.locator(".cells [aria-selected=true]")
    expect(chosen).to_have_count(1)
    settle(page)
    page.get_by_role("combobox", name="It is").click()
    page.get_by_role("option", name="7", exact=True).click()
    said(page, f"{count(7, 8)} images of 7 taken for 8")
    expect(chosen).to_have_attribute("aria-label", f"it is 7, the network says 8: {count(7, 8)}")


def test_a_test_image_becomes_the_image_of_every_page(open_page):
    page = open_page("Classify?image=mnist-0", app="app.py", width=390, theme="dark")
    page.get_by_role("tab", name="Over the test set").click()
    cell = page.get_by_role("gridcell", name=re.compile("^it is 3, the network says 3:"))
    cell.tap()
    said(page, "images of 3 recognised")
    settle(page)
    first = page.get_by_role("group", name="Test images").get_by_role("button").first
    number = re.search(r"image (\d+)", first.get_attribute("aria-label"))[1]
    first.tap()
    page.wait_for_url(f"**image=mnist-{number}**")
    settle(page)
    for slug in ("Diffusion", "Layers", "Feature maps"):
        page.get_by_test_id("stMain").get_by_role("link", name=slug).last.click()  # the first is the row of pages
        page.get_by_role("heading", level=1, name=slug).wait_for()
        page.wait_for_url(f"**image=mnist-{number}**")
        page.go_back()
        page.get_by_role("heading", level=1, name="Classify").wait_for()
        settle(page)


def test_the_pictures_are_those_of_the_cell(open_page):
    result = evaluation.read(weights.PRETRAINED / f"{NAME}.eval.npz")
    page = open_page(TESTED, app="app.py")
    group = page.get_by_role("group", name="Test images").get_by_role("button")
    alike = [(int(true), int(answer)) for true, answer in np.argwhere(result.confusion == 1)]
    assert len(alike) > 2
    for true, answer in alike:
        page.get_by_role("gridcell", name=f"it is {true}, the network says {answer}: 1", exact=True).click()
        said(page, f"1 images of {true} taken for {answer}")
        settle(page)
        (place,) = np.flatnonzero((result.labels == true) & (result.predictions == answer))
        if group.count():  # the test images are at hand, or it is a shipped sample
            expect(group.first).to_have_attribute("aria-label", re.compile(f"^image {place}:"))


def test_a_batch_is_answered_and_comes_as_csv(open_page, tmp_path):
    page = open_page(f"Classify?image=mnist-0&which=My+choice&models={NAME}&tab=Batch", app="app.py")
    files = []
    for number in range(5):
        files.append(tmp_path / f"{number}.png")
        Image.new("RGB", (28, 28), (40 * number,) * 3).save(files[-1])
    files.append(tmp_path / "broken.png")
    files[-1].write_bytes(b"not a picture")
    settle(page)
    page.set_input_files("[data-testid=stMain] input[type=file]", files)
    button = page.get_by_role("button", name="Table as CSV")
    button.wait_for()
    settle(page)
    with page.expect_download() as found:
        button.click()
    rows = list(csv.DictReader(io.StringIO(Path(found.value.path()).read_text())))
    assert [row["file"] for row in rows] == [file.name for file in files]
    assert all(row[NAME].isdigit() and 0.1 <= float(row[f"{NAME}, probability"]) <= 1 for row in rows[:5])
    assert rows[5]["note"] and not rows[5][NAME]
    for name in ("Answers", "Batch"):  # the table outlives a look at another tab
        tab = page.get_by_role("tab", name=name)
        tab.evaluate("e => e.scrollIntoView({ block: 'nearest', inline: 'end' })")  # the row is wider than its place
        tab.click()
        settle(page)
    said(page, "The batch before")
    expect(button).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_a_disturbance_is_drawn_and_shown_on_the_chosen_image(open_page, width, theme):
    query = "Classify?image=optdigits-0&tab=Over+the+test+set&tested=Disturbed&disturbed=contrast"
    page = open_page(query, app="app.py", width=width, theme=theme)
    said(page, "as in mist")
    settle(page)
    for place, left in enumerate((0.75, 0.5, 0.4, 0.3, 0.15), 1):
        expect(page.get_by_text(f"{place}: {left} of the contrast left", exact=True)).to_be_visible()
    chart = page.locator("[data-testid=stPlotlyChart]").last
    for tick in ("as it is", "0.25", "0.85"):
        expect(chart.get_by_text(tick, exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("combobox", name="Disturbed by").click()
    page.get_by_role("option", name="Diffusion", exact=True).click()
    said(page, "without its leak")
    page.wait_for_url("**disturbed=diffusion**")
    page.get_by_text("Let it leak as well").click()
    said(page, "6 % of it leaks away in every step")
    settle(page)


def test_back_takes_back_a_network_that_was_chosen(open_page):
    page = open_page("Classify?image=mnist-0", app="app.py")
    page.get_by_role("radio", name="My choice").click()
    page.wait_for_url("**models=**")
    settle(page)
    box = page.get_by_test_id("stMultiSelect")
    chosen = box.get_by_role("button", name=re.compile("^Remove "))
    before = chosen.count()
    chosen.last.click()
    expect(chosen).to_have_count(before - 1)
    settle(page)
    page.go_back()
    expect(chosen).to_have_count(before)
    settle(page)
    page.go_back()
    expect(page.get_by_role("radio", name="Two")).to_be_checked()
    expect(box).to_have_count(0)


def test_a_picture_is_pointed_at_in_both_planes_and_taken(open_page):
    page = open_page("Classify?tab=Neighbours", app="app.py")
    planes = page.locator(".plane")
    expect(planes).to_have_count(2)
    frog = planes.first.get_by_role("button", name="frog, image").first
    frog.focus()
    name = frog.get_attribute("aria-label")
    for plane in planes.all():
        expect(plane.locator(".here")).to_have_attribute("aria-label", name)
        expect(plane.locator(".near")).to_have_count(5)
        expect(plane.locator("line")).to_have_count(5)
    page.keyboard.press("ArrowRight")
    assert planes.first.locator(".here").get_attribute("aria-label") != name
    page.keyboard.press("ArrowLeft")
    expect(planes.last.locator(".here")).to_have_attribute("aria-label", name)
    page.get_by_role("button", name="cat", exact=True).click()
    expect(planes.first.locator(".tile:not(.dim)")).to_have_count(10)
    frog.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"image=cifar10-{name.rpartition(' ')[2]}\b"))
    expect(planes.first.locator(".chosen")).to_have_attribute("aria-label", name)


def test_two_drawings_of_each_teach_it_and_it_answers_while_a_third_is_drawn(open_page, tmp_path):
    page = open_page("Classify?tab=My+classes&things=Drawings", app="app.py")
    names = page.get_by_label("Names, 2 to 8, with commas between")
    names.fill("line, ring")
    names.press("Enter")

    def draw(*points):
        page.get_by_role("button", name="Clear (Delete)").click()
        canvas(page).scroll_into_view_if_needed()
        by_mouse(page, points)

    def ring(radius):
        return [(0.5 + radius * math.cos(n * math.pi / 8), 0.5 + radius * math.sin(n * math.pi / 8)) for n in range(17)]

    lines = [[(0.5, 0.1), (0.5, 0.9)], [(0.4, 0.15), (0.6, 0.85)]]
    for name, drawings in {"line": lines, "ring": [ring(0.3), ring(0.38)]}.items():
        page.get_by_role("radio", name=re.compile(f"^{name} ")).click()
        for count, points in enumerate(drawings, start=1):
            draw(*points)
            page.get_by_role("button", name="Use this drawing").click()
            page.get_by_role("radio", name=f"{name} · {count}", exact=True).wait_for()
    page.get_by_text("It answers while the picture moves").click()
    draw(*ring(0.34))
    said(page, re.compile("ring: [5-9]"))
    with page.expect_download() as away:
        page.get_by_role("button", name="Take them away").click()
    away.value.save_as(tmp_path / "set.zip")
    page.get_by_role("button", name="take out ring 2").click()
    page.get_by_role("radio", name="ring · 1", exact=True).wait_for()
    page.get_by_role("button", name="Bring a set back").click()
    page.locator("[data-testid=stPopoverBody] input[type=file]").set_input_files(tmp_path / "set.zip")
    page.get_by_role("radio", name="ring · 2", exact=True).wait_for()
