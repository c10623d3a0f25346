"""The camera over the page: opened from the picker, or from the row of pages in presenter mode.

What it sees stays in the browser until it is frozen. Then the still is the image of all pages.
"""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st
from PIL import Image

from explorer.ui.shared.guard import guard
from explorer.ui.shared.layout import attempt

INSECURE = (
    "Browsers give a camera only to https and to localhost: open the app as http://localhost on the computer that it "
    "runs on, serve it over https with Streamlit's server.sslCertFile, or use Upload."
)
USUAL = "cifar10"  # whose networks answer, where the image on the page is of no dataset in colour
_OPEN = "camera.open"

Take = Callable[[Image.Image], None]


def open_camera() -> None:
    st.session_state[_OPEN] = True


def close() -> None:
    st.session_state[_OPEN] = False


def secure(address: str) -> bool:
    """Whether a browser gives a camera to a page at this address."""
    at = urlsplit(address)
    host = at.hostname or ""
    if at.scheme == "https" or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def show(dataset: str | None, take: Take) -> None:
    """The camera, if it is open; `dataset` is that of the image on the page. `take` gets the still."""
    if st.session_state.get(_OPEN):
        _camera(dataset, take)


@st.dialog("Camera", width="large", on_dismiss=close)
def _camera(dataset: str | None, take: Take) -> None:
    if not st.session_state.get(_OPEN):
        st.rerun()  # its still was taken
    with guard():
        from explorer.diffusion.cable import Cable  # with torch, which a page need not have loaded
        from explorer.diffusion.scene import Scene
        from explorer.ui.components.camera import camera
        from explorer.ui.shared import answering

        offered, start = answering.datasets(), Scene()
        usual = next((name for name in (dataset, USUAL) if name in offered), None)
        stage = st.container()
        networks = answering.beside(usual, "camera") if usual else []

        def taken(sent: object) -> None:
            attempt(use, sent, take)

        with stage:
            cable = Cable(start.alpha, start.tau)
            camera(cable, networks=networks, insecure=INSECURE, key="camera.lens", taken=taken)


def use(sent: object, take: Take) -> None:
    """The still that the component has sent becomes the image."""
    from explorer.ui.components.camera import still

    take(still(sent))
    close()
