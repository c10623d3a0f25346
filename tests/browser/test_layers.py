"""The Layers page in a real browser: the sliding window, cells of the stack, and links that restore both."""

from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect

from tests.browser.chromium import settle, within

TRIES = 6


def said(page, text: str) -> None:
    page.get_by_text(text).first.wait_for()


def type_into(page, grid, cell: str, place: tuple[int, int], text: str) -> None:
    """Select a cell with the mouse, open it, type: each step waits for what the table itself says of it.

    A click may fall between two layouts of a page that is still growing; then nothing was typed yet, and it is tried
    again. What was typed is typed once: that it arrives is what the test asks.
    """
    scroller = page.locator(".dvn-scroller", has=page.locator(".dvn-scroll-inner")).first  # lies over the canvas
    held = grid.get_by_test_id(cell)  # in the table that the canvas keeps for screen readers
    editor = page.locator("#portal").locator("input, textarea")
    for _ in range(TRIES):
        settle(page)
        scroller.click(position={"x": place[0], "y": place[1]})
        try:
            expect(held).to_have_attribute("aria-selected", "true", timeout=10_000)
            page.keyboard.press("Enter")
            editor.wait_for(timeout=10_000)
            break
        except (AssertionError, Late):
            page.keyboard.press("Escape")
    editor.fill(text)
    editor.press("Enter")
    editor.wait_for(state="detached")
    expect(held).to_have_text(text)


def test_a_picked_pixel_is_explained_and_stays_in_the_link(open_page):
    page = open_page("Layers?input=Matrix&filters=typed&kernel=2&row=1&column=2", app="app.py")
    said(page, "Map 0 at row 1, column 2: 0 + bias 0 = 0")
    target = page.get_by_label("The window on").locator("canvas").last  # the map, beside the input
    target.click(position=within(target, 5 / 6, 5 / 6))
    said(page, "Map 0 at row 2, column 2: 1 + bias 0 = 1")  # 4·1 − 3·1
    parts = ("input=Matrix", "filters=your+own", "row=2", "column=2")
    page.wait_for_url(lambda url: all(part in url for part in parts))
    page.get_by_role("tab", name="Pooling").click()
    page.get_by_text("winners").first.wait_for()
    page.get_by_role("tab", name="Convolution").click()
    said(page, "Map 0 at row 2, column 2")


def test_a_number_is_found_in_both_orders(open_page):
    query = "Layers?show=In+memory&input=Matrix&matrix=1,2,0,1,3;0,1,2,3,1;2,0,1,1,0;1,3,0,2,1;0,1,2,0,3"
    page = open_page(f"{query}&filters=sobel-x&filters=sobel-y&map=0&row=0&column=0", app="app.py")
    strips = page.locator(".order .strip")
    for strip in (strips.first, strips.last):
        expect(strip.locator("span")).to_have_count(18)
    places = strips.last.locator("span").evaluate_all("cells => cells.map(one => Number(one.dataset.at))")
    assert places[:4] == [0, 9, 1, 10]  # the two maps by turns
    shown = [one.inner_text() for one in page.locator(".order .map button").all()]
    assert shown == strips.first.locator("span").all_inner_texts()
    strips.last.locator("span").nth(5).hover()  # row 0, column 2 of map 1
    expect(page.locator(".order .here")).to_have_count(3)
    expect(page.locator(".order .which")).to_contain_text("map 1, row 0, column 2: ")
    assert page.locator(".order .sum").all_inner_texts() == ["place (1·3 + 0)·3 + 2 = 11", "place (0·3 + 2)·2 + 1 = 5"]
    strips.last.locator("span").nth(5).click()
    page.wait_for_url(lambda url: "map=1" in url and "column=2" in url)
    page.keyboard.press("ArrowUp")  # the row above is that of the map before
    expect(page.locator(".order .which")).to_contain_text("map 0, row 2, column 2: ")
    page.wait_for_url(lambda url: "row=2" in url and "map=1" not in url)


def test_cells_of_the_stack_are_edited_and_the_link_restores_them(open_page):
    page = open_page("Layers?tab=Stack&stack=digits", app="app.py")
    said(page, "2,450")
    grid = page.get_by_test_id("data-grid-canvas").first
    grid.locator("th").nth(2).wait_for(state="attached")
    assert grid.locator("th").all_inner_texts()[:3] == ["row", "layer", "K"]
    type_into(page, grid, "glide-cell-3-0", (33 + 34 + 88 + 24, 35 + 17), "6")
    said(page, "3,494")
    settle(page)
    page.get_by_role("button", name="Copy").click()
    said(page, "3,824")  # a second conv, 6 -> 6 channels: 330 more
    page.wait_for_url("**rows=**")
    settle(page)
    link = page.url.split("/", 3)[3]
    again = open_page(link, width=390, theme="dark", app="app.py")
    said(again, "3,824")


def test_a_stack_is_one_click_from_its_training_and_the_way_back_leads_to_it(open_page):
    page = open_page("Layers?tab=Stack&stack=lenet", app="app.py")
    said(page, "61,706")
    page.get_by_role("link", name="Train this stack").click()
    page.get_by_role("heading", level=1, name="Train").wait_for()
    said(page, "Your stack from Layers")
    said(page, "train on MNIST")
    page.wait_for_url("**own=eN**")
    link = page.url
    page.get_by_test_id("stSidebar").get_by_role("link", name="Layers").click()
    page.get_by_role("heading", level=1, name="Layers").wait_for()
    said(page, "61,706")
    page.goto(link)
    said(page, "Your stack from Layers")
