"""The way into a class for a phone: an address that it reaches, and the same as a QR code, drawn here.

A browser on the server's own machine calls it localhost, where a phone would find itself. So there the address is the
machine's own on the network, if the server listens to the network at all; from anywhere else it is the one that the
browser used, which a proxy may have given.
"""

import io
import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import psutil
import segno

from explorer.errors import ExplorerError

EVERYWHERE = ("", "0.0.0.0", "::")  # what a server is told that listens to every network of its machine
ELSEWHERE = ("192.0.2.1", 9)  # of the addresses that are nobody's (RFC 5737): nothing is sent there
QUIET = 4  # modules of white around a code, which cameras need


@dataclass(frozen=True)
class Listening:
    """How the server was started."""

    address: str
    port: int
    secure: bool = False  # it speaks https itself


def address(seen: str, listening: Listening, own: str) -> str:
    """Where phones find the app whose address in this browser is `seen`; `own` is this machine's on its network."""
    parts = urlsplit(seen)
    if parts.hostname and not local(parts.hostname):
        return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    everywhere = listening.address in EVERYWHERE
    if not everywhere and local(listening.address):
        raise ExplorerError(
            "phones cannot reach this server, which listens to this machine alone: start it with"
            " streamlit run app.py --server.address 0.0.0.0"
        )
    host = own if everywhere else listening.address
    if not host:
        raise ExplorerError("this machine has no address on a network: connect it to the one that the phones use")
    host = f"[{host}]" if ":" in host else host
    return f"{'https' if listening.secure else 'http'}://{host}:{listening.port}{parts.path.rstrip('/')}"


def local(host: str) -> bool:
    """Whether a name or an address means the machine that says it."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        found = ipaddress.ip_address(host)
        return found.is_loopback or found.is_unspecified
    except ValueError:
        return False


def machines() -> str:
    """This machine's address on its network, nothing where it has none."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(ELSEWHERE)
            return probe.getsockname()[0]
    except OSError:  # no way leads out, as in a network without the internet
        return next(iter(_addresses()), "")


def _addresses() -> list[str]:
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        one.address
        for name, those in psutil.net_if_addrs().items()
        if name in up
        for one in those
        if one.family == socket.AF_INET
    ]
    return [one for one in found if not local(one) and not ipaddress.ip_address(one).is_link_local]


def link(base: str, **params: str | int) -> str:
    return f"{base}/?{urlencode(params)}"


def picture(text: str) -> str:
    """A QR code of the text as SVG, dark on white in both themes: not every camera reads the other way round."""
    code = segno.make(text, error="m", micro=False)
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=QUIET, dark="#000", light="#fff", omitsize=True, xmldecl=False, nl=False)
    return drawn.getvalue().decode()
