"""Which browser is looking: a secret that it keeps over reloads, of which others get to see and to store a hash alone.

It is the random number with which Streamlit guards a browser's uploads (its XSRF cookie, 2|mask|masked|time). Where
there is no cookie the session's own random number serves until a reload.
"""

import hashlib
import secrets

import streamlit as st

COOKIE = "_streamlit_xsrf"


def token(purpose: str) -> str:
    """The same for one browser and purpose; tokens of two purposes do not tell that they are one browser's."""
    secret = unmasked(st.context.cookies.get(COOKIE, ""))
    if not secret:
        secret = st.session_state.setdefault("browser.secret", secrets.token_hex(16)).encode()
    return hashlib.sha256(purpose.encode() + b" " + secret).hexdigest()[:24]


def unmasked(cookie: str) -> bytes:
    """The number behind a cookie that is masked anew with every answer; empty when it is none."""
    try:
        version, mask, masked, _ = cookie.strip('"').split("|")
        key, value = bytes.fromhex(mask), bytes.fromhex(masked)
    except ValueError:
        return b""
    if version != "2" or not key or not value:
        return b""
    return bytes(byte ^ key[place % len(key)] for place, byte in enumerate(value))
