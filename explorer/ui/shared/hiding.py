"""What a worksheet does without: ?hide=alpha,meter leaves out parts and controls of the pages, by their names.

A control is called as in the address of its page, where its value stands (alpha=2); PARTS are everything else.
"""

import streamlit as st

from explorer.ui.shared.layout import plain

HIDE = "hide"
METRICS = ".stMain .stHorizontalBlock:has(> .stColumn > div > div > .stMetric)"  # their own row, not a page's columns
PARTS = {
    "pages": ".st-key-navigation, .st-key-at-hand .stPageLink",
    "image": ".st-key-picker, .st-key-at-hand :is(.stPopover, .stButton)",
    "tabs": '.stMain [role="tablist"]',
    "meter": ".stHtml:has(.meter)",
    "verdict": ".st-key-verdict",
    "numbers": f".stHtml:has(.kernel), {METRICS}",
    "footer": ".st-key-footer",
}
ON = {
    "Diffusion": "alpha tau h_x h_y lock edges size colour preset largest place made_by lambda_m tau_m start lasts",
    "Layers": "show input filters kernel stride padding dilation bias map row column kernel1 kernel2 f way",
    "Feature maps": "model layer scale sort y x",
    "Classify": "data which change leak step cable look",
}
CONTROLS = frozenset(" ".join(ON.values()).split())
GONE = "{} {{ display: none !important; }}"


def draw() -> None:
    """Leave out what the link names; a name that there is not is said."""
    names = [name for name in st.query_params.get(HIDE, "").split(",") if name]
    known = [_selector(name) for name in names if name in PARTS or name in CONTROLS]
    if known:
        st.html(f"<style>{GONE.format(', '.join(known))}</style>")
    if unknown := [name for name in names if name not in PARTS and name not in CONTROLS]:
        told = plain(", ".join(unknown)[:80])
        st.warning(f"The link hides what no page has: {told}. docs/CLASS.md has the names.", icon=":material/link_off:")


def _selector(name: str) -> str:
    """As Streamlit marks what has a key, and `exact` and `named` what they are made of."""
    keys = (name, f"exact-{name}", f"matters-{name}", f"{name}-box")
    return PARTS.get(name) or ", ".join(f".stMain .st-key-{key}" for key in keys)
