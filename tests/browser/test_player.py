"""The live player in a real browser: its numbers against explorer.diffusion.cable, and everything one can do to it."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from explorer.diffusion.cable import BOUNDARIES, Cable
from explorer.render import number
from tests.browser.chromium import PATIENCE, eventually, settle, steady, within
from tests.browser.flashes import AREA, flashing
from tests.browser.pictures import blobs

APP = "tests/browser/apps/harness.py"


def canvas(page):
    return page.locator(".player canvas.now")


def look(page, expression):
    """A JavaScript expression of `player`, what the canvas shows of the component's inside."""
    return canvas(page).evaluate(f"({{ player }}) => {expression}")


def until(page, condition):
    canvas(page).evaluate(
        f"""async ({{ player }}) => {{
            const begin = performance.now();
            while (!({condition})) {{
                if (performance.now() - begin > {PATIENCE}) throw new Error("waited too long for " + {condition!r});
                await new Promise((next) => setTimeout(next, 20));
            }}
        }}"""
    )


def scrub(page, step):
    page.locator(".transport input").evaluate(
        "(line, step) => { line.max = Math.max(line.max, step); line.value = step;"
        " line.dispatchEvent(new Event('input')); }",
        step,
    )
    until(page, f"player.film.n === {step} && player.target === null")


def field(page):
    grid = "player.film.grid"
    shape = look(page, f"[{grid}.channels, {grid}.height, {grid}.width]")
    return np.array(look(page, "[...player.read()]"), dtype=np.float32).reshape(shape)


def run(u, cable, n):
    return cable.run(torch.as_tensor(u), n).numpy()


@pytest.mark.parametrize("edges", BOUNDARIES)
def test_the_browser_computes_what_python_computes(open_page, edges):
    page = open_page(f"player?alpha=1.5&tau=0.01&h_y=1.7&edges={edges}&size=64", app=APP)
    first = blobs(3, 64)
    assert np.array_equal(field(page), first)
    scrub(page, 137)
    cable = Cable(1.5, 0.01, 1.0, 1.7, edges)
    assert np.abs(field(page) - run(first, cable, 137)).max() < 1e-4
    # by another α the steps are taken anew
    page.get_by_label("alpha").fill("8")
    page.get_by_label("alpha").press("Enter")
    until(page, "player.film.params.r_x > 0.07")
    settle(page)
    until(page, "player.film.n === 137 && player.target === null")
    other = Cable(8, 0.01, 1.0, 1.7, edges)
    assert np.abs(field(page) - run(first, other, 137)).max() < 1e-4
    scrub(page, 200)
    assert np.abs(field(page) - run(first, other, 200)).max() < 1e-4
    law = page.locator(".law").inner_text()
    assert ("zero edges drain" in law) if edges == "zero" else law.startswith("= (1−τ)200 × 0.49")
    # and the time line leads back, and as far as one likes
    scrub(page, 60)
    assert np.abs(field(page) - run(first, other, 60)).max() < 1e-4
    scrub(page, 700)
    far = other.jump(torch.tensor(first).double(), 700).numpy()
    assert np.abs(field(page) - far).max() < 1e-4 * np.abs(far).max()


def test_keyboard_buttons_and_reduced_motion(open_page):
    page = open_page("player", app=APP, reduced_motion="reduce")
    page.wait_for_timeout(300)
    assert look(page, "player.film.n") == 0 and not look(page, "player.playing")
    page.locator(".stage").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        until(page, "player.target === null")
    page.keyboard.press("ArrowUp")
    until(page, "player.film.n === 13")
    page.keyboard.press("ArrowLeft")
    until(page, "player.film.n === 12")
    assert np.abs(field(page) - run(blobs(3, 64), Cable(2, 0.06), 12)).max() < 1e-4
    page.keyboard.press("Space")
    until(page, "player.film.n > 16")
    page.keyboard.press("Space")
    until(page, "!player.playing && player.target === null")
    stopped = look(page, "player.film.n")
    page.wait_for_timeout(300)
    assert look(page, "player.film.n") == stopped
    page.get_by_role("button", name="One step back").click()
    until(page, f"player.film.n === {stopped - 1}")
    page.keyboard.press("r")
    until(page, "player.film.n === 0")
    assert np.array_equal(field(page), blobs(3, 64))
    expect(page.get_by_text("0 / 200")).to_be_visible()


def test_a_divergent_run_stops_with_a_sentence_and_can_be_saved(open_page):
    page = open_page("player?alpha=40&tau=0.5&channels=1&kind=magnitude", app=APP)
    page.get_by_label("Steps a frame").select_option("50")
    page.get_by_role("button", name="Play").click()
    page.get_by_text("a value passed 10⁶").wait_for()
    values = field(page)
    assert np.isfinite(values).all() and 1e6 < np.abs(values).max() < 1e8
    assert not look(page, "player.playing")
    text = page.locator(".player").inner_text()
    assert "NaN" not in text and "above the scale" in text and "below the scale" in text
    step = look(page, "player.film.n")
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(200)
    assert look(page, "player.film.n") == step
    # by a stable scheme the same step is reached, and it goes on from there
    page.get_by_label("alpha").fill("0.1")
    page.get_by_label("alpha").press("Enter")
    until(page, "player.film.params.stable")
    page.get_by_role("button", name="Play").click()
    until(page, f"player.film.n > {step + 20}")
    page.get_by_role("button", name="Back to the image").click()
    until(page, "player.film.n === 0")
    assert np.array_equal(field(page), blobs(1, 64))


def test_an_overflow_keeps_the_last_finite_field(open_page):
    page = open_page("player?alpha=1e30&tau=1", app=APP)
    page.locator(".stage").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("a value passed 10⁶").wait_for()
    page.get_by_label("alpha").fill("9e29")  # another divergent scheme may try, and must not reach infinity
    page.get_by_label("alpha").press("Enter")
    until(page, "player.film.params.r_x < 9.5e29")
    page.locator(".stage").focus()
    page.keyboard.press("ArrowRight")
    until(page, "player.film.halted")
    assert look(page, "player.film.n") == 1
    assert np.isfinite(field(page)).all()
    assert "NaN" not in page.locator(".player").inner_text()


def test_brush_paints_and_history_replays_it(open_page):
    page = open_page("player?channels=1&tau=0.01&alpha=5", app=APP)
    scrub(page, 10)
    page.get_by_role("button", name="Brush").click()
    page.get_by_role("button", name="Cold").click()
    page.get_by_label("Value", exact=True).fill("2.5")
    page.get_by_label("Brush radius").fill("3")
    canvas(page).hover(position=within(canvas(page), 20.5 / 64, 30.5 / 48))
    page.mouse.down()
    page.mouse.up()
    cable = Cable(5, 0.01)
    painted = run(blobs(1, 64), cable, 10)
    y, x = np.mgrid[0:48, 0:64]
    painted[:, (y - 30) ** 2 + (x - 20) ** 2 <= 9] = -2.5
    until(page, "player.film.events.length === 1")
    assert np.abs(field(page) - painted).max() < 1e-4
    scrub(page, 40)
    later = run(painted, cable, 30)
    assert np.abs(field(page) - later).max() < 1e-4
    assert "(step 10)" in page.locator(".law").inner_text()
    scrub(page, 9)
    assert np.abs(field(page) - run(blobs(1, 64), cable, 9)).max() < 1e-4
    scrub(page, 40)
    assert np.abs(field(page) - later).max() < 1e-4


def test_history_is_bounded(open_page):
    page = open_page("player?channels=1&tau=0.001&alpha=5", app=APP)
    look(page, "{ for (let i = 0; i < 3000; i++) { player.film.advance(); player.film.keep(); } }")
    keys = look(page, "player.film.keys.map((key) => key.step)")
    assert len(keys) == 64 and keys[0] == 0 and keys[-1] == 3000
    assert max(np.diff(keys)) < 250
    scrub(page, 1234)
    assert np.abs(field(page) - Cable(5, 0.001).run(torch.tensor(blobs(1, 64)), 1234).numpy()).max() < 1e-4


def test_probe_reports_and_draws_its_series(open_page):
    page = open_page("player?channels=1", app=APP)
    canvas(page).click(position=within(canvas(page), 40.5 / 64, 7.5 / 48))
    page.get_by_text("probe 7,40").wait_for()
    settle(page)
    scrub(page, 25)
    series = look(page, "player.film.series")
    assert series["steps"] == list(range(26))
    u = torch.tensor(blobs(1, 64))
    expected = [float(Cable(2, 0.06).run(u, n)[0, 7, 40]) for n in range(26)]
    assert np.allclose(series["values"], expected, atol=1e-5)
    expect(page.locator(".chart")).to_be_visible()
    page.locator(".stage").focus()
    page.keyboard.press("Shift+ArrowDown")
    page.get_by_text("probe 8,40").wait_for()


def test_only_another_image_starts_afresh(open_page):
    page = open_page("player?channels=3&size=64", app=APP)
    scrub(page, 30)
    page.get_by_role("button", name="Play").click()
    page.get_by_label("tau").fill("0.02")
    page.get_by_label("tau").press("Enter")
    until(page, "player.film.params.tau === 0.02")
    changed = look(page, "player.film.n")
    assert look(page, "player.playing")
    until(page, f"player.film.n > Math.max(30, {changed}) + 2")
    page.get_by_label("alpha").fill("60")  # by which it breaks before this step: one sees it from the image on
    page.get_by_label("alpha").press("Enter")
    page.get_by_text("By these numbers it breaks before step").wait_for()
    page.get_by_text("a value passed 10⁶").wait_for()
    assert look(page, "player.film.n") < 30 and not look(page, "player.playing")
    page.get_by_label("channels").click()
    page.get_by_role("option", name="1").click()
    until(page, "player.film.grid.channels === 1")
    assert look(page, "player.film.n") == 0


def test_nothing_runs_on_when_the_player_has_gone(open_page):
    page = open_page("player?channels=1", app=APP)
    page.get_by_role("button", name="Play").click()
    until(page, "player.film.n > 2")
    gone = canvas(page).element_handle()
    page.get_by_text("shown", exact=True).click()
    canvas(page).wait_for(state="detached")
    eventually(page, lambda: gone.evaluate("({ player }) => player.panel.root.parentNode === null"))
    steps = gone.evaluate("({ player }) => player.film.n")
    page.wait_for_timeout(400)
    assert gone.evaluate("({ player }) => player.film.n") == steps
    page.get_by_text("shown", exact=True).click()
    until(page, "player.film.n === 0")


def shown(page):
    rgba = canvas(page).evaluate("c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]")
    return np.reshape(rgba, (48, 64, 4))[..., :3]


def test_colours_scale_and_split(open_page):
    page = open_page("player?tau=0.05", app=APP)
    scrub(page, 8)
    u = field(page)
    levels = np.moveaxis(u, 0, -1) * 255
    eventually(page, lambda: np.abs(shown(page) - levels).max() <= 0.51)
    page.get_by_role("button", name="Auto").click()
    stretched = (np.moveaxis(u, 0, -1) - u.min()) / (u.max() - u.min()) * 255
    eventually(page, lambda: np.abs(shown(page) - stretched).max() <= 0.51)
    scale = [f"{u.min():.3g}", "to", f"{u.max():.3g}"]
    eventually(page, lambda: page.locator(".legend").inner_text().split() == scale)
    page.get_by_role("button", name="Split").click()
    page.locator(".divider").focus()
    page.keyboard.press("ArrowUp")
    first = blobs(3, 64)
    before = (np.moveaxis(first, 0, -1) - first.min()) / (first.max() - first.min()) * 255
    cut = round(0.6 * 64)
    both = np.concatenate([before[:, :cut], stretched[:, cut:]], axis=1)
    eventually(page, lambda: np.abs(shown(page) - both).max() <= 0.51)


def test_a_finger_on_a_phone(open_page):
    page = open_page("player", app=APP, width=390, theme="dark")
    page.locator(".divider").wait_for()
    page.get_by_role("button", name="Play").tap()
    until(page, "player.film.n > 3")
    pause = page.get_by_role("button", name="Pause")
    blue = pause.evaluate("button => getComputedStyle(button).getPropertyValue('--blue').trim()")
    assert blue.upper() == "#56B4E9"  # the blue that is readable on the dark theme
    pause.tap()
    page.get_by_role("button", name="Brush").tap()
    canvas(page).tap(position={"x": 50, "y": 50})
    until(page, "player.film.events.length === 1")
    assert steady(page.locator(".player"))["width"] <= 390


def test_values_outside_the_scale_are_counted_one_by_one(open_page):
    """In one pixel red may be above the scale and blue below: a checkerboard that explodes is half and half."""
    page = open_page("player?alpha=2.6&tau=0.1&size=64", app=APP)
    look(page, "player.seek(400)")
    until(page, "player.film.halted && player.target === null")
    there = field(page)
    above, below = (there > 1.02).mean(), (there < -0.02).mean()
    assert abs(above - 0.5) < 0.05 and abs(below - 0.5) < 0.05
    words = [f"{number(100 * share, 2)} % {side} the scale" for share, side in ((above, "above"), (below, "below"))]
    eventually(page, lambda: page.locator("figure:has(canvas.now) .outside span").all_inner_texts() == words)
    colours = canvas(page).evaluate(
        """(canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, 64, 64), counts = {};
            for (let i = 0; i < data.length; i += 4) {
                const colour = data.slice(i, i + 3).join();
                counts[colour] = (counts[colour] ?? 0) + 1 / 4096;
            }
            return counts;
        }"""
    )
    assert min(colours["213,94,0"], colours["0,114,178"]) > 0.3


def test_a_scheme_that_rings_opens_on_the_auto_scale(open_page):
    page = open_page("player?alpha=2.33&tau=0.1&size=64", app=APP)
    assert look(page, "player.panel.scale.value") == "auto"
    page.get_by_role("button", name="Fixed 0–1").click()
    page.get_by_label("alpha").fill("2.3")
    page.get_by_label("alpha").press("Enter")
    until(page, "player.film.params.r_x < 0.231")
    assert look(page, "player.panel.scale.value") == "fixed"  # someone's choice


PLAYED = """({ player }, frames) => {
  const linear = (level) => (level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4);
  const { context, canvas } = player.pictures.now, seen = [];
  player.play();
  for (let i = 0; i < frames && player.playing; i++) { // a screen of 60 frames a second, however fast this machine is
    player.frames.show(60_000 + (1000 * i) / 60);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height), light = [];
    for (let at = 0; at < data.length; at += 4) {
      light.push(0.2126 * linear(data[at] / 255) + 0.7152 * linear(data[at + 1] / 255) +
        0.0722 * linear(data[at + 2] / 255));
    }
    seen.push(light);
  }
  const told = player.panel.hint.textContent;
  player.pause();
  return [seen, told];
}"""


@pytest.mark.parametrize("pace", ["1/4", "1"])
def test_a_picture_that_turns_over_does_not_flash(open_page, pace):
    page = open_page("player?alpha=2.6&tau=0.1&size=32", app=APP)
    page.locator(".player .speed select").select_option(pace)
    seen, told = canvas(page).evaluate(PLAYED, 120)
    frames = np.array(seen)
    assert len(frames) > 10 and (frames[1:] != frames[:-1]).any()
    assert flashing(frames, np.arange(len(frames)) / 60) < AREA
    assert "every second one is shown" in told


def test_the_count_sees_the_flashes_that_are_kept_away(open_page):
    page = open_page("player?alpha=2.6&tau=0.1&size=32", app=APP)
    page.locator(".player .speed select").select_option("1/4")
    look(page, "void (player.frames.calm.shows = () => true)")
    frames = np.array(canvas(page).evaluate(PLAYED, 120)[0])
    assert flashing(frames, np.arange(len(frames)) / 60) > AREA
