"""The way into a class, for a projector: its code in large letters, and as a QR code that phones can follow."""

import base64
from collections.abc import Mapping
from html import escape

import streamlit as st

from explorer.classroom import codes, invitation
from explorer.classroom.invitation import Listening
from explorer.errors import ExplorerError
from explorer.ui.shared import state
from explorer.ui.shared.classroom.asking import CLASS
from explorer.ui.shared.layout import sentence

_DOOR = "class.door"  # whether it is shown


def shown() -> bool:
    return st.session_state.get(_DOOR, False)


def show(now: bool) -> None:
    st.session_state[_DOOR] = now


def toggle() -> None:
    label, icon = ("Hide the code", "visibility_off") if shown() else ("Show the code", "qr_code_2")
    st.button(
        label, key="class.door.button", icon=f":material/{icon}:", type="tertiary", on_click=show, args=(not shown(),)
    )


def draw(code: str) -> None:
    try:
        base = _base()
    except ExplorerError as problem:
        st.warning(sentence(problem), icon=":material/phonelink_off:")
        return
    link = invitation.link(base, **{CLASS: code})
    picture = base64.b64encode(invitation.picture(link).encode()).decode()
    st.html(
        f'<div class="class-door"><img src="data:image/svg+xml;base64,{picture}" alt="QR code of {escape(link)}">'
        f'<div><p>Scan it, or open</p><p class="address">{escape(base.partition("://")[2])}</p>'
        f'<p>and type</p><p class="code">{codes.spoken(code)}</p>'
        "<p><small>Where phones find nothing there, open this page by the address that they use, and the code follows."
        "</small></p></div></div>"
    )


def link(params: Mapping[str, str]) -> str:
    """An address of the app for another browser: one that other machines reach, else the one of this machine."""
    try:
        base = _base()
    except ExplorerError:
        base = _seen()
    return invitation.link(base, **params)


def _base() -> str:
    address = str(st.get_option("server.address") or "")
    secure = bool(st.get_option("server.sslCertFile"))
    listening = Listening(address, int(st.get_option("server.port")), secure)
    return invitation.address(_seen(), listening, invitation.machines())


def _seen() -> str:
    """The app's address in this browser, without the page's name behind it."""
    seen = (st.context.url or "").rstrip("/")
    slugs = [page.slug for page in state.pages() if page.slug]
    return next((seen.removesuffix(f"/{slug}") for slug in slugs if seen.endswith(f"/{slug}")), seen)
