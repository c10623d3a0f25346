"""Home, the frame and the picker in a real browser: the URL, the keyboard, narrow screens, two visitors."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect

from explorer.ui.shared import state
from tests.browser.chromium import eventually, settle, steady, tab_to

HOME = "app.py"  # one server for all of these; test_pages.py opens each page on a fresh one


def sidebar(page):
    return page.get_by_test_id("stSidebar")


def test_picking_a_sample_puts_it_into_the_url_and_a_deep_link_restores_it(open_page):
    page = open_page(app=HOME)
    page.get_by_role("button", name="ship, image 51").click()
    page.wait_for_url("**image=cifar10-51")
    expect(sidebar(page)).to_contain_text("ship")
    again = open_page("?image=cifar10-51", app=HOME)
    expect(sidebar(again)).to_contain_text("test image no. 51")
    chosen = again.get_by_role("button", name="ship, image 51")
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(chosen).to_be_visible()


def test_the_grid_is_walked_by_keyboard(open_page):
    page = open_page("?image=pattern-rings", app=HOME)
    page.get_by_role("button", name=re.compile("^Circles")).focus()
    page.keyboard.press("ArrowRight")
    focused = "document.activeElement.shadowRoot?.activeElement.value"
    eventually(page, lambda: page.evaluate(focused) == "pattern-cosine")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**image=pattern-stripes")
    stops = page.get_by_role("group", name="Test patterns").locator("button[tabindex='0']")
    expect(stops).to_have_count(1)  # Tab enters the grid once and leaves it


def test_an_upload_of_nonsense_is_one_sentence_and_the_page_goes_on(open_page):
    page = open_page("?image=pattern-rings", app=HOME)
    page.get_by_role("radio", name="Upload").click()
    settle(page)
    page.set_input_files("input[type=file]", {"name": "ok.png", "mimeType": "image/png", "buffer": b"not a picture"})
    page.get_by_text("The previous image stays.").wait_for()
    expect(sidebar(page)).to_contain_text("rings")
    assert "image=pattern-rings" in page.url


def test_an_upload_goes_along_to_every_page_but_not_into_the_url(open_page, tmp_path):
    picture = tmp_path / "mine.png"
    Image.new("RGB", (40, 30), (10, 120, 200)).save(picture)
    page = open_page("?image=pattern-rings", app=HOME)
    page.get_by_role("radio", name="Upload").click()
    settle(page)
    page.set_input_files("input[type=file]", picture)
    page.get_by_text("40 × 30 pixels").wait_for()
    page.wait_for_url(lambda url: "image=" not in url)
    for target in state.pages()[1:2]:
        sidebar(page).get_by_role("link", name=target.title).click()
        page.get_by_role("heading", level=1, name=target.title).wait_for()
        settle(page)
        expect(sidebar(page)).to_contain_text("40 × 30 pixels")
        assert "image=" not in page.url


def test_two_visitors_do_not_see_each_others_image(open_page):
    first, second = open_page("?image=pattern-rings", app=HOME), open_page("?image=cifar10-51", app=HOME)
    second.get_by_role("button", name="ship, image 10").click()
    second.wait_for_url("**image=cifar10-10")
    first.reload()
    settle(first)
    expect(sidebar(first)).to_contain_text("rings")
    expect(sidebar(second)).to_contain_text("ship")


def test_nothing_moves_until_asked_and_then_it_diffuses(open_page):
    page = open_page(app=HOME)
    counter = page.locator("output")
    expect(counter).to_have_text("step 0")
    page.wait_for_timeout(500)
    assert counter.inner_text() == "step 0"
    button = page.locator(".taste button")
    expect(button).to_have_text("Let it diffuse")
    button.click()
    eventually(page, lambda: int(counter.inner_text().split()[1]) > 0)

    def paused():
        """A click that comes late finds the end and begins again: then the next one pauses."""
        return button.inner_text() == "Go on" or button.click()

    eventually(page, paused)
    rested = counter.inner_text()
    page.wait_for_timeout(400)
    assert counter.inner_text() == rested


def test_presenter_mode_is_larger_has_no_sidebar_and_can_be_left(open_page):
    page = open_page("?image=pattern-rings", app=HOME)
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    small = page.evaluate(size)
    page.get_by_role("link", name="Presenter mode").click()
    page.wait_for_url("**present=1*")
    eventually(page, lambda: page.evaluate(size) > 1.2 * small)
    expect(sidebar(page)).not_to_be_visible()
    page.wait_for_url("**image=pattern-rings**")
    page.get_by_role("link", name="Leave presenter mode").click()
    sidebar(page).wait_for(state="visible")
    page.wait_for_url(re.compile("image=pattern-rings$"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_everything_in_its_width(open_page, theme):
    page = open_page(width=390, height=844, theme=theme, app=HOME)  # the fixture checks for sideways scrolling
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("radio", name="Pattern").click()
    settle(page)
    circles = page.get_by_role("button", name=re.compile("^Circles"))

    def hit():  # by a thumb; the sidebar may still be on its way in
        box = steady(circles)
        return box["width"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 390

    eventually(page, hit)


def test_every_picture_has_words(open_page):
    page = open_page(app=HOME)
    silent = page.evaluate("[...document.querySelectorAll('img')].filter((i) => !i.alt).map((i) => i.outerHTML)")
    assert silent == []
    expect(page.locator("canvas[role=img]")).to_have_attribute("aria-label", re.compile("^horse"))


def test_a_card_is_one_link_in_all_its_width_and_height(open_page):
    page = open_page(app=HOME)
    for slug in ("Layers", "Results"):
        card = page.locator(f".st-key-card-{slug}")
        expect(card.get_by_role("link")).to_have_count(1)
        box = steady(card)
        page.mouse.click(box["x"] + box["width"] - 9, box["y"] + box["height"] - 9)  # far from its title
        page.get_by_role("heading", level=1, name=slug).wait_for()
        page.go_back()
        page.get_by_role("heading", level=1, name="Cable Explorer").wait_for()
        settle(page)


def test_a_number_out_of_range_says_the_range_where_everybody_sees_it(open_page):
    page = open_page("Layers?tab=Stack&stack=digits", app=HOME)
    box = page.get_by_role("spinbutton", name="Size")
    box.fill("5000")
    box.press("Enter")
    said = page.get_by_text("between 1 and 256")
    said.wait_for()
    place = steady(said)
    assert place["width"] > 60 and place["height"] > 30, "not for screen readers alone"
    frame = steady(page.get_by_test_id("stNumberInputContainer").first)
    assert frame["y"] + frame["height"] >= place["y"] + place["height"], "and not cut off"


def test_a_lesson_is_one_click_away(open_page):
    page = open_page(app=HOME)
    page.get_by_role("link", name="From one dendrite to a trained network").click()
    page.get_by_role("heading", level=1, name="Diffusion").wait_for()
    settle(page)
    expect_params(page, {"lesson": "dendrite-to-network", "at": 1, "tab": "The neuron"})
    page.go_back()
    page.get_by_role("heading", level=1, name="Cable Explorer").wait_for()


def test_pages_keep_their_own_values_and_a_link_has_the_last_word(open_page):
    page = open_page("Diffusion?alpha=3&tab=Proof", app=HOME)
    sidebar(page).get_by_role("link", name="Layers").click()
    page.get_by_role("heading", level=1, name="Layers").wait_for()
    settle(page)
    expect(page.get_by_role("tab", selected=True).first).to_have_text("Convolution")
    page.get_by_role("tab", name="Pooling").click()
    page.wait_for_url("**tab=Pooling**")
    settle(page)
    sidebar(page).get_by_role("link", name="Diffusion").click()
    page.get_by_role("heading", level=1, name="Diffusion").wait_for()
    settle(page)
    expect(page.get_by_role("tab", selected=True).first).to_have_text("Proof")
    expect_params(page, {"alpha": 3})


def test_back_undoes_what_a_person_did_and_not_the_ticks_of_a_slider(open_page):
    page = open_page("Diffusion", app=HOME)
    horse = sidebar(page).locator("strong").first.inner_text()
    slider, field = page.get_by_role("slider", name="α").first, page.get_by_role("spinbutton", name="α").first
    slider.focus()
    for tick in range(1, 4):
        page.keyboard.press("ArrowRight")
        expect(field).to_have_value(f"{10 + tick / 100:g}")
        settle(page)
    page.get_by_role("tab", name="Proof").click()
    page.wait_for_url("**tab=Proof**")
    settle(page)
    sidebar(page).locator(".grid button").nth(3).click()
    page.wait_for_url("**image=**")
    expect(sidebar(page).locator("strong").first).not_to_have_text(horse)
    settle(page)
    page.go_back()
    expect(sidebar(page).locator("strong").first).to_have_text(horse)
    expect(page.get_by_role("tab", name="Proof", selected=True)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("tab", name="Go to step n", selected=True)).to_be_visible()
    expect(field).to_have_value("10.03")
    page.go_back()
    expect(field).to_have_value("10")
    page.go_forward()
    expect(field).to_have_value("10.03")


def test_back_takes_a_choice_of_the_menus_back_as_well(open_page):
    page = open_page("Layers?tab=Activation", app=HOME)
    menu = page.get_by_role("combobox", name="Activation")
    before = menu.input_value()
    menu.fill("sigmoid")
    page.get_by_role("option").first.click()
    page.wait_for_url("**f=sigmoid**")
    settle(page)
    page.go_back()
    expect(menu).to_have_value(before)
    settle(page)
    assert "f=" not in page.url


def test_back_undoes_a_preset_and_its_list_says_so(open_page):
    page = open_page("Layers?tab=Pooling", app=HOME)
    menu, window = page.get_by_role("combobox", name="Start from").first, page.get_by_label("Window").first
    menu.fill("stride 2")
    page.get_by_role("option").first.click()
    page.wait_for_url("**pool_size=3**")
    settle(page)
    page.go_back()
    expect(window).to_have_value("2")
    expect(menu).to_have_value("")
    page.go_forward()
    expect(window).to_have_value("3")
    expect(menu).to_have_value("AlexNet's: 3 × 3, stride 2")


def expect_params(page, params: dict) -> None:
    wanted = {name: [text] for name, text in state.texts(params).items()}
    page.wait_for_url(lambda url: wanted.items() <= parse_qs(urlsplit(url).query).items())


def test_a_symbol_says_what_it_means_under_the_pointer_and_at_the_focus(open_page):
    page = open_page(app=HOME)
    tip = page.get_by_role("tooltip").filter(has_text="alpha")
    label = page.locator(".st-key-coupling label p").first
    label.hover(position={"x": 5, "y": steady(label)["height"] / 2})
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("how strongly neighbouring pixels are coupled")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    slider = page.get_by_role("slider", name="α")
    tab_to(page, slider)
    expect(tip).to_be_visible()
    place, of = steady(tip), steady(slider)
    assert place["y"] >= of["y"] + of["height"] or place["y"] + place["height"] <= of["y"], "it covers nothing"
    page.keyboard.press("Tab")
    expect(tip).to_be_hidden()


def test_a_symbol_of_a_chart_says_what_it_means_under_what_takes_the_pointer_there(open_page):
    page = open_page("Diffusion?tab=The+neuron", app=HOME)
    words = page.locator(".js-plotly-plot .legendtext").filter(has_text="λ").first
    words.scroll_into_view_if_needed()
    box, at = steady(words), words.text_content().index("λ")
    letter = box["width"] / len(words.text_content())
    page.mouse.move(box["x"] + (at + 0.5) * letter, box["y"] + box["height"] / 2)
    expect(page.get_by_role("tooltip").filter(has_text="lambda")).to_be_visible()


def test_all_symbols_are_listed_on_every_page(open_page):
    page = open_page("Results", app=HOME, width=390)
    page.get_by_text("Symbols", exact=True).click()
    for symbol in ("Φ", "Ψ", "⊙"):
        expect(page.get_by_role("listitem").filter(has=page.locator("strong", has_text=symbol)).first).to_be_visible()


def test_what_colours_say_is_seen_with_colours_of_ones_own(open_page):
    page = open_page("Diffusion", app=HOME)
    page.locator(".answers .gauge").first.wait_for(state="attached")
    page.emulate_media(forced_colors="active")
    ground = "one => getComputedStyle(one).backgroundColor"
    marks = [page.locator(f".answers .mark.network-{n}, .answers .network-{n} .mark").first for n in (0, 1)]
    track = page.locator(".meter .track > *")
    assert marks[0].evaluate(ground) != marks[1].evaluate(ground), "the two networks are told apart by their colours"
    assert track.first.evaluate(ground) != track.last.evaluate(ground)
    chosen, other = (page.locator(f'.st-key-edges [role=radio][aria-checked="{on}"]').first for on in ("true", "false"))
    assert chosen.evaluate(ground) != other.evaluate(ground)
    page.emulate_media(forced_colors="none")
