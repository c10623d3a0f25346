"""Every page on a fresh server by a deep link: both widths, both themes, every tab; and none of it needs a mouse.

EXPLORER_SHOTS=shots pytest tests/browser/test_pages.py      leaves there what was seen
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from explorer.ui.shared import state
from tests.browser.chromium import eventually, settle, sound, steady, tab_to

# the deep link of each page, and what it has to show
PAGES = {
    "": ("?image=pattern-rings", "rings"),
    "Diffusion": ("Diffusion?image=pattern-rings&alpha=3&tau=0.1&size=32", "Divergent: it explodes"),
    "Layers": ("Layers?input=Matrix&filters=typed&kernel=2&row=1&column=2", "at row 1, column 2: 0 + bias 0 = 0"),
    "Feature_maps": ("Feature_maps?model=untrained-cabeq-rn-1&w=4&layer=stem.relu&map=2", "Its weights are random"),
    "Classify": ("Classify?image=mnist-0&which=All", "test image no. 0"),
    "Train": ("Train?preset=digits", "Nothing has been trained here yet"),
    "Results": ("Results?tab=Accuracy", "cable paper, table 2"),
}
TESTED = "Over the test set"
PHONE = {"width": 390, "height": 844}
LIGHTNESS = """(() => {
  const paint = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
  return paint.match(/\\d+/g).slice(0, 3).reduce((sum, level) => sum + Number(level), 0) / 765;
})()"""


def warned(page) -> None:
    """No box says that something of the link was left out, or that something is wrong: a fallback would pass else."""
    for kind in ("Warning", "Error"):
        assert page.get_by_test_id(f"stAlertContent{kind}").all_inner_texts() == []


def shows(page, text: str, theme: str, shot: str) -> None:
    page.get_by_text(text).first.wait_for(state="attached")  # on a phone it may be in the sidebar
    lightness = page.evaluate(LIGHTNESS)
    assert lightness > 0.8 if theme == "light" else lightness < 0.25
    sound(page)
    warned(page)
    if folder := os.environ.get("EXPLORER_SHOTS"):
        page.screenshot(path=Path(folder) / f"{shot}-{page.viewport_size['width']}-{theme}.png")


def test_no_page_is_left_out():
    assert list(PAGES) == [page.slug for page in state.pages()]


@pytest.mark.parametrize("slug", PAGES)
def test_a_deep_link_opens_on_a_fresh_server_at_both_widths_in_both_themes(open_page, store, slug):
    link, text = PAGES[slug]
    page = open_page(link)
    heading = slug.replace("_", " ") or "Cable Explorer"
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    shows(page, text, "light", heading)
    shows(open_page(link, theme="dark", beside=page), text, "dark", heading)
    shows(open_page(link, beside=page, **PHONE), text, "light", heading)
    phone = open_page(link, theme="dark", beside=page, **PHONE)
    shows(phone, text, "dark", heading)
    row = phone.get_by_role("tablist").first
    for name in row.get_by_role("tab").all_inner_texts() if row.count() else []:
        tab = row.get_by_role("tab", name=name, exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        settle(phone)
        sound(phone)
        warned(phone)


def test_a_page_check_fails_where_the_link_s_image_does_not_exist(open_page):
    page = open_page("?image=pattern-disc", app="app.py")
    with pytest.raises(AssertionError, match="Pattern is 'disc'"):
        warned(page)


def test_diffusion_without_a_mouse(open_page):
    page = open_page("Diffusion?image=pattern-rings&size=32", app="app.py")
    alpha = page.get_by_role("spinbutton", name="α: diffusion", exact=True)
    tab_to(page, alpha)
    page.keyboard.press("Control+a")
    page.keyboard.type("300")
    page.keyboard.press("Enter")
    page.get_by_text("Divergent: it explodes").first.wait_for()
    settle(page)
    cure = page.get_by_role("button", name=re.compile("Largest stable α"))
    tab_to(page, cure)
    page.keyboard.press("Enter")
    page.get_by_text("Ringing: bounded").first.wait_for()
    settle(page)
    canvas, stage = page.locator(".player canvas.now"), page.locator(".player .stage")
    tab_to(page, stage)
    page.keyboard.press("ArrowRight")
    eventually(page, lambda: canvas.evaluate("({ player }) => player.film.n") == 1)
    page.keyboard.press("Space")
    eventually(page, lambda: canvas.evaluate("({ player }) => player.film.n") > 3)
    page.keyboard.press("Space")
    eventually(page, lambda: canvas.evaluate("({ player }) => !player.playing"))


def test_a_preset_is_chosen_without_a_mouse(open_page):
    page = open_page("Diffusion?image=pattern-rings&size=32", app="app.py")
    box = page.get_by_role("combobox", name="Preset")
    before = box.input_value()
    tab_to(page, box)
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    eventually(page, lambda: box.input_value() != before)
    page.wait_for_url(re.compile("alpha=|tau=|edges=|h_"))
    settle(page)


def test_networks_are_chosen_without_a_mouse(open_page):
    page = open_page("Classify?image=mnist-0", app="app.py")
    every = page.get_by_role("radio", name="All", exact=True)
    tab_to(page, page.get_by_role("radio", name="Two", exact=True))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(every).to_have_attribute("aria-checked", "true")
    page.wait_for_url("**which=All**")
    page.get_by_text(re.compile("· mnist-mlp")).first.wait_for()
    settle(page)
    # an arrow opens the next tab; its run ends first, for Streamlit may go back to the tab that a late run was for, and
    # its tabs are disabled for a moment as a run begins, in which a slow browser takes the focus away from them
    cell = page.locator(".cells [aria-selected=true]")
    nothing = page.get_by_text("None of these networks has a cable layer")
    tabs = {
        "Diffuse it first": page.get_by_text("Change the image by"),
        "Fool it": page.get_by_text("It shall say"),
        "Neighbours": page.get_by_text("laid out by the numbers"),
        "My classes": page.get_by_text("Add to"),
        "What was learned": nothing,
        TESTED: cell,
    }
    for name, shown in tabs.items():
        tab_to(page, page.get_by_role("tab", selected=True))
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
        shown.first.wait_for()
        settle(page)
    tab_to(page, cell)
    words = cell.get_attribute("aria-label")
    page.keyboard.press("ArrowUp")
    eventually(page, lambda: cell.get_attribute("aria-label") != words)
    settle(page)


def test_two_browsers_keep_their_own_image_and_layer(open_page):
    net = "model=untrained-cabeq-rn-1&w=4"
    first = open_page(f"Feature_maps?{net}&layer=stages.0.0.conv2&image=pattern-rings", app="app.py")
    second = open_page(f"Feature_maps?{net}&layer=stages.0.0.conv1&image=cifar10-51", theme="dark", beside=first)

    def maps(page) -> list[str]:
        return page.locator(".maps .tile canvas").evaluate_all("all => all.map((one) => one.toDataURL())")

    def drawn(page) -> list[str]:
        """The maps, once they stay as they are: the canvases are there before what is painted on them."""
        page.locator(".maps .tile canvas").nth(3).wait_for()
        settle(page)
        seen = []

        def rests():
            seen.append(maps(page))
            return len(seen) > 5 and all(one == seen[-1] for one in seen[-5:])

        eventually(page, rests)
        return seen[-1]

    mine, theirs = drawn(first), drawn(second)
    assert mine != theirs
    second.locator(".block", has_text="stage 1.0").click()
    second.wait_for_url(re.compile("layer=stages.1.0"))
    first.locator(".maps .tile").nth(2).click()
    first.wait_for_url("**map=2**")
    settle(first)
    eventually(first, lambda: maps(first) == mine)
    assert "layer=stages.0.0.conv2" in first.url and "conv2" not in second.url
    expect(first.get_by_test_id("stSidebar")).to_contain_text("rings")
    expect(second.get_by_test_id("stSidebar")).to_contain_text("ship")
    first.reload()
    settle(first)
    eventually(first, lambda: maps(first) == mine)


def test_the_pictures_are_seen_without_scrolling(open_page):
    for slug in ("Diffusion", "Feature_maps", "Classify"):
        page = open_page(slug, app="app.py", height=800)
        picture = page.locator(":is(.player canvas, .maps canvas, .js-plotly-plot):visible").first
        picture.wait_for()
        assert steady(picture)["y"] < 600
