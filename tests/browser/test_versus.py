"""Two pictures side by side from one image, in which one thing differs: one clock, one brush, one sentence."""

import re

import numpy as np
import torch
from playwright.sync_api import expect

from explorer.diffusion import waves
from explorer.diffusion.cable import Cable
from tests.browser.chromium import eventually, within
from tests.browser.test_player import look, scrub, until


def field(page, film):
    grid = f"player.{film}.grid"
    shape = look(page, f"[{grid}.channels, {grid}.height, {grid}.width]")
    return torch.tensor(look(page, f"[...{grid}.read()]"), dtype=torch.float64).reshape(shape)


def apart(one, other) -> float:
    return (one - other).abs().max().item()


def test_one_image_one_clock_one_brush_and_other_edges(open_page):
    page = open_page("Diffusion?size=32&step=25&alpha=20&versus=against+zero+edges", app="app.py")
    page.get_by_text("Only the edges differ: insulated edges and zero edges, both smooth.").wait_for()
    titles = page.locator(".player .whose")
    eventually(page, lambda: titles.all_inner_texts() == ["insulated edges", "zero edges"])
    until(page, "player.film.n === 25 && player.rival.film.n === 25")
    first = torch.tensor(look(page, "[...player.film.first]"), dtype=torch.float64).reshape(3, 32, 32)
    here, there = Cable(20, 0.01), Cable(20, 0.01, boundary="zero")
    assert apart(field(page, "film"), here.run(first, 25)) < 1e-5
    assert apart(field(page, "rival.film"), there.run(first, 25)) < 1e-5
    # a stroke on the rival is on both
    page.get_by_role("button", name="Brush", exact=True).click()
    page.get_by_label("Brush radius").fill("2")
    canvas = page.locator(".player canvas.rival")
    canvas.click(position=within(canvas, 10.5 / 32, 20.5 / 32))
    until(page, "player.film.events.length === 1 && player.rival.film.events.length === 1")
    y, x = np.mgrid[0:32, 0:32]
    stroke = torch.from_numpy((y - 20) ** 2 + (x - 10) ** 2 <= 4)
    scrub(page, 60)
    for film, cable in (("film", here), ("rival.film", there)):
        painted = cable.run(first, 25).masked_fill(stroke, 1.0)
        assert apart(field(page, film), cable.run(painted, 35)) < 1e-5
    page.get_by_role("button", name="Play (space)").click()
    until(page, "player.film.n > 63")
    page.get_by_role("button", name="Pause (space)").click()
    until(page, "!player.playing && player.film.n === player.rival.film.n")


def test_implicit_steps_stay_smooth_where_explicit_ones_explode(open_page):
    page = open_page("Diffusion?size=32&step=40&alpha=60&versus=against+implicit+steps", app="app.py")
    page.get_by_text("Only the steps differ: explicit is divergent, implicit is smooth.").wait_for()
    cable = Cable(60, 0.01)
    first = torch.tensor(look(page, "[...player.film.first]"), dtype=torch.float64).reshape(3, 32, 32)
    gain = 1 / (2 - cable.amplification(*waves.wave_numbers((32, 32), cable.boundary)))  # 1/(1 + τ·rate)
    for n in (8, 3):  # explicit steps have not yet stopped there
        scrub(page, n)
        until(page, f"player.film.n === {n} && player.rival.film.n === {n}")
        there = next(waves.powers(first, gain, [n], cable.boundary))
        assert apart(field(page, "rival.film"), there) < 1e-5
        eventually(page, lambda n=n: f"= (1+τ)−{n}" in page.locator(".law").last.inner_text())


def test_another_alpha_is_in_the_link_and_what_explodes_stands_alone(open_page):
    page = open_page("Diffusion?size=32&image=pattern-rings&colour=false", app="app.py")
    assert page.locator(".player .differs").is_hidden()
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="against another α").click()
    page.get_by_role("spinbutton", name="The other α").fill("60")
    page.get_by_role("spinbutton", name="The other α").press("Enter")
    page.get_by_text("Only α differs: α = 10 is smooth, α = 60 is divergent.").wait_for()
    page.wait_for_url(re.compile("versus=.*other_alpha=60|other_alpha=60.*versus="))
    scrub(page, 150)
    stopped = look(page, "player.rival.film.n")
    assert stopped < 150 and look(page, "player.rival.film.halted")
    page.get_by_text("stopped: a value passed 10⁶").wait_for()
    page.get_by_role("button", name="Networks", exact=True).click()  # the other views are there meanwhile
    expect(page.locator(".player .differs")).to_be_hidden()
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="against the other colours").click()
    page.get_by_text("Only the colours differ").wait_for()
    wanted = "Black 0, white 1"
    eventually(page, lambda: page.locator(".player .whose").first.inner_text() == wanted)
    assert page.locator(".player .whose").last.inner_text() != wanted
    assert apart(field(page, "film"), field(page, "rival.film")) == 0
