"""The Diffusion page in a real browser: deep link, player, probe, downloads, and the narrow screen."""

import json
import re
from pathlib import Path

import numpy as np
import torch
from playwright.sync_api import expect

from explorer.diffusion.cable import Cable
from explorer.diffusion.strokes import Stroke
from tests.browser.chromium import eventually, settle, steady, within


def said(page, text):
    page.get_by_text(text).first.wait_for()


def field(page, label):
    return page.get_by_role("spinbutton", name=label, exact=True)


def downloaded(page, button) -> bytes:
    settle(page)  # a run replaces the file behind the button
    with page.expect_download() as found:
        page.get_by_role("button", name=button).click()
    return Path(found.value.path()).read_bytes()


def test_a_deep_link_is_restored_and_the_largest_stable_alpha_goes_to_player_and_url(open_page):
    page = open_page("Diffusion?alpha=3&tau=0.1&size=64&edges=periodic&tab=Proof", height=800, app="app.py")
    said(page, "Divergent: it explodes")
    expect(field(page, "α: diffusion")).to_have_value("3")
    expect(page.get_by_role("tab", name="Proof")).to_have_attribute("aria-selected", "true")
    canvas = page.locator(".player canvas.now")
    box = steady(canvas)
    assert box["y"] + box["height"] < 800  # the picture needs no scrolling
    page.get_by_role("button", name="Largest stable α: 2.375").click()
    page.wait_for_url(re.compile("alpha=2.375"))
    said(page, "Ringing: bounded")
    params = eventually(page, lambda: (now := canvas.evaluate("({ player }) => player.film.params"))["stable"] and now)
    assert params["boundary"] == "periodic"
    assert abs(params["r_x"] - 0.2375) < 1e-12
    page.reload()
    said(page, "Ringing: bounded")
    settle(page)
    expect(field(page, "α: diffusion")).to_have_value("2.375")


def test_a_click_in_the_player_is_the_probe_of_the_tabs_and_of_the_files(open_page):
    page = open_page("Diffusion?size=32&colour=false&tab=One+pixel&step=20&image=pattern-rings", app="app.py")
    canvas = page.locator(".player canvas.now")
    canvas.click(position=within(canvas, 20.5 / 32, 7.5 / 32))
    said(page, "at row 7, column 20")
    page.wait_for_url(re.compile("row=7"))
    rows = downloaded(page, "Series as CSV").decode().splitlines()
    first = torch.tensor(np.array(canvas.evaluate("({ player }) => [...player.film.first ?? player.read()]")))
    steps = np.array([row.split(",") for row in rows[1:]], dtype=float)
    assert rows[0].startswith("step,u,") and steps[-1, 0] == 20
    u = first.double().reshape(1, 32, 32)
    assert abs(steps[-1, 1] - Cable(10, 0.01).run(u, 20)[0, 7, 20].item()) < 1e-5
    page.get_by_role("tab", name="Take away").click()
    said(page, "Probe at 7, 20 as CSV")
    state = json.loads(downloaded(page, "Parameters as JSON"))
    assert (state["row"], state["column"], state["step"], state["image"]) == (7, 20, 20, "pattern-rings")
    assert downloaded(page, "Picture as PNG").startswith(b"\x89PNG")


def test_on_a_phone_the_picture_comes_first(open_page):
    page = open_page("Diffusion?size=64", width=390, theme="dark", app="app.py")
    player, preset = page.locator(".player"), page.get_by_text("Preset", exact=True).first
    assert steady(player)["y"] < steady(preset)["y"]
    assert steady(player)["width"] <= 390


def test_the_player_and_the_page_speak_of_one_step(open_page):
    page = open_page("Diffusion?size=32&step=25&tab=Go+to+step+n", app="app.py")
    canvas = page.locator(".player canvas.now")

    def at(step):
        return canvas.evaluate("({ player }, step) => player.film.n === step && player.target === null", step)

    eventually(page, lambda: at(25))  # the deep link's step
    page.get_by_role("button", name="One step forward (right arrow)").click()
    page.wait_for_url(re.compile("step=26"))
    expect(field(page, "Step n")).to_have_value("26")
    said(page, "step 26")
    field(page, "Step n").fill("40")
    field(page, "Step n").press("Enter")
    eventually(page, lambda: at(40))
    page.get_by_role("button", name="Play (space)").click()
    page.wait_for_timeout(700)
    page.get_by_role("button", name="Pause (space)").click()
    stopped = eventually(page, lambda: (n := canvas.evaluate("({ player }) => player.film.n")) > 40 and n)
    page.wait_for_url(re.compile(f"step={stopped}"))
    field(page, "Step n").fill("1000000")
    field(page, "Step n").press("Enter")
    eventually(page, lambda: at(1_000_000))  # in one leap
    said(page, "1,000,000 / ")
    page.get_by_role("button", name="One step back (left arrow)").click()
    page.wait_for_url(re.compile("step=999999"))
    page.get_by_role("button", name="Back to the image (R)").click()
    expect(field(page, "Step n")).to_have_value("0")


def test_the_last_step_there_is_can_be_linked_to_and_played_on_from(open_page):
    page = open_page("Diffusion?size=48&colour=false&tau=1e-9&alpha=100&step=1000000000&tab=One+pixel", app="app.py")
    canvas = page.locator(".player canvas.now")
    state = "({ player }) => player.target === null && player.film.n >= 1e9 && [...player.read()]"
    there = torch.tensor(eventually(page, lambda: canvas.evaluate(state))).double()
    first = torch.tensor(canvas.evaluate("({ player }) => [...player.film.first]")).double().reshape(1, 48, 48)
    assert (there - Cable(100, 1e-9).jump(first, 10**9).ravel()).abs().max() < 1e-6 and there.max() > 0.1
    said(page, "From step 1,000,000,000 to step 1,000,000,001")
    page.get_by_role("button", name="One step forward (right arrow)").click()
    said(page, "Step 1,000,000,000 is the last one.")
    page.get_by_role("button", name="One step back (left arrow)").click()
    page.wait_for_url(re.compile("step=999999999"))
    page.get_by_role("button", name="Play (space)").click()
    said(page, "Step 1,000,000,000 is the last one.")
    assert canvas.evaluate("({ player }) => player.film.n === 1e9 && !player.playing")


def test_other_numbers_take_the_steps_anew_for_player_and_tabs_alike(open_page):
    page = open_page("Diffusion?size=32&colour=false&step=40&tab=One+pixel&row=5&column=6", app="app.py")
    canvas = page.locator(".player canvas.now")
    at = "({ player }) => player.film.n === 40 && player.target === null && player.film.params.r_x"
    eventually(page, lambda: canvas.evaluate(at))
    page.get_by_role("button", name="Brush", exact=True).click()
    canvas.click(position=within(canvas, 7.5 / 32, 5.5 / 32))
    page.wait_for_url(re.compile("strokes=40_"))
    canvas.press("ArrowUp")
    page.wait_for_url(re.compile("step=50"))
    field(page, "α: diffusion").fill("3")
    field(page, "α: diffusion").press("Enter")
    eventually(page, lambda: canvas.evaluate(at.replace("40", "50")) == 0.03)
    rows = downloaded(page, "Series as CSV").decode().splitlines()
    values = canvas.evaluate("({ player }) => [...player.read()]")
    assert abs(float(rows[-1].split(",")[1]) - values[5 * 32 + 6]) < 1e-5
    assert "step=50" in page.url and "strokes=40_" in page.url


def test_the_whole_page_knows_of_a_brush_stroke_and_so_does_its_link(open_page):
    page = open_page("Diffusion?size=32&colour=false&tab=One+pixel&step=10&row=5&column=6", app="app.py")
    canvas = page.locator(".player canvas.now")
    eventually(page, lambda: canvas.evaluate("({ player }) => player.film.n === 10 && player.target === null"))
    page.get_by_role("button", name="Brush", exact=True).click()
    page.get_by_label("Brush radius").fill("2")
    page.get_by_label("Value", exact=True).fill("0.75")
    canvas.click(position=within(canvas, 7.5 / 32, 5.5 / 32))
    page.wait_for_url(re.compile("strokes=10_5_7_2_0.75"))
    canvas.press("ArrowUp")
    page.wait_for_url(re.compile("step=20"))
    first = torch.tensor(canvas.evaluate("({ player }) => [...player.film.first]")).double().reshape(1, 32, 32)
    cable, stroke = Cable(10, 0.01), Stroke(10, 5, 7, 2, 0.75)
    there = cable.run(stroke.on(cable.run(first, 10)), 10)

    def shown():
        return torch.tensor(canvas.evaluate("({ player }) => [...player.read()]")).double().reshape(1, 32, 32)

    assert (shown() - there).abs().max() < 1e-5
    rows = downloaded(page, "Series as CSV").decode().splitlines()
    assert abs(float(rows[-1].split(",")[1]) - there[0, 5, 6]) < 1e-6
    page.get_by_role("tab", name="Proof").click()
    said(page, "The laws count from step 10, where the last brush stroke was painted.")
    page.get_by_role("tab", name="Take away").click()
    said(page, "strokes=10_5_7_2_0.75")
    assert json.loads(downloaded(page, "Parameters as JSON"))["strokes"] == "10_5_7_2_0.75"
    page.reload()
    eventually(page, lambda: canvas.evaluate("({ player }) => player.film.n === 20 && player.target === null"))
    assert (shown() - there).abs().max() < 1e-5
    page.get_by_role("button", name="Back to the image (R)").click()
    page.wait_for_url(lambda address: "strokes" not in address)
