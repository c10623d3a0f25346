"""nginx with docs/nginx.conf itself, its addresses replaced by those of a test."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests import system

CONFIGURATION = Path(__file__).parents[1] / "docs" / "nginx.conf"
START_SECONDS = 60
MAIN = """
daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
events {}
http {
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include explorer.conf;
}
"""


@contextlib.contextmanager
def serving(folder: Path, servers: list[str], change=lambda text: text) -> Iterator[str]:
    """nginx before these two servers (host:port each); yields its address."""
    port = free_port()
    text = CONFIGURATION.read_text(encoding="utf-8").replace("listen 80;", f"listen 127.0.0.1:{port};")
    for ours, theirs in zip(("127.0.0.1:8501", "127.0.0.1:8502"), servers, strict=True):
        assert text.count(ours) == 1
        text = text.replace(ours, theirs)
    folder.mkdir()
    (folder / "explorer.conf").write_text(change(text), encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # whom the folder of a test belongs to
    (folder / "main.conf").write_text(user + MAIN, encoding="utf-8")
    command = [system.nginx(), "-p", str(folder), "-c", "main.conf", "-e", "stderr"]
    log = folder / "log"
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            _await(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _await(port: int, process: subprocess.Popen, log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nginx did not start:\n{log.read_text()[-2000:]}")


def get(address: str, mark: str = "", body: bytes | None = None, **headers: str):
    """(status, headers, body) of an answer, whatever the status."""
    if mark:
        headers["Cookie"] = f"explorer_visitor={mark}"
    request = urllib.request.Request(address, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()
