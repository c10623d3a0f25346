"""The network, asked so that nobody waits for one that is not there."""

import contextlib
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

PATIENCE = 8  # seconds for a server's first answer; without a network the lookup of its name alone can take a minute


def unreachable(address: str) -> str:
    """Why nothing can be fetched from there, or "" when its server answers."""
    answers: list[str] = []

    def ask() -> None:
        try:
            request = urllib.request.Request(address, method="HEAD", headers={"User-Agent": "Mozilla/5.0"})
            urllib.request.urlopen(request, timeout=PATIENCE).close()
            answers.append("")
        except urllib.error.HTTPError:  # it does not like the question, but it is there
            answers.append("")
        except (OSError, ValueError) as error:
            answers.append(str(error)[:120] or type(error).__name__)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return answers[0] if answers else f"no answer in {PATIENCE} seconds"


@contextlib.contextmanager
def timeout(seconds: float) -> Iterator[None]:
    """torchvision's download has no limit of its own: a line that goes dead would hold it for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
