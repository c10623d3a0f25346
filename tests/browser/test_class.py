"""A class with its projector and its phones: open, join, follow, predict, close, bars, what happens, end."""

import re

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from explorer.classroom.register import Register
from tests.browser.chromium import eventually, serve, settle

STEP = "?lesson=dendrite-to-network&at=4"
PROJECTOR = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def server(tmp_path):
    """One that listens to every network, as for a class."""
    with serve("app.py", tmp_path, listens="0.0.0.0") as address:
        yield address


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def opened(page) -> str:
    """Opens a class on this page; its code."""
    press(page, "Class")
    press(page, "Open a class")
    code = page.locator(".class-code").inner_text().replace(" ", "")
    press(page, "Hide the code")
    expect(page.get_by_role("button", name="Show the code")).to_be_visible()
    return code


def in_sight(page, locator) -> bool:
    box = locator.bounding_box()
    return bool(box) and box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


def scanned(locator, tmp_path) -> str:
    """What a camera reads from a picture on the screen."""
    locator.screenshot(path=tmp_path / "code.png")
    (found,) = zxingcpp.read_barcodes(np.asarray(Image.open(tmp_path / "code.png").convert("L")))
    return found.text


@pytest.mark.slow
def test_a_class_from_its_opening_to_its_end(server, open_page, tmp_path):
    projector = open_page(f"{STEP}&present=1", at=server, **PROJECTOR)
    press(projector, "Class")
    press(projector, "Open a class")
    code = projector.locator(".class-door .code").inner_text().replace(" ", "")
    link = scanned(projector.locator(".class-door img"), tmp_path)
    assert link.endswith(f"/?join={code}") and "localhost" not in link and "127.0.0.1" not in link
    assert projector.url.count(code) == 0  # nothing in the projector's address makes anyone a teacher
    base, _, query = link.rpartition("/")
    phone = open_page(query, at=base, **PHONE)  # the address is this machine's own, so it is reached here too
    other = open_page(query, at=base, theme="dark", **PHONE)

    expect(phone.get_by_text("the question is not open yet")).to_be_visible()
    answers = phone.locator(".st-key-class .stButton button")
    expect(answers).to_have_count(3)
    expect(answers.first).to_be_disabled()
    expect(projector.get_by_text("2 students")).to_be_visible()
    press(projector, "Open the question")
    expect(projector.locator(".class-door")).to_have_count(0)  # the picture is in sight again
    expect(projector.get_by_role("button", name="Show the code")).to_be_visible()

    for page, answer in ((phone, "explode"), (other, "blur and fade, as before")):
        button = page.get_by_role("button", name=answer, exact=True)
        expect(button).to_be_enabled()
        assert all(in_sight(page, one) for one in [page.locator(".class-ask"), *answers.all()])
        button.click()
        expect(page.get_by_role("button", name=re.compile(answer))).to_have_attribute("kind", "primary")
    expect(projector.get_by_text("2 of 2 students answered")).to_be_visible()
    expect(projector.locator(".class-answers .bar")).to_have_count(0)
    press(other, "flicker, and never grow")  # another answer in place of the first
    expect(other.get_by_role("button", name=re.compile("flicker"))).to_have_attribute("kind", "primary")

    press(projector, "Close the question")
    expect(projector.locator(".class-answers .count")).to_have_text(["0 % (0)", "50 % (1)", "50 % (1)"])
    expect(projector.get_by_text("See.", exact=True)).to_have_count(0)
    expect(phone.locator(".class-answers .mine")).to_contain_text("explode")
    expect(phone.locator(".class-answers .right")).to_have_count(0)
    press(projector, "Show what happens")
    expect(projector.locator(".class-answers .right")).to_contain_text("explode")
    expect(projector.get_by_text("See.", exact=True)).to_be_visible()
    expect(projector.locator(".meter").first).to_be_visible()
    for page in (phone, other):
        expect(page.locator(".class-answers .right")).to_contain_text("explode")
        expect(page.get_by_text("See.", exact=True)).to_be_visible()

    projector.locator(".st-key-lesson-next a").click()
    projector.wait_for_url("**at=5**")
    for page in (phone, other):
        expect(page.get_by_text("Step 5 of 12")).to_be_visible()
    settle(projector)
    press(projector, "Class")
    press(projector, "End the class")
    expect(projector.locator(".class-code")).to_have_count(0)
    for page in (phone, other):
        expect(page.get_by_text("There is no class with this code")).to_be_visible()
        expect(page.get_by_role("heading", level=1, name="Cable Explorer")).to_be_visible()  # it goes on without
    assert not Register(tmp_path / "runs").any()


def test_the_right_to_teach_survives_a_reload_and_goes_to_a_second_machine(server, open_page):
    first = open_page(STEP, at=server)
    opened(first)
    first.reload()
    expect(first.locator(".class-code")).to_be_visible()
    first.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(first, "Class")
    press(first, "Link for a second machine")
    press(first, "Copy the link")
    expect(first.get_by_text("Copied")).to_be_visible()
    link = first.evaluate("navigator.clipboard.readText()")
    assert link not in first.content() and "teach=" in link
    base, _, query = link.rpartition("/")
    second = open_page(query, at=base, width=1280, height=800)
    second.wait_for_url(re.compile("lesson=.*at=4|at=4.*lesson="))
    expect(second.locator(".class-code")).to_be_visible()
    assert "teach" not in second.url
    press(second, "Open the question")
    expect(first.get_by_role("button", name="Close the question")).to_be_visible()
    second.locator(".st-key-lesson-next a").click()
    expect(first.get_by_text("The class is at step 5 of 12.")).to_be_visible()
    first.get_by_role("link", name="Go there").click()
    first.wait_for_url("**at=5**")
    expect(first.locator(".class-code")).to_be_visible()


def test_numbers_of_a_class_lie_along_their_scale(server, open_page):
    projector = open_page("Diffusion?lesson=dendrite-to-network&at=1&tab=The+neuron&present=1", at=server, **PROJECTOR)
    code = opened(projector)
    phone, other = (open_page(f"?join={code}", at=server, theme=theme, **PHONE) for theme in ("light", "dark"))
    expect(phone.get_by_label("Your prediction")).to_be_disabled()
    press(projector, "Open the question")
    for page, number in ((phone, "20"), (other, "40")):
        field, send = page.get_by_label("Your prediction"), page.get_by_role("button", name="Predict")
        expect(field).to_be_enabled()
        field.fill(number)
        assert all(in_sight(page, one) for one in (page.locator(".class-ask"), field, send))
        send.click()
        expect(page.get_by_text(f"Your answer: {number} %")).to_be_visible()
    expect(projector.get_by_text("2 of 2 students answered")).to_be_visible()
    expect(projector.locator(".class-along")).to_have_count(0)
    press(projector, "Close the question")
    for page in (projector, phone, other):
        expect(page.locator(".class-along small")).to_have_text(["1", "1"])
        expect(page.locator(".truth")).to_have_count(0)
    press(projector, "Show what happens")
    for page in (projector, phone, other):
        expect(page.get_by_text("It is 37 %, give or take 5: 1 of 2 right.")).to_be_visible()
        expect(page.locator(".truth")).to_have_count(1)
    axis = projector.locator(".class-along .columns").bounding_box()
    truth = projector.locator(".truth").bounding_box()
    assert axis and truth
    assert abs((truth["x"] + truth["width"] / 2 - axis["x"]) / axis["width"] - 0.37) < 0.01
    eventually(projector, lambda: in_sight(projector, projector.get_by_role("button", name="Play").first))


def test_what_one_looks_at_stays_while_the_class_is_asked(server, open_page):
    """Phones ask every three seconds: the page is not drawn anew, and a step that is tried out leads back."""
    projector = open_page(STEP, at=server)
    code = opened(projector)
    press(projector, "Open the question")
    phone = open_page(f"?join={code}", at=server, **PHONE)
    press(phone, "explode")
    chosen = phone.get_by_role("button", name=re.compile("explode"))
    expect(chosen).to_have_attribute("kind", "primary")
    title = phone.get_by_role("heading", level=1)
    title.evaluate("(one) => { one.mark = 'the same' }")
    press(projector, "Close the question")
    press(projector, "Show what happens")
    phone.get_by_role("link", name="Try it here").wait_for()
    assert title.evaluate("(one) => one.mark") == "the same"
    phone.get_by_role("link", name="Try it here").click()
    phone.get_by_text("You said.").wait_for()
    phone.get_by_role("link", name="Back to the class").wait_for()
    projector.locator(".st-key-lesson-next a").click()
    phone.get_by_role("link", name="The class has gone on").click()
    expect(phone.get_by_text("Step 5 of 12")).to_be_visible()


def test_a_page_that_comes_to_the_front_asks_at_once(server, open_page):
    projector = open_page(STEP, at=server)
    code = opened(projector)
    phone = open_page(f"?join={code}", at=server, **PHONE)
    # the timer is stopped as a phone stops it in a pocket; what follows comes from the page coming to the front alone
    phone.evaluate("for (let id = 1; id < 100000; id++) clearInterval(id), clearTimeout(id)")
    press(projector, "Open the question")
    expect(projector.get_by_role("button", name="Close the question")).to_be_visible()
    assert phone.get_by_text("not open yet").is_visible()
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone.get_by_text("Choose one.")).to_be_visible()


def test_a_server_of_this_machine_alone_says_how_to_start_it_in_place_of_a_code(open_page):
    projector = open_page(STEP)
    press(projector, "Class")
    press(projector, "Open a class")
    expect(projector.get_by_text("--server.address 0.0.0.0")).to_be_visible()
    expect(projector.locator(".class-door")).to_have_count(0)


def test_play_and_verdict_stay_in_sight_with_the_bars(server, open_page):
    projector = open_page(f"{STEP}&present=1", at=server, **PROJECTOR)
    opened(projector)
    press(projector, "Open the question")
    press(projector, "Close the question")
    press(projector, "Show what happens")
    expect(projector.get_by_text("See.", exact=True)).to_be_visible()
    settle(projector)
    play = projector.locator(".player").get_by_role("button", name="Play")
    for one in (projector.locator(".meter").first, projector.locator(".player canvas.now"), play):
        eventually(projector, lambda one=one: in_sight(projector, one))
    heights = projector.locator(".class-answers .answer").evaluate_all(
        "(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(heights) > 22  # pixels of 1080: a sixth of the step's own heading would not be read from the last row
