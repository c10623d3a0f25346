"""The frame around every page: title, navigation, image picker, one place for errors, footer, presenter mode.

    with frame("Diffusion", "Press play and watch the image blur; then push α until it breaks.") as page:
        st.image(page.picked.image)

An ExplorerError raised inside becomes one friendly sentence; anything else is a bug: it goes to the log under a
short id, and the page shows that id. `page.guard()` does the same around a part of a page, a tab or a fragment, so
that the rest goes on.
"""

import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import streamlit as st
from PIL import Image

from explorer import __version__, machine
from explorer.ui.components.manners import manners
from explorer.ui.shared import (
    caches,
    camera,
    drawing,
    embedding,
    glossary,
    hiding,
    lesson,
    memory,
    picker,
    place,
    state,
)
from explorer.ui.shared.classroom import asking, student, teacher
from explorer.ui.shared.guard import guard, presented
from explorer.ui.shared.picker import Picked

STYLE = f"<style>{Path(__file__).with_name('frame.css').read_text(encoding='utf-8')}</style>"
# menus and questions hang beside the app, where its theme does not reach light-dark()
OVER = {theme: f"<style>#stFloatingOverlayPortal {{ color-scheme: {theme} }}</style>" for theme in ("light", "dark")}
PRESENTER = f"<style>{Path(__file__).with_name('presenter.css').read_text(encoding='utf-8')}</style>"


@dataclass(frozen=True)
class Frame:
    picked: Picked  # the image that this page is about
    present: bool  # presenter mode: leave out what a class should not touch
    step: str = ""  # of a lesson: what has a state of its own begins afresh with each
    fit: str = "crop"  # how the image is made square

    guard = staticmethod(guard)


@contextmanager
def frame(title: str, first: str) -> Iterator[Frame]:
    """Everything around a page; `first` is one sentence that says what to do first."""
    slug = "" if title == "Cable Explorer" else title.replace(" ", "_")
    state.arrive(slug)
    caches.share_cores()
    asking.tidy()
    memory.arrive()
    present, embedded = _present(), embedding.embedded()
    st.set_page_config(
        page_title="Cable Explorer" if title == "Cable Explorer" else f"{title} · Cable Explorer",
        page_icon=_icon(),
        layout="wide",
        menu_items={"About": "Cable Explorer: watch a differential equation become a neural-network layer."},
    )
    st.html(STYLE + PRESENTER * present + embedding.STYLE * embedded + OVER[st.context.theme.type or "light"])
    where = None
    _class()
    chosen = picker.picked()
    if not present and not embedded:
        with st.sidebar:
            _navigation(slug)
            with st.container(key="picker"):
                st.markdown("##### Image")
                with guard():
                    picker.draw(chosen)
    picker.over_the_page(chosen)
    if not embedded:
        _at_hand(slug, present, chosen)
    with guard():
        teacher.arrive()
        where = place.here()
        if where:
            place.open_step(where, slug)
            lesson.draw(where, slug, chosen)
    st.title(title, anchor=False)
    if first and not embedded:
        st.container(key="first").markdown(first)
    hiding.draw()
    if (present or embedded) and picker.note():
        st.warning(picker.note(), icon=":material/image_not_supported:")
    step = f"{where.lesson.key}.{where.at}" if where else ""
    page = Frame(chosen, present or embedded, step, picker.fit(chosen.image))
    with page.guard():
        yield page
    manners(present, page.step)
    state.remember_visit(slug)
    if embedded:
        embedding.way_out(slug)
    else:
        _footer(slug, present)


def _class() -> None:
    """In a class a phone shows its question, and nothing of the page that it was opened on."""
    asked = st.query_params.get(asking.CLASS)
    if asked is not None and place.LESSON not in st.query_params:
        with guard():
            student.draw(asked)
            st.stop()


def _present() -> bool:
    present = presented()
    if present != st.session_state.setdefault("frame.present", present):
        state.say_again()  # a link from a page to itself does not reach the browser's address
    st.session_state["frame.present"] = present
    return present


@cache
def _icon() -> Image.Image:
    """The five-point stencil, drawn here: a named icon would be fetched from elsewhere."""
    arm, centre = (86, 180, 233), (0, 114, 178)
    cells = {(1, 0): arm, (0, 1): arm, (1, 1): centre, (2, 1): arm, (1, 2): arm}
    icon = Image.new("RGBA", (3, 3))
    for cell, colour in cells.items():
        icon.putpixel(cell, (*colour, 255))
    return icon.resize((96, 96), Image.Resampling.NEAREST)


def _navigation(slug: str) -> None:
    st.markdown("#### Cable Explorer")
    with st.container(key="navigation", gap=None):
        _links(slug, width="stretch")


def _links(slug: str, **layout) -> None:
    """To every page, as it was left."""
    for page in state.pages():
        left = state.last_visit(page.slug) if page.slug != slug else {}
        state.page_link(page.slug, params=left, **layout)


def _at_hand(slug: str, present: bool, chosen: Picked) -> None:
    """The pages in one row: at the bottom of a phone; at the top for a presenter, who finds the images there too."""
    with st.container(key="at-hand", horizontal=True, gap="xxsmall", vertical_alignment="center"):
        _links(slug)
        if present:
            with st.popover("Image", icon=":material/image:", type="tertiary"), guard():
                picker.draw(chosen)
            st.button("Draw", icon=":material/draw:", on_click=drawing.open_pad, type="tertiary")
            st.button("Camera", icon=":material/photo_camera:", on_click=camera.open_camera, type="tertiary")


def _footer(slug: str, present: bool) -> None:
    with st.container(key="footer", horizontal=True, vertical_alignment="center"):
        st.caption(f"{_versions()} · {_device()}", width="stretch")
        here = {name: value for name, value in st.query_params.to_dict().items() if name != "present"}
        if present:
            leave = {**here, "present": None}
            state.page_link(slug, "Leave presenter mode", icon=":material/close_fullscreen:", params=leave)
        else:
            state.page_link(
                slug,
                "Presenter mode",
                icon=":material/present_to_all:",
                params={**here, "present": 1},
                help="Larger type, and nothing that a class should not touch",
            )
    glossary.draw()


@cache
def _versions() -> str:
    others = [f"{name} {version(name)}" for name in ("streamlit", "torch")]  # from their metadata: no import
    return " · ".join([f"Cable Explorer {__version__}", f"Python {platform.python_version()}", *others])


def _device() -> str:
    """Where networks run; the GPU is named once a page has loaded torch, which Home never does."""
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    if cuda is not None and cuda.is_available():
        return cuda.get_device_name()
    cores = machine.cores()
    return f"{cores} CPU core{'s' if cores > 1 else ''}"
