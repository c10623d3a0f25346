"""The pad in a real browser: by mouse, finger and keys, what networks say meanwhile, and what Python gets."""

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from explorer import subjects
from explorer.classify.predict import predict
from explorer.data import ink
from explorer.ui.components.pad import SIDE
from tests.browser.chromium import eventually, settle, steady, tab_to
from tests.live.digits import strokes

APP = "tests/browser/apps/harness.py"
WAIT = "async ({ pad }, box) => { while (pad.facts.box !== box) await new Promise((go) => setTimeout(go, 20)); }"
DIGITS = "pad?dataset=mnist&networks=mnist-cnn,mnist-mlp"


def canvas(page):
    return page.locator(".pad .frame canvas")


def inside(page, expression: str):
    """A JavaScript expression of `pad`, what the canvas shows of the component's inside."""
    return canvas(page).evaluate(f"({{ pad }}) => {expression}")


def pixels(page) -> np.ndarray:
    return np.array(inside(page, "[...pad.drawing.pixels]"), np.uint8).reshape(SIDE, SIDE, 3)


def by_mouse(page, *lines) -> None:
    """Polylines in shares of the pad."""
    box = steady(canvas(page))
    for line in lines:
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in line]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()


def answered(page) -> list[np.ndarray]:
    """What the networks say of the drawing as it is now."""
    rests = "!pad.handle && pad.answers.queue?.latest === null && !pad.answers.queue.busy"
    eventually(page, lambda: inside(page, rests))
    return [np.array(one) for one in inside(page, "pad.answers.shares.map((one) => [...one])")]


def said(page) -> str:
    return page.locator(".pad [role=status]").inner_text()


@pytest.mark.parametrize("digit", [2, 7])
def test_networks_answer_while_one_draws_and_nothing_is_sent(open_page, digit):
    page = open_page(DIGITS, app=APP)
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(len(frame))))
    page.reload()
    settle(page)
    eventually(page, lambda: inside(page, "pad.answers.networks.length === 2"))
    sent.clear()
    by_mouse(page, *strokes(digit, 1)[0])
    shares = answered(page)
    picture = ink.centred(Image.fromarray(pixels(page)), 28, 20)
    for name, share in zip(("mnist-cnn", "mnist-mlp"), shares, strict=True):
        assert np.abs(share - predict(subjects.pretrained(name), picture).probabilities).max() < 1e-5
    assert shares[0].argmax() == digit
    expect(page.locator('.pad .line[aria-pressed="true"] .name')).to_have_text(str(digit))
    eventually(page, lambda: said(page).startswith(f"mnist-cnn: {digit}: "))
    seen = page.locator(".pad .seen canvas").evaluate(
        "(one) => [...one.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0)"
    )
    np.testing.assert_array_equal(np.array(seen).reshape(28, 28), np.asarray(picture)[..., 0])
    assert not sent


def test_what_is_used_is_what_was_drawn(open_page):
    page = open_page("pad?dataset=cifar10", app=APP)
    page.get_by_role("button", name="red").click()
    by_mouse(page, [(0.2, 0.2), (0.7, 0.5)])
    page.get_by_label("Another ink").fill("#123456")
    by_mouse(page, [(0.3, 0.8), (0.6, 0.8)])
    drawn = pixels(page)
    for place, colour in (((96, 98), (213, 94, 0)), ((307, 170), (0x12, 0x34, 0x56)), ((5, 5), (255, 255, 255))):
        assert tuple(drawn[place]) == colour
    page.get_by_role("button", name="Use this drawing").click()
    page.get_by_text(f"({SIDE}, {SIDE}, 3) of mean {drawn.mean():.6f}").wait_for()


def test_eraser_undo_and_clear(open_page):
    page = open_page("pad?dataset=cifar10", app=APP)
    by_mouse(page, [(0.2, 0.2), (0.7, 0.5)])
    first = pixels(page)
    page.get_by_role("button", name="Eraser").click()
    page.get_by_label("Size in hundredths").fill("24")
    by_mouse(page, [(0.1, 0.1), (0.8, 0.6)])
    assert inside(page, "pad.drawing.blank()")
    page.get_by_role("button", name="Undo").click()
    np.testing.assert_array_equal(pixels(page), first)
    page.get_by_role("button", name="Clear").click()
    assert inside(page, "pad.drawing.blank()")
    page.keyboard.press("Control+z")
    np.testing.assert_array_equal(pixels(page), first)


def test_keys_alone_draw_and_say_so(open_page):
    page = open_page("pad?dataset=mnist", app=APP)
    tab_to(page, canvas(page))
    page.keyboard.press("Space")
    eventually(page, lambda: said(page) == "Ink down at 50 across, 50 down.")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    eventually(page, lambda: said(page) == "80 across, 48 down, ink down")
    page.keyboard.press("Space")
    eventually(page, lambda: said(page) == "Ink up.")
    page.keyboard.press("ArrowDown")
    columns = np.flatnonzero(pixels(page)[SIDE // 2, :, 0])
    assert abs(columns.min() - (0.5 - 0.04) * SIDE) < 2 and abs(columns.max() - (0.8 + 0.04) * SIDE) < 2
    page.keyboard.press("e")
    page.keyboard.press("Space")  # rubs out the end
    page.keyboard.press("Space")
    assert pixels(page)[SIDE // 2, round(0.8 * SIDE), 0] == 0
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert inside(page, "pad.drawing.blank()")
    page.keyboard.press("e")
    page.keyboard.press("Space")
    page.keyboard.press("Delete")
    assert inside(page, "pad.drawing.blank()")
    page.keyboard.press("ArrowLeft")  # the ink was lifted
    assert inside(page, "pad.drawing.blank()")


def test_a_finger_draws_and_the_page_stays(open_page):
    page = open_page(DIGITS, width=390, height=844, app=APP)
    canvas(page).scroll_into_view_if_needed()
    box = steady(canvas(page))
    scrolled = "document.querySelector('[data-testid=stMain]').scrollTop"
    before, touch = page.evaluate(scrolled), page.context.new_cdp_session(page)
    for kind, y in (("touchStart", 0.1), ("touchMove", 0.4), ("touchMove", 0.9), ("touchEnd", None)):
        points = [{"x": box["x"] + 0.5 * box["width"], "y": box["y"] + y * box["height"]}] if y else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    rows = eventually(page, lambda: list(np.flatnonzero(pixels(page)[:, SIDE // 2, 0])))
    assert rows[0] < 0.1 * SIDE and rows[-1] > 0.85 * SIDE and len(rows) == rows[-1] - rows[0] + 1
    assert page.evaluate(scrolled) == before
    assert box["width"] > 300 and steady(page.get_by_role("button", name="Undo"))["width"] >= 36


def test_an_empty_pad_is_one_sentence(open_page):
    page = open_page(DIGITS, app=APP)
    page.get_by_text("Draw: the networks answer while you do.").wait_for()
    expect(page.locator(".pad .answers")).not_to_be_visible()
    page.get_by_role("button", name="Use this drawing").click()
    page.get_by_text("There is no ink on the pad: draw something first.").wait_for()
    assert page.get_by_text("of mean").count() == 0
    by_mouse(page, [(0.3, 0.3), (0.6, 0.6)])
    expect(page.get_by_role("alert").filter(has_text=re.compile("no ink"))).to_have_count(0)
    expect(page.locator(".pad .answers")).to_be_visible()


def test_a_drawing_outlives_the_pad_and_each_ground_has_its_own(open_page):
    page = open_page("pad?dataset=mnist", app=APP)
    by_mouse(page, [(0.3, 0.3), (0.6, 0.6)])
    drawn = pixels(page)
    page.get_by_text("shown").click()
    canvas(page).wait_for(state="detached")
    page.get_by_text("shown").click()
    canvas(page).wait_for()
    np.testing.assert_array_equal(pixels(page), drawn)
    for dataset, box, same in (("kmnist", 28, True), ("cifar10", 0, False)):
        page.get_by_role("combobox", name="dataset").click()
        page.get_by_role("option", name=dataset, exact=True).click()
        canvas(page).evaluate(WAIT, box)
        assert np.array_equal(pixels(page), drawn) == same
