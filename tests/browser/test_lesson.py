"""The shipped lessons from first step to last: predict, do what Do says, find what See says."""

import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.classroom import shelf
from explorer.ui.shared import state
from explorer.ui.shared.lesson import AWAY, PLACES
from tests.browser.chromium import eventually, settle, within

LESSONS = shelf.shelf({page.slug for page in state.pages()}, None).lessons
TRAINED = 600_000  # milliseconds; a run may have to wait for the machine
NOW = ".player canvas.now"
DATA = (
    "(box) => box._fullData?.map((one) => ({name: one.name, x: Array.from(one.x ?? []), y: Array.from(one.y ?? [])}))"
)
CONTRAST = "c => {const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data.filter((_, i) => i % 4 < 3);"
CONTRAST += " return Math.max(...d.slice(0, 60000)) - Math.min(...d.slice(0, 60000))}"


def said(page, text) -> None:
    page.get_by_text(text).first.wait_for()


def step_of(page) -> int:
    return page.locator(NOW).evaluate("({ player }) => player.film.n")


def field(page) -> np.ndarray:
    """What the player shows, (height, width), the mean of its colours."""
    grid = page.locator(NOW)
    shape = grid.evaluate(
        "({ player }) => [player.film.grid.channels, player.film.grid.height, player.film.grid.width]"
    )
    return np.array(grid.evaluate("({ player }) => [...player.read()]")).reshape(shape).mean(axis=0)


def play_until(page, step: int) -> None:
    page.locator(".player").get_by_role("button", name="Play").click()
    eventually(page, lambda: step_of(page) >= step)
    page.locator(".player").get_by_role("button", name="Pause").click()
    settle(page)


def frame_share(page) -> float:
    """How bright the outermost pixels are beside those ten further in."""
    now = field(page)
    edge = np.concatenate([now[0], now[-1], now[:, 0], now[:, -1]]).mean()
    inner = now[10:-10, 10:-10]
    return edge / np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]]).mean()


def chart(page, key: str) -> dict[str, dict]:
    """The lines of a chart by their names."""
    drawn = page.locator(f".st-key-{key} .js-plotly-plot").last  # while it is drawn anew there may be two
    drawn.wait_for()
    return {line["name"]: line for line in eventually(page, lambda: drawn.evaluate(DATA))}  # its box is there first


def dendrite(page) -> None:
    said(page, re.compile("One λ away 3[678] % of the potential is left, two λ away 1[345] %"))
    page.get_by_role("spinbutton", name="λ_m: space constant, mm").fill("2")
    page.keyboard.press("Enter")
    page.wait_for_url("**lambda_m=2**")


def pixel(page) -> None:
    page.get_by_role("button", name="One step forward").click()
    eventually(page, lambda: step_of(page) == 1)
    now = field(page)
    place = np.unravel_index(now.argmax(), now.shape)
    assert now[place] == pytest.approx(0.59, abs=1e-5) and now.sum() == pytest.approx(0.99, abs=1e-5)
    assert sorted(now[now > 0].round(5)) == [0.1, 0.1, 0.1, 0.1, 0.59]
    said(page, "Largest difference: 0.")


def melting(page) -> None:
    eventually(page, lambda: step_of(page) == 0 and field(page).mean() > 0.393)  # the picture of this step, at rest
    first = field(page).mean()
    play_until(page, 60)
    n = page.get_by_role("spinbutton", name="Step n")
    expect(n).to_have_value(str(step_of(page)))  # the page has taken over the player's step
    settle(page)
    n.fill("60")
    n.press("Enter")
    eventually(page, lambda: step_of(page) == 60)
    assert field(page).mean() == pytest.approx(first * 0.99**60, rel=1e-4)
    expect(page.get_by_text("0.215596", exact=True)).to_have_count(2)  # promised and measured
    assert first == pytest.approx(0.394, abs=5e-4)
    said(page, "holds")


def explosion(page) -> None:
    said(page, "Divergent: it explodes")
    page.locator(".player").get_by_role("button", name="Play").click()
    said(page, "a value passed 10⁶")
    settle(page)
    assert 120 < step_of(page) < 160
    page.get_by_role("button", name=re.compile("Largest stable α")).click()
    said(page, "Ringing: bounded")
    settle(page)
    page.get_by_role("button", name="Back to the image").click()
    eventually(page, lambda: step_of(page) == 0)
    play_until(page, 60)
    expect(page.get_by_text("a value passed 10⁶")).to_have_count(0)
    assert page.locator(NOW).evaluate(CONTRAST) > 100, "black, with nothing to see"


def border(page) -> None:
    play_until(page, 30)
    assert frame_share(page) < 0.6
    page.get_by_role("radio", name="Insulated").click()
    settle(page)
    page.get_by_role("button", name="Back to the image").click()
    eventually(page, lambda: step_of(page) == 0)
    play_until(page, 30)
    assert frame_share(page) > 0.85


def window(page) -> None:
    slide = page.locator(".slide")
    before = slide.get_by_label("Window position").input_value()
    slide.get_by_role("button", name="Play").click()
    eventually(page, lambda: slide.get_by_label("Window position").input_value() != before)
    slide.get_by_role("button", name="Pause").click()
    settle(page)
    page.get_by_role("combobox", name="Filters").click()
    page.get_by_role("option", name="cable", exact=True).click()
    page.keyboard.press("Escape")
    tile = page.get_by_role("option", name=re.compile("cable$"))
    tile.wait_for()
    settle(page)
    tile.click()
    said(page, "map 4, cable")


def two(page) -> None:
    said(page, "which is rounding")
    said(page, "so no single kernel does the same")


def vanishing(page) -> None:
    lines = chart(page, "vanishing")
    sigmoid, relu, best = lines["Sigmoid"]["y"], lines["ReLU"]["y"], lines["0.25ⁿ"]["y"]
    assert best[-1] == pytest.approx(0.25**20, rel=1e-6)
    assert 1e-21 < sigmoid[-1] < 1e-19 and relu[-1] == 1


def number(page) -> None:
    expect(page.locator(".maps .tile")).to_have_count(6)
    page.locator(".maps .tile").nth(1).click()
    page.wait_for_url(re.compile("map=1"))
    settle(page)
    canvas = page.locator(".stage canvas").last
    canvas.click(position=within(canvas, 0.4, 0.4))
    page.wait_for_url(re.compile(r"[?&][xy]=\d+"))  # the one that is as it was is not in the address
    settle(page)
    rows = page.locator("table.sum tr").all_inner_texts()
    *parts, total = [float(row.split("\t")[-1].strip().replace("−", "-")) for row in rows]
    assert parts and abs(sum(parts) - total) < 0.02 * max(1, abs(total))


def attention(page) -> None:
    said(page, re.compile("95[.]0%"))
    answers = page.get_by_text(re.compile("^3: ")).first.inner_text()
    assert answers.split("\n")[1].startswith("8: ")
    page.get_by_role("combobox", name="Class").click()
    page.get_by_role("option", name="8", exact=True).click()
    said(page, re.compile("for 8"))


def minds(page) -> None:
    said(page, re.compile("3 → 8 at"))


def training(page) -> None:
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**run=*")
    run = parse_qs(urlparse(page.url).query)["run"][0]
    expect(page.locator(".bar.finished")).to_have_count(1, timeout=TRAINED)
    main = page.get_by_test_id("stMain")
    accuracy = main.get_by_test_id("stMetric").filter(has_text="accuracy").first.inner_text()
    assert float(re.search(r"(\d+[.]\d+) ?%", accuracy)[1]) > 95
    main.get_by_role("link", name="Classify").first.click()
    page.get_by_role("heading", level=1, name="Classify").wait_for()
    page.wait_for_url(re.compile(run))
    page.locator(".st-key-lesson").get_by_role("link", name="To this step").click()
    page.get_by_role("heading", level=1, name="Train").wait_for()


def added(page) -> None:
    said(page, "703,386 parameters")
    said(page, "703,419 parameters")
    assert page.get_by_text("ship ✓").count() == 2


def learned(page) -> None:
    said(page, "As a whole it sharpens ×2.3")
    said(page, "Before training it sharpens ×2.9")


def disagreeing(page) -> None:
    four = page.get_by_role("tabpanel").last.get_by_test_id("stMetricValue").all_inner_texts()
    both, first, second, neither = (int(one.replace(",", "")) for one in four)
    assert (first, second) == (357, 331) and both + first + second + neither == 10_000
    said(page, "z = 0.99")


def twice(page) -> None:
    said(page, re.compile(r"90[.]82 ± 0[.]26"))


def interval(page) -> None:
    said(page, re.compile("no difference is shown"))
    page.locator(".st-key-differences-main-clean .js-plotly-plot").wait_for()


def controls(page) -> None:
    page.get_by_test_id("stExpander").get_by_text("What was tried, and how").click()
    said(page, "front-depthwise")


def noise(page) -> None:
    lines = chart(page, "disturbed")
    ends = {name: line["y"][-1] for name, line in lines.items() if len(line["y"]) == 6}
    (alone,) = (end for name, end in ends.items() if "original" in name)
    (with_layer,) = (end for name, end in ends.items() if "sd-1" in name)
    assert 24 < alone < 27 and 17 < with_layer < 21


def farther(page, presses: int) -> None:
    for _ in range(presses):  # of a quarter grey level each
        page.get_by_role("slider", name=re.compile("^ε")).press("ArrowRight")
    settle(page)


def little(page) -> None:
    farther(page, 4)
    said(page, re.compile("airplane 6[0-9][.]"))


def carried(page) -> None:
    said(page, re.compile("ship 7[0-9][.]"))
    farther(page, 8)
    said(page, re.compile("airplane 5[0-9][.]"))


def ten(page) -> None:
    said(page, re.compile("→ ship 6[0-9][.]"))
    page.get_by_role("radio", name="Ten steps").click()
    said(page, re.compile("airplane 5[0-9][.]"))


def cat(page) -> None:
    said(page, re.compile("airplane 8[0-9][.]"))
    page.get_by_role("radio", name="Ten steps").click()
    said(page, re.compile("→ cat (8|9)[0-9][.]"))


def undone(page) -> None:
    said(page, "one step of diffusion undoes it")
    alone = chart(page, "attacked")["original, width 16"]["y"]
    page.get_by_role("radio", name=re.compile("^Then diffused")).click()
    eventually(page, lambda: chart(page, "attacked")["original, width 16"]["y"] != alone)
    diffused = chart(page, "attacked")["original, width 16"]["y"]
    assert (alone[0], diffused[0]) == (90, 55) and alone[3] == diffused[3] == 54.5


def held(page) -> None:
    at = {name: line["y"][3] for name, line in chart(page, "attacked").items() if line["name"] and len(line["y"]) == 7}
    alone, cable, blur = (
        next(share for name, share in at.items() if name.startswith(words))
        for words in ("nothing", "the cable layer", "a fixed blur")
    )
    assert abs(alone - cable) < 3 and blur - alone > 8


DO = {
    "dendrite-to-network": (
        *(dendrite, pixel, melting, explosion, border, window),
        *(two, vanishing, number, attention, minds, training),
    ),
    "does-it-help": (added, learned, disagreeing, twice, interval, controls, noise),
    "fool-the-network": (little, carried, ten, cat, undone, held),
}


def answered(page, lesson, n: int, place: int) -> None:
    """Predict; before that nothing tells the answer, afterwards it stands beside the prediction."""
    step = lesson.steps[n - 1]
    page.wait_for_url(re.compile(rf"[?&]at={n}\b"))
    page.get_by_text(lesson.called(n)).wait_for()
    settle(page)
    expect(page.get_by_text("See.", exact=True)).to_have_count(0)
    covered = [PLACES[name][0] for name in step.cover]
    for one in covered:
        expect(page.locator(one).first).to_have_css("visibility", "hidden")
    for name in step.hide:
        assert not page.locator(AWAY[name][0]).first.is_visible()
    strip = page.locator(".st-key-lesson")
    if step.scale:
        strip.get_by_label("Your prediction").fill(str(step.scale.real(step.scale.low + place)))
        strip.get_by_role("button", name="Predict").click()
    else:
        strip.get_by_role("button", name=step.answers[place], exact=True).click()
    said(page, "See.")
    settle(page)
    for one in covered:
        expect(page.locator(one).first).to_have_css("visibility", "visible")
    expect(page.get_by_text("✓" if step.hits(place) else "✗").first).to_be_visible()


@pytest.mark.parametrize("key", LESSONS)
def test_every_step_is_as_its_lesson_says(open_page, store, key):
    lesson = LESSONS[key]
    checks = [n for n, step in enumerate(lesson.steps, 1) if step.check]
    page = open_page(f"?lesson={key}&at=1")
    assert len(DO[key]) + len(checks) == len(lesson.steps) and len(checks) == 2
    for n, do in enumerate(DO[key], 1):
        answered(page, lesson, n, lesson.steps[n - 1].right)
        do(page)
        page.locator(".st-key-lesson-next a").click()
    for n in checks:
        answered(page, lesson, n, 0)
        if n < len(lesson.steps):
            page.locator(".st-key-lesson-next a").click()
    right = len(DO[key]) + sum(lesson.steps[n - 1].right == 0 for n in checks)
    with page.expect_download() as coming:
        page.locator(".st-key-lesson").get_by_role("button", name="My answers").click()
    told = coming.value.path().read_text(encoding="utf-8")
    assert told.count("I said:") == len(lesson.steps) and f"{right} of {len(lesson.steps)} right" in told
    page.locator(".st-key-lesson-back a").click()
    page.get_by_text(lesson.called(checks[0])).wait_for()
    said(page, "See.")  # what was answered stays answered


@pytest.mark.parametrize("width", [1280, 390])
def test_a_number_beyond_the_scale_is_no_prediction(open_page, width):
    page = open_page("Diffusion?lesson=dendrite-to-network&at=1&tab=The+neuron", app="app.py", width=width)
    strip = page.locator(".st-key-lesson")
    edge = strip.bounding_box()
    for one in (strip.get_by_label("Your prediction"), strip.get_by_role("button", name="Predict")):
        box = one.bounding_box()
        assert edge and box and box["x"] + box["width"] < edge["x"] + edge["width"], "cut by the strip's edge"
    strip.get_by_role("button", name="Predict").click()
    said(page, "That is no guess here: write a number from 0 to 100 %.")
    field = strip.get_by_label("Your prediction")
    field.fill("500")
    field.press("Enter")
    said(page, "Please enter a value between 0 and 100")
    settle(page)
    expect(page.get_by_text("See.", exact=True)).to_have_count(0)
    field.fill("40")
    field.press("Enter")
    expect(page.locator(".lesson-after")).to_contain_text("You said. 40 % ✓")
    expect(page.locator(".lesson-after")).to_contain_text("It is. 37 %")


def test_a_step_begins_as_it_is_written_whatever_was_left_there(open_page):
    page = open_page("Diffusion?lesson=dendrite-to-network&at=4", app="app.py")
    alpha = page.get_by_role("spinbutton", name="α: diffusion", exact=True)
    expect(alpha).to_have_value("2.6")
    play_until(page, 5)
    page.locator(".st-key-lesson-back a").click()
    page.wait_for_url("**at=3**")
    expect(alpha).to_have_value("10")
    eventually(page, lambda: step_of(page) == 0)
    expect(page.get_by_role("tab", selected=True).first).to_have_text("Proof")
    alpha.fill("3")
    alpha.press("Enter")
    page.wait_for_url("**alpha=3*")
    settle(page)
    page.locator(".st-key-lesson").get_by_role("button", name="Lesson").click()
    page.get_by_role("link", name="Begin this step again").click()
    expect(alpha).to_have_value("10")


def test_keys_turn_the_steps_and_presenter_mode_goes_along(open_page):
    page = open_page("?lesson=dendrite-to-network&at=5&present=1", app="app.py")
    page.get_by_text("Step 5 of 12").wait_for()
    settle(page)
    page.keyboard.press("PageDown")
    page.get_by_text("Step 6 of 12").wait_for()
    page.wait_for_url("**present=1**")
    settle(page)
    page.keyboard.press("PageUp")
    page.get_by_text("Step 5 of 12").wait_for()
    page.wait_for_url("**present=1**")


@pytest.mark.parametrize(("width", "height", "present"), [(1920, 1080, "&present=1"), (1280, 800, "")])
def test_picture_play_and_verdict_are_in_sight_together(open_page, width, height, present):
    path = f"Diffusion?lesson=dendrite-to-network&at=4{present}"
    page = open_page(path, width=width, height=height, app="app.py")
    page.locator(".st-key-lesson").get_by_role("button", name="explode", exact=True).click()
    said(page, "See.")
    settle(page)
    play = page.locator(".player").get_by_role("button", name="Play")
    for one in (page.locator(".meter").first, page.locator(NOW), play):
        eventually(
            page, lambda one=one: (box := one.bounding_box()) and 0 < box["y"] < box["y"] + box["height"] <= height
        )


def test_a_phones_sidebar_closes_once_something_was_chosen(open_page):
    page = open_page("Diffusion", width=390, height=844, app="app.py")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("button", name="ship, image 51").click()
    page.wait_for_url("**image=cifar10-51**")
    page.get_by_test_id("stExpandSidebarButton").wait_for()


def test_what_was_predicted_is_there_after_a_reload(open_page):
    page = open_page("Train?lesson=dendrite-to-network&at=14", app="app.py")
    page.get_by_role("button", name="nothing: the equation is fixed").click()
    expect(page.locator(".lesson-after")).to_contain_text("You said.")
    eventually(page, lambda: page.evaluate("Object.values(sessionStorage).some((one) => one.includes('14'))"))
    settle(page)
    page.reload()
    expect(page.locator(".lesson-after")).to_contain_text("nothing: the equation is fixed")
    assert "said" not in page.url  # a copied address tells nobody
    page.evaluate("sessionStorage.clear()")
