"""A fresh Streamlit server and a Chromium without a display, for the tests and for the benchmark of the player."""

import contextlib
import inspect
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",  # a camera that counts, allowed at once
    "--use-fake-ui-for-media-stream",
]
STREAMLIT = (sys.executable, "-m", "streamlit", "run")
PATIENCE = 120_000  # milliseconds; it only decides how long a failure takes
START_SECONDS = 180


@contextlib.contextmanager
def serve(
    app: str,
    folder: Path,
    program: tuple[str, ...] = STREAMLIT,
    started: Path = ROOT,
    code: Path = ROOT,
    listens: str = "127.0.0.1",
):
    """A server that `program` opens for `app` (a Streamlit server), with its runs under `folder`, started in one folder
    and with explorer from another; yields its address, ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*program, *([app] if app else []), "--server.port", str(port), "--server.headless", "true"]
    command += ["--server.address", listens, "--server.fileWatcherType", "none"]
    environment = {**os.environ, "EXPLORER_RUNS": str(folder / "runs"), "PYTHONPATH": str(code)}
    log = folder / f"server-{port}.log"
    with (
        log.open("w") as out,
        # a group of its own, so that whatever the server starts ends with it
        subprocess.Popen(
            command, cwd=started, stdout=out, stderr=out, env=environment, start_new_session=True
        ) as server,
    ):
        try:
            _await_health(f"http://127.0.0.1:{port}/_stcore/health", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)  # it keeps nothing; a polite end takes it a second


def _await_health(address: str, server: subprocess.Popen, log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")


def settle(page) -> None:
    """Wait until the script rests, twice in a row: a widget may have asked for one more run.

    That an action has had its effect is not said by this: on a slow machine its run may not have begun. Wait for what
    the action is to show.
    """
    for _ in range(2):
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=PATIENCE)
        page.wait_for_timeout(120)


def eventually(page, condition, milliseconds=PATIENCE):
    """The first true value of `condition()`; AssertionError when there is none in time."""
    limit = time.monotonic() + milliseconds / 1000
    while not (value := condition()):
        assert time.monotonic() < limit, f"not within {milliseconds / 1000:g} s: {inspect.getsource(condition).strip()}"
        page.wait_for_timeout(50)
    return value


def steady(locator) -> dict:
    """The element's box once it no longer moves: the same in three looks in a row."""
    seen = []

    def rests():
        seen.append(locator.bounding_box(timeout=PATIENCE))
        return len(seen) > 2 and seen[-1] is not None and seen[-1] == seen[-2] == seen[-3]

    eventually(locator.page, rests)
    return seen[-1]


def within(locator, x: float, y: float) -> dict:
    """A position for click, tap or hover: shares of the element's width and height, once it rests."""
    box = steady(locator)
    return {"x": box["width"] * x, "y": box["height"] * y}


def sound(page) -> None:
    """No exception, no box that says that something broke, no picture missing, and nothing wider than the window."""
    for box in (page.locator("[data-testid=stException]"), page.get_by_text("Something broke that should not")):
        assert box.count() == 0, box.first.inner_text()[:400]
    broken = "[...document.images].filter((one) => one.complete && !one.naturalWidth && one.src).map((one) => one.src)"
    eventually(page, lambda: page.evaluate(broken) == [], 30_000)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    eventually(page, lambda: page.evaluate(wide) <= 2, 30_000)  # a page still at work may be wider for a moment


def tab_to(page, locator, most: int = 200) -> None:
    """Press Tab until the element has the focus, as someone without a mouse does."""
    for _ in range(most):
        if locator.evaluate("e => e.getRootNode().activeElement === e"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} times Tab did not lead to {locator}")
