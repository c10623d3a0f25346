"""Networks in the browser: what they say against `predict` from the same picture; what outlives reruns and pages."""

import json

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import expect
from torch import nn

from explorer import subjects
from explorer.classify.predict import predict
from explorer.data import images, samples
from explorer.diffusion.cable import Cable
from explorer.render import to_rgb
from tests.browser.chromium import eventually, settle
from tests.browser.test_player import APP, canvas, look, scrub

PAIR = ("cifar10-w16-original", "cifar10-w16-cabeq-rn-2")
HUB = "globalThis.cableExplorerHub"


def horse() -> Image.Image:
    return next(one for one in samples("cifar10") if one.index == 104).image


def answered(page, step: int) -> list[np.ndarray]:
    """What each network said about this step, once it has said it."""
    said = f"player.answers.strip.series.points.find((point) => point.step === {step})"
    eventually(page, lambda: look(page, f"Boolean({said})"))
    return [np.array(list(shares.values())) for shares in look(page, f"{said}.shares.map((one) => ({{ ...one }}))")]


def truth(name: str, field: np.ndarray) -> np.ndarray:
    """The server's answer about a field (C, H, W) from 0 to 1."""
    return predict(subjects.pretrained(name), Image.fromarray(to_rgb(field))).probabilities


@pytest.mark.parametrize("settings", ["", "&size=256", "&colour=false"])
def test_the_browser_says_what_the_server_says(open_page, settings):
    page = open_page(f"live?networks={','.join(PAIR)}{settings}", app=APP)
    field = images.field(horse(), 256 if "256" in settings else 128, "colour" not in settings)
    for name, shares in zip(PAIR, answered(page, 0), strict=True):
        assert np.abs(shares - truth(name, field)).max() < 1e-5
    scrub(page, 60)
    shown = np.array(look(page, "[...player.read()]"), np.float32).reshape(field.shape)  # the browser's own step 60
    for name, shares in zip(PAIR, answered(page, 60), strict=True):
        assert np.abs(shares - truth(name, shown)).max() < 1e-5


@pytest.mark.parametrize(
    "names", ["stl10-w16-original,stl10-w16-cabeq-rn-1", "mnist-cnn,mnist-lenet", "cifar10-alexnet"]
)
def test_other_sizes_and_kinds(open_page, names):
    page = open_page(f"live?networks={names}", app=APP)
    if "alexnet" in names:  # 18 MB
        page.get_by_role("button", name="Bring cifar10-alexnet to this browser: 18 MB").click()
    field = images.field(horse(), 128, True)
    for name, shares in zip(names.split(","), answered(page, 0), strict=True):
        assert np.abs(shares - truth(name, field)).max() < 1e-5


def test_networks_outlive_reruns_and_pages_and_travel_once(open_page):
    page = open_page("Diffusion", app="app.py")
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.reload()  # the socket from its beginning
    settle(page)
    answered(page, 0)
    assert 2.5e6 < sum(received) < 4e6
    page.evaluate(f"{HUB}.brain.mark = 'the first'")
    received.clear()
    page.get_by_role("tab", name="Proof").click()
    settle(page)
    page.get_by_role("link", name="Results").first.click()
    page.get_by_role("heading", name="Results", level=1).wait_for()
    settle(page)
    page.get_by_role("link", name="Diffusion").first.click()
    page.get_by_role("heading", name="Diffusion", level=1).wait_for()
    settle(page)
    answered(page, 0)
    assert page.evaluate(f"{HUB}.brain.mark") == "the first"
    assert sum(received) < 1e6


def test_a_lost_worker_is_replaced(open_page):
    page = open_page("live", app=APP)
    before = answered(page, 0)
    page.evaluate(f"{HUB}.brain.lose()")
    eventually(page, lambda: page.evaluate(f"{HUB}.ready.size === 2"))
    scrub(page, 1)
    scrub(page, 0)
    answered(page, 1)
    for old, new in zip(before, answered(page, 0), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_worker_lost_three_times_is_given_up_with_a_sentence(open_page):
    page = open_page("live", app=APP)
    answered(page, 0)
    for _ in range(2):
        page.evaluate(f"{HUB}.brain.lose()")
        eventually(page, lambda: page.evaluate(f"{HUB}.ready.size === 2"))
    page.evaluate(f"{HUB}.brain.lose()")
    said = "The worker that runs the networks was lost three times: reload the page."
    expect(page.locator(".live-says")).to_have_text(said)
    scrub(page, 12)  # the rest goes on


def test_a_browser_without_workers_is_told_so(open_page):
    page = open_page("live", app=APP)
    page.context.add_init_script("if (location.hash === '#alone') delete globalThis.Worker")
    page.goto(f"{page.url}#alone")
    page.reload()
    said = "This browser has no web workers: the server answers instead."
    expect(page.locator(".live-says")).to_have_text(said)
    scrub(page, 12)


def test_the_past_that_a_stroke_changes_is_forgotten(open_page):
    page = open_page("live", app=APP)
    answered(page, 0)
    for step in (10, 20, 30):
        scrub(page, step)
        answered(page, step)
    scrub(page, 20)
    look(page, "player.dab(40, 40)")
    steps = "player.answers.strip.series.points.map((one) => one.step)"
    eventually(page, lambda: (seen := look(page, steps))[0] == 0 and seen[-1] == 20)
    shown = np.array(look(page, "[...player.read()]"), np.float32).reshape(3, 128, 128)
    there = Cable(10, 0.01).run(torch.from_numpy(images.field(horse(), 128, True)), 20).numpy()
    assert np.abs(shown - there).max() > 0.1  # it was painted
    eventually(page, lambda: np.abs(answered(page, 20)[0] - truth(PAIR[0], shown)).max() < 1e-5)


def test_plain_javascript_where_webassembly_is_not_allowed(open_page):
    page = open_page("live?networks=mnist-lenet", app=APP)
    field = images.field(horse(), 128, True)
    answered(page, 0)
    scrub(page, 1)
    page.evaluate(
        f"""() => {{
            const {{ brain, ready }} = {HUB};
            Object.assign(brain, {{ kernel: null, slow: "WebAssembly is not allowed here." }});
            brain.lose();
        }}"""
    )
    eventually(page, lambda: page.evaluate(f"{HUB}.ready.size === 1"))
    look(page, "player.answers.cut(0)")
    scrub(page, 0)
    assert np.abs(answered(page, 0)[0] - truth("mnist-lenet", field)).max() < 1e-5
    page.get_by_text("WebAssembly is not allowed here.").wait_for()


def test_nothing_runs_in_a_hidden_tab(open_page):
    page = open_page("live", app=APP)
    answered(page, 0)
    hide = (
        "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.evaluate(hide, True)
    asked = page.evaluate(f"{HUB}.brain.id")
    scrub(page, 7)
    page.wait_for_timeout(300)
    assert page.evaluate(f"{HUB}.brain.id") == asked
    page.evaluate(hide, False)
    answered(page, 7)  # the latest picture is looked at when one comes back


def test_bars_numbers_and_strip_follow(open_page):
    page = open_page("live", app=APP)
    answered(page, 0)
    scrub(page, 40)
    shares = answered(page, 40)
    rows = page.locator(".answers .line")
    assert rows.count() == 10
    row = rows.filter(has_text="horse")
    said = " ".join(["horse", *(f"{100 * share[7]:.1f} %" for share in shares)])  # of whom, says the description
    expect(row).to_have_accessible_name(said)
    expect(row).to_have_accessible_description(", ".join(PAIR))
    widths = row.locator(".gauge").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().width / one.parentNode.getBoundingClientRect().width)"
    )
    np.testing.assert_allclose(widths, [shares[0][7], shares[1][7]], atol=2e-3)
    rows.filter(has_text="dog").click()
    page.get_by_text("probability of dog, steps 0 to 40").wait_for()
    page.locator(".answers .strip canvas").click(position={"x": 1, "y": 5})
    eventually(page, lambda: look(page, "player.film.n === 0"))


def test_what_cannot_come_is_said(open_page):
    page = open_page("live?networks=untrained-alexnet-227,mnist-lenet", app=APP)
    page.get_by_text("does not answer live: It has 119 MB of numbers").wait_for()
    assert len(answered(page, 0)) == 1


def test_the_worker_answers_for_any_layer(open_page):
    page = open_page("live", app=APP)
    answered(page, 0)
    subject = subjects.pretrained(PAIR[1])
    batch = subject.sees(Image.fromarray(to_rgb(images.field(horse(), 128, True))))
    found = canvas(page).evaluate(
        """async ({ player }) => {
            const { brain, ready } = globalThis.cableExplorerHub, picture = player.snapshot();
            const part = { key: [...ready.keys()][1], fit: "crop", want: ["input", "stem.relu"] };
            const { answers: [{ outputs }] } = await brain.send({ ask: { picture, parts: [part] } });
            return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, [...values]]));
        }"""
    )
    np.testing.assert_allclose(found["input"], batch.ravel(), atol=1e-6)
    with torch.inference_mode():
        stem = nn.Sequential(*list(subject.model.children())[:2])(batch)  # cable, stem
    np.testing.assert_allclose(found["stem.relu"], stem.ravel(), atol=1e-5 * float(stem.max()))
    json.dumps(found)
