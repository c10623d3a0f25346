"""A page in a frame of another site, for a slide or a course page: ?embed=true, which Streamlit keeps to itself.

Streamlit leaves out its own header then; `frame` the sidebar, the title, the row of pages and the footer.
"""

from html import escape

import streamlit as st

from explorer.ui.shared import state

STYLE = """<style>
.stApp { --at-hand: 0rem; }
.stApp .stMainBlockContainer { padding: 0.5rem 0.75rem; }
.stMain .stElementContainer:has(h1) { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
</style>"""


def embedded() -> bool:
    return bool(st.context.is_embedded)


def way_out(slug: str) -> None:
    """The same page on its own, in another tab of the browser."""
    address = state.link(slug, st.query_params.to_dict())
    st.link_button("Open in Cable Explorer", address, icon=":material/open_in_new:", type="tertiary")


def share(address: str, title: str, stage: str = "") -> None:
    """An address to copy, and `stage`, or the same, as a frame to copy."""
    st.code(address, language=None, wrap_lines=True)
    with st.popover("For a slide or a course page", icon=":material/slideshow:"):
        st.caption("The page without its frame. The site that shows it must reach this server: see docs/DEPLOY.md.")
        st.code(snippet(stage or address, title), language="html", wrap_lines=True)


def snippet(address: str, title: str) -> str:
    address += ("&" if "?" in address else "?") + "embed=true"
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="720" style="border: 0"></iframe>'
    )
