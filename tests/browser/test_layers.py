"""The Layers page in a real browser: the sliding window, cells of the stack, and links that restore both."""

from tests.browser.conftest import settle


def said(page, text: str) -> None:
    page.get_by_text(text).first.wait_for(timeout=60_000)


def test_a_picked_pixel_is_explained_and_stays_in_the_link(open_page):
    page = open_page("Layers?input=Matrix&filters=typed&kernel=2&row=1&column=2")
    said(page, "Map 0 at row 1, column 2: 0 + bias 0 = 0")
    target = page.get_by_label("The window on").locator("canvas").last  # the map, beside the input
    box = target.bounding_box()
    target.click(position={"x": box["width"] * 5 / 6, "y": box["height"] * 5 / 6})
    said(page, "Map 0 at row 2, column 2: 1 + bias 0 = 1")  # 4·1 − 3·1
    settle(page)
    assert all(part in page.url for part in ("input=Matrix", "filters=typed", "row=2", "column=2"))
    page.get_by_role("tab", name="Pooling").click()
    page.get_by_text("winners").first.wait_for(timeout=60_000)
    page.get_by_role("tab", name="Convolution").click()
    said(page, "Map 0 at row 2, column 2")


def test_cells_of_the_stack_are_edited_and_the_link_restores_them(open_page):
    page = open_page("Layers?tab=Stack&stack=digits")
    said(page, "2,450")
    grid = page.get_by_test_id("data-grid-canvas").first
    grid.locator("th").nth(2).wait_for(state="attached")
    assert grid.locator("th").all_inner_texts()[:3] == ["row", "layer", "K"]
    place = grid.bounding_box()
    first_k = place["x"] + 33 + 34 + 88 + 24, place["y"] + 35 + 17
    page.mouse.click(*first_k)
    page.wait_for_timeout(300)
    page.mouse.dblclick(*first_k)
    page.wait_for_timeout(300)
    page.keyboard.press("Control+a")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    said(page, "3,494")
    settle(page)
    page.get_by_role("button", name="Copy").click()
    said(page, "3,824")  # a second conv, 6 -> 6 channels: 330 more
    settle(page)
    link = page.url.split("/", 3)[3]
    assert "rows=" in link
    again = open_page(link, width=390, theme="dark")
    said(again, "3,824")
