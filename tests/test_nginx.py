"""docs/nginx.conf in front of two small servers: who talks to whom, what passes and what does not.

The same file in front of two app servers and a real browser: tests/browser/test_several_servers.py.
"""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests import nginx

pytestmark = pytest.mark.needs("nginx")


class Answer(BaseHTTPRequestHandler):
    """Says which server it is and which headers it was asked with."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        body = f"{self.server.server_port} {length}\n{self.headers}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.do_GET()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def answering():
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site(tmp_path):
    """The address, and what ends one of the two servers behind it."""
    with contextlib.ExitStack() as stack:
        ends = [contextlib.ExitStack() for _ in range(2)]
        for end in ends:
            stack.enter_context(end)
        servers = [end.enter_context(answering()) for end in ends]
        ports = [str(server.server_port) for server in servers]
        address = stack.enter_context(nginx.serving(tmp_path / "nginx", [f"127.0.0.1:{port}" for port in ports]))
        yield address, dict(zip(ports, ends, strict=True))


def server(answer) -> str:
    return answer[2].split()[0].decode()


def test_every_visitor_is_marked_once_and_stays_with_one_server_while_all_servers_are_used(site):
    address, ports = site
    visitors = {}
    for _ in range(40):  # by chance all on one server: once in 2^39
        first = nginx.get(address)
        mark = first[1]["Set-Cookie"].partition("=")[2].partition(";")[0]
        visitors[mark] = server(first)
    assert len(visitors) == 40 and set(visitors.values()) == set(ports)
    for mark, chosen in visitors.items():
        again = nginx.get(f"{address}/media/x.png", mark)
        assert server(again) == chosen and again[1]["Set-Cookie"] is None
        assert again[1]["X-Served-By"].endswith(chosen)


def test_a_server_that_ends_is_replaced_by_the_other(site):
    address, ports = site
    chosen = server(nginx.get(address, "somebody"))
    ports[chosen].close()
    status, _, _ = answer = nginx.get(address, "somebody")
    assert status == 200 and server(answer) != chosen


def test_uploads_pass_up_to_the_size_that_the_app_takes(site):
    address, _ = site
    status, _, body = nginx.get(address, body=b"x" * 10 * 2**20)
    assert status == 200 and int(body.split()[1]) == 10 * 2**20
    assert nginx.get(address, body=b"x" * 12 * 2**20)[0] == 413


def test_websockets_and_the_address_that_the_browser_knows_are_passed_on(site):
    address, _ = site
    _, _, body = nginx.get(f"{address}/_stcore/stream", Upgrade="websocket", Connection="Upgrade")
    headers = dict(line.split(": ", 1) for line in body.decode().split("\n", 1)[1].strip().splitlines())
    assert headers["Upgrade"] == "websocket" and headers["Connection"].lower() == "upgrade"
    assert headers["Host"] == address.removeprefix("http://")
    assert headers["X-Forwarded-Proto"] == "http" and headers["X-Forwarded-For"] == "127.0.0.1"
    plain = nginx.get(address)[2].decode()
    assert "Upgrade:" not in plain and "upgrade" not in plain


def test_without_the_mark_requests_go_round(tmp_path):
    """What the hash is for: take it out, and one visitor meets both servers."""
    with answering() as one, answering() as two:
        servers = [f"127.0.0.1:{each.server_port}" for each in (one, two)]
        with nginx.serving(
            tmp_path / "nginx", servers, lambda text: text.replace("    hash $explorer_visitor consistent;\n", "")
        ) as address:
            assert len({server(nginx.get(address, "somebody")) for _ in range(4)}) == 2
