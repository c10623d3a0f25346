"""Two width-16 networks beside the running diffusion, in Chromium and Firefox: frames, answers, readiness, memory.

    python -m benchmarks.live                # ten minutes of frames for the memory
    python -m benchmarks.live --minutes 1    # cannot be recorded

Bounds: 30 answers and 50 frames a second, ready 0.5 s after the page, no message to the server while it plays, and less
than 30 MB of growth. Beside each row stands how many processes wanted the machine's cores meanwhile: on a busy machine
the rates are those of what is left.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from benchmarks.common import FULL, above_zero, exit_code, measurement, report
from tests import system
from tests.browser.chromium import FLAGS, ROOT, serve, settle

ANSWERS, FRAMES, READY, GROWTH = 30, 50, 0.5, 30
MINUTES, SECONDS = 10.0, 5
HUB = "globalThis.cableExplorerHub"
# when the page's heading stood there, and when both networks could be asked
WATCH = """(() => {
    const seen = (globalThis.seen = {});
    const look = () => {
        if (document.querySelector("h1")) seen.page ??= performance.now();
        if (globalThis.cableExplorerHub?.ready.size === 2) seen.ready ??= performance.now();
        if (!seen.page || !seen.ready) setTimeout(look, 10);
    };
    look();
})()"""
PLAYING = f"""async ({{ player }}) => {{
    const draw = player.draw.bind(player), {{ answers }} = player;
    let frames = 0;
    player.draw = (time) => {{ frames++; draw(time); }};
    player.play();
    await new Promise((next) => setTimeout(next, 1500));
    const begin = performance.now(), first = [frames, answers.answered];
    await new Promise((next) => setTimeout(next, {1000 * SECONDS}));
    const seconds = (performance.now() - begin) / 1000;
    return {{ frames: (frames - first[0]) / seconds, answers: (answers.answered - first[1]) / seconds,
        milliseconds: answers.milliseconds }};
}}"""


def main() -> int:
    options = measurement("live", __doc__)
    options.add_argument("--minutes", type=above_zero, default=MINUTES, help=FULL)
    asked = options.parse_args()
    minutes = asked.minutes
    rows, facts = [], {}
    with (
        tempfile.TemporaryDirectory() as folder,
        serve("tests/browser/apps/harness.py", Path(folder)) as address,
    ):
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=system.chromium(), args=FLAGS)
            rows += [
                {"browser": "Chromium", **chromium(browser, f"{address}/live?size={size}", size)} for size in (128, 256)
            ]
            facts = memory(browser, f"{address}/live", minutes)
            browser.close()
        if system.firefox():
            rows += [{"browser": "Firefox", **firefox(f"{address}/live?size={size}", size)} for size in (128, 256)]
    kept = {**facts, "minutes of frames": minutes}
    whole = minutes >= MINUTES
    return report("live", rows, figure(rows, facts), good(rows, facts), record=asked.record, facts=kept, whole=whole)


def row(size: int, played: dict, ready: float) -> dict:
    return {
        "field": f"{size} x {size} x 3",
        "frames/s": round(played["frames"], 1),
        "answers/s": round(played["answers"], 1),
        "ms an answer": round(played["milliseconds"], 1),
        "ready, s after the page": round(ready, 2),
        "load": round(os.getloadavg()[0], 1),
    }


def chromium(browser, address: str, size: int) -> dict:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("globalThis.seen?.ready")
    settle(page)
    seen = page.evaluate("globalThis.seen")
    played = page.locator(".player .frame canvas").last.evaluate(PLAYING)
    page.close()
    return row(size, played, (seen["ready"] - seen["page"]) / 1000)


def memory(browser, address: str, minutes: float) -> dict:
    """Bytes that a session costs, messages while it plays, and how much the page's process grows."""
    page, received, sent = browser.new_page(viewport={"width": 1280, "height": 900}), [], []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(len(frame))))
    page.goto(address)
    page.wait_for_function(f"{HUB}?.ready.size === 2")
    settle(page)
    page.locator(".player .frame canvas").last.evaluate("({ player }) => player.play()")
    page.wait_for_timeout(30_000)  # what is made once is made
    opened, received[:], sent[:] = sum(received), [], []
    before = resident()
    page.wait_for_timeout(60_000 * minutes)
    grown = resident() - before
    page.close()
    messages = len(received) + len(sent)
    return {
        "MB received as the page opens": round(opened / 1e6, 2),
        "messages while it plays": messages,
        "MB of growth": round(grown / 1e6, 1),
    }


def resident() -> int:
    """Bytes that the largest of the browser's pages holds, its workers with it."""
    children = psutil.Process().children(recursive=True)
    return max(one.memory_info().rss for one in children if "--type=renderer" in one.cmdline())


def firefox(address: str, size: int) -> dict:
    command = ["node", "tests/browser/firefox.mjs", system.firefox(), address, "--measure", PLAYING, WATCH]
    told = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    return row(size, told["played"], (told["seen"]["ready"] - told["seen"]["page"]) / 1000)


def figure(rows: list[dict], facts: dict) -> str:
    first = rows[0]
    return (
        f"{first['answers/s']} answers/s and {first['frames/s']} frames/s at {first['field']} in {first['browser']} "
        f"(bounds: {ANSWERS}, {FRAMES}), {facts['MB of growth']} MB of growth (bound: {GROWTH})"
    )


def good(rows: list[dict], facts: dict) -> bool:
    quick = all(
        one["answers/s"] >= ANSWERS and one["frames/s"] >= FRAMES and one["ready, s after the page"] <= READY
        for one in rows
        if one["field"].startswith("128")
    )
    return quick and facts["messages while it plays"] == 0 and facts["MB of growth"] < GROWTH


if __name__ == "__main__":
    sys.exit(exit_code(main))
