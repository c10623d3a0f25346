"""The code on the projector leads where phones get: never to the phone itself, never to nowhere."""

import re
import socket

import numpy as np
import psutil
import pytest
import zxingcpp

from explorer.classroom import codes, invitation
from explorer.classroom.invitation import Listening, address
from explorer.errors import ExplorerError

OWN = "192.168.1.20"


@pytest.mark.parametrize(
    ("seen", "listening", "there"),
    [
        ("http://localhost:8501", Listening("0.0.0.0", 8501), "http://192.168.1.20:8501"),
        ("http://localhost:8501/", Listening("", 8501), "http://192.168.1.20:8501"),
        ("http://127.0.0.1:8501", Listening("::", 8501), "http://192.168.1.20:8501"),
        ("http://0.0.0.0:8501", Listening("0.0.0.0", 8501), "http://192.168.1.20:8501"),
        ("http://[::1]:8501", Listening("0.0.0.0", 8501), "http://192.168.1.20:8501"),
        ("http://localhost:9000/app", Listening("0.0.0.0", 8501), "http://192.168.1.20:8501/app"),
        ("https://localhost:8501", Listening("0.0.0.0", 8501, True), "https://192.168.1.20:8501"),
        ("http://localhost:8501", Listening("10.0.0.7", 8501), "http://10.0.0.7:8501"),
        ("http://localhost:8501", Listening("fd00::7", 8501), "http://[fd00::7]:8501"),
        ("https://explorer.example.org", Listening("localhost", 8501), "https://explorer.example.org"),
        ("https://example.org/explorer/", Listening("127.0.0.1", 8501), "https://example.org/explorer"),
        ("http://teachers-laptop.local:8501", Listening("0.0.0.0", 8501), "http://teachers-laptop.local:8501"),
        ("http://192.168.7.7:8501", Listening("0.0.0.0", 8501), "http://192.168.7.7:8501"),
    ],
)
def test_the_address_is_one_that_phones_reach(seen, listening, there):
    assert address(seen, listening, OWN) == there


@pytest.mark.parametrize("listens", ["localhost", "127.0.0.1", "::1", "127.0.1.1"])
@pytest.mark.parametrize("seen", ["http://localhost:8501", "http://127.0.0.1:8501", "http://[::1]:8501/x", ""])
def test_a_server_of_this_machine_alone_says_how_to_start_it(seen, listens):
    with pytest.raises(ExplorerError, match=r"--server\.address 0\.0\.0\.0"):
        address(seen, Listening(listens, 8501), OWN)


def test_a_machine_without_a_network_says_so():
    with pytest.raises(ExplorerError, match="connect it"):
        address("http://localhost:8501", Listening("0.0.0.0", 8501), "")


def test_the_machines_address_is_one_of_its_own_and_not_its_loopback(monkeypatch):
    own = {one.address for those in psutil.net_if_addrs().values() for one in those if one.family == socket.AF_INET}
    found = invitation.machines()
    assert found == "" or (found in own and not invitation.local(found))

    def nowhere(*_):
        raise OSError("network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", nowhere)
    found = invitation.machines()
    assert found == "" or (found in own and not invitation.local(found))


@pytest.mark.parametrize("base", ["http://192.168.1.20:8501", "https://explorer.a-school.example.org/cable"])
def test_a_camera_reads_the_code(base):
    link = invitation.link(base, join=codes.code())
    assert read(invitation.picture(link)) == link


def read(svg: str) -> str:
    """What a reader of QR codes finds in the picture, painted from its own lines, four pixels a module."""
    side, rows = _lines(svg)
    pixels = np.full((side, side), 255, np.uint8)
    for row, begin, length in rows:
        pixels[row, begin : begin + length] = 0
    (found,) = zxingcpp.read_barcodes(pixels.repeat(4, 0).repeat(4, 1))
    return found.text


def _lines(svg: str) -> tuple[int, list[tuple[int, int, int]]]:
    """(modules a side, (row, column, length) of each dark line) of an SVG whose path is M x y, h length, m dx dy."""
    side = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])
    path = re.search(r'class="qrline"[^>]* d="([^"]+)"', svg)[1]
    x, y, found = 0.0, 0.0, []
    for sign, numbers in re.findall(r"([Mmh])([^Mmh]+)", path):
        values = [float(number) for number in re.findall(r"-?\d*\.?\d+", numbers)]
        if sign == "M":
            x, y = values
        elif sign == "m":
            x, y = x + values[0], y + values[1]
        else:
            found.append((int(y), int(x), int(values[0])))
            x += values[0]
    return side, found
