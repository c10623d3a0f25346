"""Networks that answer while the picture moves, in Chromium and Firefox: rates, readiness, memory, messages, bytes.

    python -m benchmarks.live                # ten minutes of frames for the memory
    python -m benchmarks.live --minutes 1    # cannot be recorded

Two width-16 networks on the running diffusion at 128² and 256², the 64 maps of a layer of one of them as it diffuses,
and the camera (the browser's own false one). Bounds: 30 answers or maps and 50 frames a second, 15 frames a second of
the camera, ready 0.5 s after the page, no message to the server while it plays, less than 30 MB of growth. A browser
collects what is no longer held when it likes, so its process breathes by some MB; what Chromium's page holds after a
collection grows by less than 2 MB. Beside each row stands how many processes wanted the machine's cores: on a busy
machine the rates are those of what is left.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import sync_playwright

from benchmarks.common import FULL, above_zero, exit_code, measurement, report
from tests import system
from tests.browser.chromium import FLAGS, PATIENCE, ROOT, serve, settle

ANSWERS, FRAMES, CAMERA, READY, GROWTH, HELD = 30, 50, 15, 0.5, 30, 2
MINUTES, SECONDS, WARM = 10.0, 5, 60
EVERY = 10  # seconds between looks at the memory
LAYER = "stages.2.0.relu2"  # 64 maps
LIVE = f"Feature_maps?tab=Live&model=cifar10-w16-cabeq-rn-2&layer={LAYER}"
HUB = "globalThis.cableExplorerHub"
CANVAS = ":is(.player canvas.now, .camera .frame canvas)"
# when the page's heading stood there, and when all its networks could be asked
WATCH = """(() => {
    const seen = (globalThis.seen = {});
    const look = () => {
        if (document.querySelector("h1")) seen.page ??= performance.now();
        if (globalThis.cableExplorerHub?.ready.size >= NETWORKS) seen.ready ??= performance.now();
        if (!seen.page || !seen.ready) setTimeout(look, 10);
    };
    look();
})()"""
COUNTED = f"""async ({{ player, camera }}) => {{
    const moving = player ?? camera, method = player ? "draw" : "show", act = moving[method].bind(moving);
    const view = moving.maps.networks.length ? moving.maps : moving.answers;
    let frames = 0;
    moving[method] = (what) => {{ frames++; act(what); }};
    if (player) player.panel.speed.value = "1"; // every frame is another picture
    await (player ? player.play() : camera.start());
    await new Promise((next) => setTimeout(next, 1500));
    const begin = performance.now(), first = [frames, view.answered];
    await new Promise((next) => setTimeout(next, {1000 * SECONDS}));
    const seconds = (performance.now() - begin) / 1000;
    return {{ frames: (frames - first[0]) / seconds, answers: (view.answered - first[1]) / seconds,
        milliseconds: view.milliseconds }};
}}"""
PLAY = "({ player }) => player.play()"
HOLDS = "MB more that Chromium's page holds, once collected"
# (what moves and answers, its address, its networks, frames and answers a second that are promised)
SCENES = (
    ("diffusion 128², two networks", "harness", "live?size=128", 2, (FRAMES, ANSWERS)),
    ("diffusion 256², two networks", "harness", "live?size=256", 2, (0, 0)),
    ("diffusion, 64 maps", "app", LIVE, 1, (FRAMES, ANSWERS)),
    ("camera 640 x 480, 64 maps", "app", f"{LIVE}&moves=You+film", 1, (CAMERA, CAMERA)),
)
PAGES = {"Chromium": "--type=renderer", "Firefox": "-contentproc"}  # how their processes are called


def main() -> int:
    options = measurement("live", __doc__)
    options.add_argument("--minutes", type=above_zero, default=MINUTES, help=FULL)
    asked = options.parse_args()
    rows = []
    with servers() as at, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=system.chromium(), args=FLAGS)
        for name, app, path, networks, bounds in SCENES:
            rows.append(row("Chromium", name, bounds, **chromium(browser, f"{at[app]}/{path}", networks)))
        if system.firefox():
            for name, app, path, networks, bounds in SCENES:
                rows.append(row("Firefox", name, bounds, **firefox(f"{at[app]}/{path}", networks)))
        facts = session(browser, f"{at['harness']}/live", asked.minutes)
        browser.close()
    whole, kept = asked.minutes >= MINUTES, {**facts, "minutes of frames": asked.minutes}
    return report("live", rows, figure(rows, facts), good(rows, facts), record=asked.record, facts=kept, whole=whole)


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """The addresses of the app and of the pages that show a component alone."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        apps = {"app": "app.py", "harness": "tests/browser/apps/harness.py"}
        yield {name: stack.enter_context(serve(app, folder)) for name, app in apps.items()}


def row(browser: str, scene: str, bounds: tuple[int, int], played: dict, seen: dict) -> dict:
    ready, (frames, answers) = (seen["ready"] - seen["page"]) / 1000, bounds
    met = played["frames"] >= frames and played["answers"] >= answers and (not frames or ready <= READY)
    return {
        "browser": browser,
        "what moves and answers": scene,
        "frames/s": round(played["frames"], 1),
        "answers/s": round(played["answers"], 1),
        "promised": f"{frames}, {answers}" if frames else "",
        "ms an answer": round(played["milliseconds"], 1),
        "ready, s after the page": round(ready, 2),
        "load": round(os.getloadavg()[0], 1),
        "met": met,
    }


def chromium(browser, address: str, networks: int) -> dict:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(WATCH.replace("NETWORKS", str(networks)))
    page.goto(address, timeout=PATIENCE)
    page.wait_for_function("globalThis.seen?.ready", timeout=PATIENCE)
    settle(page)
    played = page.locator(CANVAS).evaluate(COUNTED, timeout=PATIENCE)
    measured = {"seen": page.evaluate("globalThis.seen"), "played": played}
    page.close()
    return measured


def firefox(address: str, networks: int) -> dict:
    with firefox_at(address, COUNTED, networks) as process:
        out, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(errors[-2000:])
    return json.loads(out)


def firefox_at(address: str, code: str, networks: int) -> subprocess.Popen:
    watch = WATCH.replace("NETWORKS", str(networks))
    command = ["node", "tests/browser/firefox.mjs", system.firefox(), address, "--measure", code, watch]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def session(browser, address: str, minutes: float) -> dict:
    """The bytes that a page costs to open, the messages while it plays, and how much it grows, in either browser."""
    page, received, sent = browser.new_page(viewport={"width": 1280, "height": 900}), [], []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(len(frame))))
    with ExitStack() as stack:
        if system.firefox():
            stack.enter_context(lasting(address, minutes))
        page.goto(address, timeout=PATIENCE)
        page.wait_for_function(f"{HUB}?.ready.size === 2", timeout=PATIENCE)
        settle(page)
        page.locator(CANVAS).evaluate(PLAY, timeout=PATIENCE)
        page.wait_for_timeout(1000 * WARM)  # what is made once is made
        held = collected(page)
        page.wait_for_timeout(1000 * WARM)  # the process has grown back to where it breathes
        opened, received[:], sent[:] = sum(received), [], []
        grown = watched(minutes, page)
        grown[HOLDS] = round((collected(page) - held) / 1e6, 2)
    page.close()
    messages = len(received) + len(sent)
    return {"MB received as the page opens": round(opened / 1e6, 2), "messages while it plays": messages, **grown}


@contextmanager
def lasting(address: str, minutes: float) -> Iterator[None]:
    """A page that plays in Firefox until the block ends."""
    until = 60_000 * (minutes + 5)
    stay = f"async (canvas) => {{ ({PLAY})(canvas); await new Promise((go) => setTimeout(go, {until})); }}"
    with firefox_at(address, stay, 2) as process:
        try:
            yield
        finally:
            for one in [*psutil.Process(process.pid).children(recursive=True), process]:
                one.kill()


def watched(minutes: float, page) -> dict:
    """How much each browser's largest page grows from now on, its workers with it: in all, and on the line through all
    samples in a minute."""
    begin, seconds, held = time.monotonic(), [], {"Chromium": [], "Firefox": []}
    while not seconds or seconds[-1] < 60 * minutes:
        seconds.append(time.monotonic() - begin)
        for browser, megabytes in held.items():
            megabytes.append(resident(PAGES[browser]) / 1e6)
        page.wait_for_timeout(1000 * EVERY)
    facts = {}
    for browser, megabytes in held.items():
        if min(megabytes) > 0:  # it is there
            slope = np.polyfit(seconds, megabytes, 1)[0] if len(seconds) > 1 else 0.0
            facts[f"{browser}, MB of growth"] = round(megabytes[-1] - megabytes[0], 1)
            facts[f"{browser}, MB a minute"] = round(60 * float(slope), 2)
    return facts


def collected(page) -> float:
    """Bytes that the page's scripts hold, their arrays included, after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    held = session.send("Runtime.getHeapUsage")
    session.detach()
    return held["usedSize"] + held["backingStorageSize"]


def resident(kind: str) -> int:
    """Bytes that the largest of our processes of this kind holds."""
    sizes = [0]
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if kind in one.cmdline():
                sizes.append(one.memory_info().rss)
    return max(sizes)


def figure(rows: list[dict], facts: dict) -> str:
    first, grown = rows[0], facts["Chromium, MB of growth"]
    missed = [f"{one['browser']}: {one['what moves and answers']}" for one in rows if not one["met"]]
    rates = f"{first['answers/s']} answers/s and {first['frames/s']} frames/s at {first['what moves and answers']}"
    return (
        f"{rates} in {first['browser']} at a load of {first['load']} (bounds: {ANSWERS}, {FRAMES}), {grown} MB of "
        f"growth (bound: {GROWTH})" + (f"; missed at {'; '.join(missed)}" if missed else "")
    )


def good(rows: list[dict], facts: dict) -> bool:
    grown = [value for name, value in facts.items() if name.endswith("MB of growth")]
    silent = facts["messages while it plays"] == 0
    bounded = all(value < GROWTH for value in grown) and facts[HOLDS] < HELD
    return all(one["met"] for one in rows) and silent and bounded


if __name__ == "__main__":
    sys.exit(exit_code(main))
