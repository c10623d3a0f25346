"""The Stack tab: build a network row by row and see all of it on the image."""

import streamlit as st

from explorer.errors import ExplorerError
from explorer.networks.stack import MOST_ROWS, PRESETS, Stack, parse
from explorer.ui.layers import stack_table as table
from explorer.ui.layers import stack_view
from explorer.ui.shared import state
from explorer.ui.shared.frame import Frame
from explorer.ui.shared.layout import controls_and_picture, formula, matters, sentence
from explorer.ui.shared.widgets import choice, whole


def draw(page: Frame) -> None:
    controls, picture = controls_and_picture("stack")
    with picture, page.guard():
        with controls:
            start = matters("start-from")  # names a preset only while the rows below are its own
            preset = table.start()
            shape, seed = _settings(preset)
            if not page.present:
                _import()
        rows = table.edit()
        with start:
            _start_from(preset, rows)
        table.buttons(rows)
        stack = table.keep(preset, parse({"rows": rows, "name": PRESETS[preset].name, "input": shape}))
        planned = stack.plan()
        if not planned:
            raise ExplorerError("the stack has no rows: add one below the table or choose a preset")
        stack_view.at_a_glance(planned)
        network, summary, code, text = st.tabs(["On the image", "Summary", "PyTorch code", "JSON"])
        with network, page.guard():
            stack_view.network(page, stack, planned, seed)
        with summary:
            stack_view.summary(planned)
        with code:
            written = stack.code(seed=seed)
            st.code(written, language="python")
            st.download_button("Download stack.py", written, "stack.py", "text/x-python", on_click="ignore")
        with text:
            st.code(stack.json(), language="json", wrap_lines=True)
            st.download_button("Download stack.json", stack.json(), "stack.json", "application/json", on_click="ignore")
        with controls:
            _train(stack)
    formula(
        r"H_\text{out} = \left\lfloor\frac{H_\text{in} - D(F-1) - 1 + 2P}{S}\right\rfloor + 1,\qquad D_\text{out} = K",
        "The notebook's equations (2) to (4), with dilation D. The receptive field of a value grows by D(F − 1) "
        "times the product of all strides before it.  \nFLOPs count a multiplication and its addition as two; "
        "a dense row sees the whole image.",
        "Shapes and costs",
    )


def _start_from(preset: str, rows: list[dict]) -> None:
    box = "stack-box"
    st.session_state[box] = preset if table.unchanged(preset, rows) else None

    def choose() -> None:
        if chosen := st.session_state[box]:
            table.choose(chosen)

    st.selectbox(
        "Start from",
        list(PRESETS),
        index=None,
        key=box,
        format_func=lambda key: PRESETS[key].name,
        on_change=choose,
        placeholder="your own rows",
    )


def _settings(preset: str) -> tuple[tuple[int, int, int], int]:
    if table.NOTE in st.session_state:
        st.warning(st.session_state.pop(table.NOTE), icon=":material/link_off:")
    channels, size, _ = PRESETS[preset].input
    colour = choice("Channels", "stack_channels", ["Grey", "Colour"], "Grey" if channels == 1 else "Colour")
    left, right = st.columns(2, gap="small")
    side = whole("Size", "stack_size", 1, 256, size, place=left, help="Pixels a side that the network sees")
    seed = whole("Seed", "stack_seed", 0, 9999, 0, place=right, help="Draws the weights")
    return (3 if colour == "Colour" else 1, side, side), seed


def _import() -> None:
    """A stack from a file or from pasted text; what cannot be read is said and changes nothing."""

    def read(text: str | bytes | None) -> None:
        if not text:
            return
        try:
            table.take(parse(text))
        except ExplorerError as problem:
            st.session_state[table.NOTE] = f"{sentence(problem)} Nothing was changed."

    with st.expander("Import JSON", icon=":material/upload:"):
        file = st.file_uploader("A stack.json", ["json"], key="stack-file", max_upload_size=1)
        pasted = st.text_area("or paste it", key="stack-pasted", max_chars=65536, height=100)
        text = file.getvalue() if file else pasted
        st.button("Import", key="stack-import", disabled=not text, on_click=read, args=(text,), width="stretch")
    st.caption(f"At most {MOST_ROWS} rows; edit the cells, or choose a row and use the buttons below the table.")


def _train(stack: Stack) -> None:
    with st.container(key="train-stack"):
        params = {"own": stack.link()}
        state.page_link("Train", "Train this stack", icon=":material/model_training:", width="stretch", params=params)
