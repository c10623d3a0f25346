"""Who is looking: a token that a browser keeps over reloads, so that its own runs are stopped without a question.

It is made from the random number with which Streamlit guards a browser's uploads (its XSRF cookie, 2|mask|masked|time);
only a hash of it is stored. Where there is no cookie the session's own random number serves until a reload.
"""

import hashlib
import secrets

import streamlit as st

from explorer.training.store.limits import Visitor

COOKIE = "_streamlit_xsrf"


def token() -> str:
    secret = unmasked(st.context.cookies.get(COOKIE, ""))
    if not secret:
        secret = st.session_state.setdefault("train.viewer", secrets.token_hex(16)).encode()
    return hashlib.sha256(b"cable explorer " + secret).hexdigest()[:24]


def whose(owner: str) -> str:
    """Whose run it is where it is not this browser's own, for the question before it is changed; nothing otherwise."""
    if owner == token():
        return ""
    kind, _, name = owner.partition(":")
    known = kind == "terminal" and name
    return f"{name} started this run from a terminal." if known else "Someone else started this run."


def visitor() -> Visitor:
    return Visitor(token())


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
