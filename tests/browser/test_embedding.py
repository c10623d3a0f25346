"""A page in a frame of a slide or a course page, and one that a worksheet's link leaves controls out of."""

from html import unescape
from urllib.parse import urlsplit

from playwright.sync_api import expect

from explorer.ui.shared.embedding import snippet
from tests.browser.chromium import settle, steady

FRAME = (".stSidebar", "[data-testid=stMainMenu]", ".st-key-at-hand", ".st-key-footer", ".st-key-first")


def test_the_snippet_shows_the_stage_without_its_frame_and_a_way_out(open_page):
    page = open_page("Diffusion?alpha=3&present=1", app="app.py")
    base = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    written = snippet(f"{base}/Diffusion?alpha=3&size=64", 'A "title" <b>')
    page.set_content(f"<!doctype html><title>A course</title><h1>A course</h1>{written}")
    assert page.locator("iframe").get_attribute("title") == 'A "title" <b>'
    inside = page.frame_locator("iframe")
    inside.locator(".player .play").wait_for()
    for part in FRAME:
        expect(inside.locator(part).locator("visible=true")).to_have_count(0)
    assert steady(inside.locator(".player .play"))["y"] < steady(page.locator("iframe"))["height"]
    expect(inside.get_by_role("spinbutton", name="α: diffusion")).to_have_value("3")
    way_out = inside.get_by_role("link", name="Open in Cable Explorer")
    address = unescape(way_out.get_attribute("href"))
    assert "alpha=3" in address and "embed" not in address
    expect(way_out).to_have_attribute("target", "_blank")


def test_what_a_link_hides_is_out_of_sight_and_stays_so_on_the_next_page(open_page):
    page = open_page("Diffusion?hide=tau,meter,edges", app="app.py")
    expect(page.get_by_role("spinbutton", name="α: diffusion")).to_be_visible()
    for part in (".st-key-exact-tau", ".meter", ".st-key-edges"):
        expect(page.locator(part).first).to_be_hidden()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Layers").click()
    page.get_by_role("heading", level=1, name="Layers").wait_for()
    page.wait_for_url("**hide=tau*")
    settle(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Diffusion").click()
    page.locator(".player").wait_for()
    expect(page.locator(".meter").first).to_be_hidden()


def test_the_numbers_that_a_link_hides_take_nothing_else_along(open_page):
    page = open_page("Layers?tab=Activation&hide=numbers", app="app.py")
    page.locator(".st-key-curves").wait_for()
    expect(page.locator(".st-key-curves")).to_be_visible()
    expect(page.get_by_test_id("stMetric").first).to_be_hidden()
