"""The pages there are, and links that carry their state in the URL.

`page_link` is the way from page to page: it keeps the session, so an uploaded image travels along. `link` is the
same address as text, for documents and for copying.
"""

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from urllib.parse import parse_qs, urlencode

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.paths import PAGES

CARRIED = ("image", "fit", "present", "hide", "lesson", "at")  # what every link of the app takes along
LISTS = {"filters"}  # in the URL: empty when nothing is chosen
RENAMED = {("filters", "typed"): "your own", ("logits_from", "Typed"): "Your own numbers"}  # in links of version 0.1
ICONS = {
    "": ":material/home:",
    "Diffusion": ":material/blur_on:",
    "Layers": ":material/layers:",
    "Feature_maps": ":material/grid_view:",
    "Classify": ":material/label:",
    "Train": ":material/model_training:",
    "Results": ":material/table_chart:",
}
_VISITED, _HERE, _STEP = "state.visited", "state.here", "state.step"


@dataclass(frozen=True)
class Page:
    slug: str  # as in the URL; "" is Home
    path: str  # relative to app.py, as Streamlit wants it

    @property
    def title(self) -> str:
        return self.slug.replace("_", " ") or "Home"

    @property
    def icon(self) -> str:
        return ICONS.get(self.slug, ":material/article:")


def pages() -> list[Page]:
    """Home and every page that lies in pages/, in the order of their numbers."""
    files = sorted(PAGES.glob("[0-9]*_*.py"), key=lambda file: int(file.stem.split("_")[0]))
    return [Page("", "app.py")] + [Page(re.sub(r"^\d+_", "", file.stem), f"pages/{file.name}") for file in files]


def page(slug: str) -> Page | None:
    """The page with this name in the URL, or None where it does not exist."""
    return next((one for one in pages() if one.slug == slug), None)


def texts(params: Mapping[str, object]) -> dict[str, str]:
    """Values as widgets bound to the URL read them: true/false, plain numbers; None is left out."""
    return {name: _text(value) for name, value in params.items() if value is not None}


def link(slug: str, params: Mapping[str, object] = MappingProxyType({})) -> str:
    """The address of a page with its state, relative to any page of the app: Diffusion?alpha=2&tau=0.06."""
    query = urlencode(texts(params))
    return (slug or "./") + (f"?{query}" if query else "")


def page_link(
    slug: str,
    label: str | None = None,
    *,
    icon: str | None = None,
    help: str | None = None,
    width: Literal["content", "stretch"] = "content",
    params: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """A link to a page with its state; the chosen image and presenter mode go along unless `params` says otherwise.

    Nothing is drawn where the page does not exist.
    """
    target = page(slug)
    if target is None:
        return
    carried = {name: st.query_params[name] for name in CARRIED if name in st.query_params}
    with suppress(StreamlitPageNotFoundError):  # added while the server runs: known to it after a restart
        st.page_link(
            target.path,
            label=label or target.title,
            icon=icon or target.icon,
            help=help,
            width=width,
            query_params=texts({**carried, **params}),
        )


def remember_visit(slug: str) -> None:
    """Called last: keep what this page's URL says now, so that the navigation leads back to it as it was left."""
    st.session_state[_STEP] = _step()
    st.query_params.pop("again", None)
    kept = {name: value for name, value in st.query_params.to_dict().items() if name not in CARRIED}
    st.session_state.setdefault(_VISITED, {})[slug] = kept


def arrive(slug: str) -> None:
    """Called first on every page: between two pages, Streamlit mixes up widgets of the same name.

    A link's query arrives behind that of the page before, then every name that both pages have is dropped, and the
    new page's widget takes over the old one's value. Here each page keeps its own values, and what a link says counts.
    Names in st.session_state without a dot or a dash are those in the URL: they end with the page.
    """
    _mend(first=_HERE not in st.session_state)
    before = st.session_state.get(_HERE, slug)
    st.session_state[_HERE] = slug
    if before == slug and not _turned():
        return
    for name in [name for name in st.session_state if str(name).isidentifier()]:
        del st.session_state[name]
    context = get_script_run_ctx()
    assert context  # a page is drawn in a session
    asked = parse_qs(context.query_string, keep_blank_values=True)
    left = last_visit(before)  # what the page before had in the URL itself
    linked = {
        name: values[-1]
        for name, values in asked.items()
        if name not in st.query_params and len(values) > (name in left)
    }
    if linked:
        st.query_params.update(linked)
        st.rerun()  # widgets take up the query of a run that stays on its page
    if before == slug:  # another step of a lesson: widgets take up its address, as after the browser's Back
        context.is_history_navigation = True
        say_again()


def _turned() -> bool:
    """Whether the address asks for another step of a lesson, or for the same one from its beginning.

    It does until the page has been drawn to its end: a message of the page before may break off the first attempt.
    """
    return "again" in st.query_params or st.session_state.get(_STEP, _step()) != _step()


def _step() -> tuple[str | None, str | None]:
    return st.query_params.get("lesson"), st.query_params.get("at")


def _mend(first: bool) -> None:
    """Drop values that no widget can hold: inf and 1e309, over which one for whole numbers would raise OverflowError.

    In the address that opens the app also those left empty, but for lists, which may be: a required choice would take
    them for None. What has another name by now gets it.
    """
    asked = st.query_params.to_dict().items()
    unusable = [name for name, value in asked if _infinite(value) or (first and not value and name not in LISTS)]
    for name in unusable:
        del st.query_params[name]
    renamed = [(name, said) for name, value in asked if (said := _as_now(name, value)) != value]
    for name, said in renamed:
        st.query_params[name] = said
    if unusable or renamed:
        st.rerun()  # the widgets read what the address said when the run began


def _as_now(name: str, value: str) -> str:
    return ",".join(RENAMED.get((name, one), one) for one in value.split(","))


def _infinite(text: str) -> bool:
    with suppress(ValueError):
        return math.isinf(float(text))
    return False


def say_again() -> None:
    """Send the page's parameters to the browser's address, which may lack some of them."""
    present = st.query_params.get("present")
    st.query_params["present"] = present or "0"
    if present is None:
        del st.query_params["present"]


def last_visit(slug: str) -> dict[str, str]:
    return st.session_state.get(_VISITED, {}).get(slug, {})


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
