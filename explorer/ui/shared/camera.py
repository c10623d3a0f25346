"""The camera over the page: opened from the picker, or from the row of pages in presenter mode.

What it sees stays in the browser until it is frozen. Then the still is the image of all pages.
"""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st
from PIL import Image

from explorer.data import CLASSES, catalogue
from explorer.ui.shared.guard import guard
from explorer.ui.shared.layout import attempt

INSECURE = (
    "Browsers give a camera only to https and to localhost: open the app as http://localhost on the computer that it "
    "runs on, serve it over https with Streamlit's server.sslCertFile, or use Upload."
)
_OPEN, _DATASET = "camera.open", "camera.dataset"

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


def show(take: Take) -> None:
    """The camera, if it is open. `take` gets the still."""
    if st.session_state.get(_OPEN):
        _camera(take)


@st.dialog("Camera", width="large", on_dismiss=close)
def _camera(take: Take) -> None:
    if not st.session_state.get(_OPEN):
        st.rerun()  # its still was taken
    with guard():
        from explorer.diffusion.cable import Cable  # with torch, which a page need not have loaded
        from explorer.diffusion.scene import Scene
        from explorer.ui.components.camera import camera
        from explorer.ui.shared import answering

        start, stage, offered = Scene(), st.container(), answering.in_colour()
        networks = answering.beside(_dataset(offered), "camera") if offered else []

        def taken(sent: object) -> None:
            attempt(use, sent, take)

        with stage:
            cable = Cable(start.alpha, start.tau)
            camera(cable, networks=networks, insecure=INSECURE, key="camera.lens", taken=taken)


def _dataset(offered: list[str]) -> str:
    return st.selectbox(
        "Networks that know",
        offered,
        key=_DATASET,
        persist_state="session",
        format_func=lambda name: f"{len(CLASSES[name]):,} things: networks of {catalogue.title(name)}",
        label_visibility="collapsed",
    )


def use(sent: object, take: Take) -> None:
    """The still that the component has sent becomes the image."""
    from explorer.ui.components.camera import still

    take(still(sent))
    close()
