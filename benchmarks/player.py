"""Frames a second of the live player in headless Chromium on this machine.

    python -m benchmarks.player

The bound: 50 frames a second at 256 x 256 x 3, at one step a frame and at five. Beside it an animation that does
nothing, which is the most that this browser can show, and the time of one step alone.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.common import exit_code, measurement, report
from tests import system
from tests.browser.chromium import FLAGS, serve, settle

SECONDS = 4
BOUND = 50
EMPTY = f"""async () => {{
    let frames = 0;
    const begin = performance.now(), until = begin + {1000 * SECONDS};
    await new Promise((done) => {{
        const tick = (now) => {{ frames++; now < until ? requestAnimationFrame(tick) : done(); }};
        requestAnimationFrame(tick);
    }});
    return (1000 * frames) / (performance.now() - begin);
}}"""
# frames are counted where the player draws them; a frame of the page in which it did not draw is not one
PLAYING = f"""async ({{ player }}) => {{
    const draw = player.draw.bind(player);
    let frames = 0;
    player.draw = (time) => {{ frames++; draw(time); }};
    player.play();
    await new Promise((next) => setTimeout(next, 1000));
    const begin = performance.now(), first = frames, step = player.film.n;
    await new Promise((next) => setTimeout(next, {1000 * SECONDS}));
    const seconds = (performance.now() - begin) / 1000;
    const result = {{ fps: (frames - first) / seconds, steps: (player.film.n - step) / seconds }};
    player.pause();
    const alone = performance.now();
    for (let i = 0; i < 100; i++) player.film.grid.step(player.film.params);
    return {{ ...result, milliseconds: (performance.now() - alone) / 100 }};
}}"""


def main() -> int:
    options = measurement("player", __doc__).parse_args()
    rows = []
    with (
        sync_playwright() as play,
        tempfile.TemporaryDirectory() as folder,
        serve("tests/browser/apps/harness.py", Path(folder)) as address,
    ):
        browser = play.chromium.launch(executable_path=system.chromium(), args=FLAGS)
        for size, channels, steps in [(256, 1, 1), (256, 3, 1), (256, 3, 5), (256, 3, 20), (512, 3, 1), (512, 3, 5)]:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{address}/player?size={size}&channels={channels}&square=true&tau=0.001&alpha=100")
            page.wait_for_selector("h1")
            settle(page)
            page.get_by_label("Steps a frame").select_option(str(steps))
            canvas = page.locator(".player canvas.now")
            empty, played = page.evaluate(EMPTY), canvas.evaluate(PLAYING)
            rows.append(
                {
                    "field": f"{size} x {size} x {channels}",
                    "steps a frame": steps,
                    "frames/s": round(played["fps"], 1),
                    "empty page, frames/s": round(empty, 1),
                    "steps/s": round(played["steps"]),
                    "ms a step": round(played["milliseconds"], 3),
                }
            )
            page.close()
        browser.close()
    return report("player", rows, figure(rows), promised(rows) >= BOUND, record=options.record)


def promised(rows: list[dict]) -> float:
    """Frames a second, the fewest of those that the bound is about."""
    return min(row["frames/s"] for row in rows if row["field"] == "256 x 256 x 3" and row["steps a frame"] <= 5)


def figure(rows: list[dict]) -> str:
    return f"{promised(rows)} frames/s at 256 x 256 x 3 (bound: {BOUND})"


if __name__ == "__main__":
    sys.exit(exit_code(main))
