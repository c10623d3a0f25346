"""What the pages of a class share: who looks, how often, and how it looks."""

from contextlib import suppress
from pathlib import Path

import streamlit as st

from explorer.classroom.register import Register
from explorer.errors import ExplorerError
from explorer.ui.shared import browser

SECONDS = 3  # between two looks at the class
TIDY = 600  # seconds between two looks for what is over
STYLE = f"<style>{Path(__file__).with_name('classroom.css').read_text(encoding='utf-8')}</style>"
CLASS, TEACH = "join", "teach"  # in the URL


def token() -> str:
    return browser.token("class")


def register() -> Register:
    return Register()


@st.cache_data(ttl=TIDY, show_spinner=False)
def tidy() -> None:
    """Called on every page: what is over is deleted, also where nobody opens a class again."""
    with suppress(ExplorerError):
        register().sweep()


def people(count: int) -> str:
    return "1 student" if count == 1 else f"{count} students"
