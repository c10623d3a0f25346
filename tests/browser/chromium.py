"""A fresh Streamlit server and a Chromium without a display, for the tests and for the benchmark of the player."""

import contextlib
import os
import shutil
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
]
START_SECONDS, IDLE_MILLISECONDS = 60, 90_000


@contextlib.contextmanager
def serve(app: str, folder: Path):
    """A Streamlit server for `app` with its runs under `folder`; yields its address, ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port), "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
    environment = {**os.environ, "EXPLORER_RUNS": str(folder / "runs"), "PYTHONPATH": str(ROOT)}
    log = folder / f"server-{port}.log"
    with (
        log.open("w") as out,
        # a group of its own, so that whatever the server starts ends with it
        subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env=environment, start_new_session=True) as server,
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
    """Wait until the script rests, twice in a row: a widget may have asked for one more run."""
    for _ in range(2):
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=IDLE_MILLISECONDS)
        page.wait_for_timeout(120)


def where() -> str | None:
    """Chromium on this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
