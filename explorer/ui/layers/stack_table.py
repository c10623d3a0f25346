"""The table in which a stack is edited, and its buttons.

What stands in the table is kept as plain rows in the session, and in the URL once it differs from its preset.
"""

from dataclasses import replace

import streamlit as st

from explorer.errors import ExplorerError
from explorer.networks import activations
from explorer.networks.stack import KINDS, PRESETS, Stack, from_link, parse
from explorer.ui.layers.stack_frame import from_frame, to_frame
from explorer.ui.shared.layout import sentence

FIRST = "notebook"
ROWS, VERSION, NOTE, SEEN = "stack.rows", "stack.version", "stack.note", "stack.seen"


def put(rows: list[dict]) -> None:
    """Other rows in the table: the editor starts anew from them."""
    st.session_state[ROWS] = rows
    st.session_state[VERSION] = st.session_state.get(VERSION, 0) + 1


def take(stack: Stack) -> None:
    """A whole stack, with its input."""
    put([one.plain() for one in stack.rows])
    channels, size, _ = stack.input
    st.session_state["stack_size"] = min(size, 256)
    st.session_state["stack_channels"] = "Grey" if channels == 1 else "Colour"


def choose(preset: str) -> None:
    """The preset as it is, without what had been edited."""
    st.query_params.pop("rows", None)
    if preset == FIRST:
        st.query_params.pop("stack", None)
    else:
        st.query_params["stack"] = preset
    st.session_state[SEEN] = (preset, None)
    take(PRESETS[preset])


def keep(preset: str, stack: Stack) -> Stack:
    """The stack goes into the URL once it is no longer the preset's, under a name of its own."""
    if stack.rows == PRESETS[preset].rows:
        st.query_params.pop("rows", None)
    else:
        stack = replace(stack, name="my stack")
        st.query_params["rows"] = stack.link()
    st.session_state[SEEN] = (preset, st.query_params.get("rows"))
    return stack


def unchanged(preset: str, rows: list[dict]) -> bool:
    """Whether these rows are the preset's."""
    try:
        return parse(rows).rows == PRESETS[preset].rows
    except ExplorerError:
        return False


def start() -> str:
    """The preset of the URL. Where the URL asks for another stack than this session wrote there, the table takes the
    rows of the link, else of the preset."""
    asked = st.query_params.get("stack", FIRST)
    preset = asked if asked in PRESETS else FIRST
    letters = st.query_params.get("rows")
    if st.session_state.get(SEEN) == (preset, letters):
        return preset
    st.session_state[SEEN] = (preset, letters)
    put([one.plain() for one in PRESETS[preset].rows])
    if letters:
        try:
            take(from_link(letters))
        except ExplorerError as problem:
            st.session_state[NOTE] = f"{sentence(problem)} Here is the preset instead."
        for name in ("stack_size", "stack_channels"):
            if name in st.query_params:
                st.session_state.pop(name, None)  # the URL has the last word
    return preset


def edit() -> list[dict]:
    """The editor and its buttons; returns the rows as they stand."""
    widget = f"stack-table-{st.session_state.get(VERSION, 0)}"
    if widget not in st.session_state:  # new rows, or back from another tab
        st.session_state["stack.base"] = st.session_state[ROWS]
    base, number = st.session_state["stack.base"], st.column_config.NumberColumn
    whole = {"step": 1, "format": "%d", "width": 48}
    edited = st.data_editor(
        to_frame(base),
        key=widget,
        num_rows="dynamic",
        hide_index=False,
        width="stretch",
        height=38 + 35 * min(9, len(base) + 2),  # not of the edited rows: another height is another editor
        column_config={
            "_index": number("row", width=34),
            "layer": st.column_config.SelectboxColumn("layer", options=list(KINDS), width=88),
            "out": number("K", help="Channels of a conv, units of a dense row", **whole),
            "kernel": number("F", help="Kernel or window size", **whole),
            "stride": number("S", help="Stride", **whole),
            "padding": number("P", help="Padding", **whole),
            "dilation": number("D", help="Dilation", **whole),
            "bias": st.column_config.CheckboxColumn("b", help="Bias", width=48),
            "function": st.column_config.SelectboxColumn("function", options=list(activations.ACTIVATIONS), width=84),
            "values": st.column_config.TextColumn("values", help="p=0.5 of dropout, alpha=1 of ELU", width=90),
        },
        placeholder="",
        alt="The rows of the stack",
    )
    rows = from_frame(edited)
    st.session_state[ROWS] = rows
    return rows


def buttons(rows: list[dict]) -> None:
    """Reorder, duplicate, delete, add: what the table itself cannot do."""

    def change(what: str) -> None:
        now, at = list(rows), st.session_state.get("stack-row", 1) - 1
        if what == "up":
            now[at - 1], now[at] = now[at], now[at - 1]
        elif what == "down":
            now[at + 1], now[at] = now[at], now[at + 1]
        elif what == "duplicate":
            now.insert(at, dict(now[at]))
        elif what == "delete":
            del now[at]
        else:
            now.insert(at + 1, parse([{"kind": st.session_state["stack-new"]}]).rows[0].plain())
        moved = {"up": -1, "down": 1, "duplicate": 1, "delete": 0, "add": 1}[what]
        st.session_state["stack-row"] = min(max(1, at + 1 + moved), max(1, len(now)))
        put(now)

    count = len(rows)
    if st.session_state.get("stack-row", 1) > max(1, count):
        st.session_state["stack-row"] = max(1, count)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        at = st.number_input("Row", 1, max(1, count), key="stack-row", width=96, label_visibility="collapsed")
        for what, icon, words, help, possible in (
            ("up", None, "↑", "Move this row up", 1 < at <= count),
            ("down", None, "↓", "Move this row down", at < count),
            ("duplicate", "content_copy", "Copy", "Duplicate this row", count > 0),
            ("delete", "delete", "Delete", "Delete this row", count > 0),
        ):
            st.button(
                words,
                icon=icon and f":material/{icon}:",
                key=f"stack-{what}",
                help=help,
                disabled=not possible,
                on_click=change,
                args=(what,),
            )
        st.selectbox("New row", list(KINDS), key="stack-new", width=112, label_visibility="collapsed")
        st.button(
            "Add",
            icon=":material/add:",
            key="stack-add",
            help="Add a row of this kind below",
            on_click=change,
            args=("add",),
        )
