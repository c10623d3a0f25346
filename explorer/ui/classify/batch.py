"""Many images of one's own at once: a table of answers, as CSV too.

An answer is kept for as long as its file is there, and the table until another batch comes, since Streamlit forgets the
uploads of a tab that was left; of the pictures only thumbnails are kept.
"""

import pandas as pd
import streamlit as st

from explorer.classify.predict import predict
from explorer.data import images
from explorer.errors import ExplorerError
from explorer.ui.classify.source import Asked
from explorer.ui.shared import caches
from explorer.ui.shared.layout import empty, plain, sentence
from explorer.ui.shared.picker import TYPES, square, thumbnail
from explorer.ui.shared.pictures import address

MOST = 64
_SAID, _ROWS, _SEEN = "batch.said", "batch.rows", "batch.seen"
THUMB = 64


def draw(asked: list[Asked]) -> None:
    files = st.file_uploader(
        f"Up to {MOST} images",
        TYPES,
        accept_multiple_files=True,
        key="batch",
        on_change=_forget,
        help="PNG, JPEG, WebP, BMP or GIF, at most 10 MB each and 64 MB together; they stay here.",
    )
    fit = square("Make them square", "batch.fit")
    if len(files) > MOST:
        st.warning(f"{len(files)} images: only the first {MOST} are asked about.", icon=":material/warning:")
        files = files[:MOST]
    if files:
        st.session_state[_ROWS], st.session_state[_SEEN] = _rows(files, asked, fit)
    if _ROWS not in st.session_state:
        empty("Drop images here; every network chosen at the left answers for each of them.")
        return
    if not files:
        st.caption("The batch before: drop its images again to ask other networks.")
    rows = st.session_state[_ROWS]
    table = pd.DataFrame(rows)
    shown = _shown(rows, [name for name in table if _probability(name) in table])
    shown.insert(0, "image", st.session_state[_SEEN])
    st.dataframe(
        shown,
        hide_index=True,
        row_height=THUMB,
        column_config={"image": st.column_config.ImageColumn("image", width=THUMB + 16)},
    )
    for row in rows:
        if "note" in row:
            st.caption(f":material/warning: **{plain(row['file'])}**: {row['note']}")
    st.download_button(
        "Table as CSV",
        table.to_csv(index=False),
        "predictions.csv",
        "text/csv",
        icon=":material/table:",
        on_click="ignore",
    )


def _forget() -> None:
    st.session_state.pop(_ROWS, None)


def _rows(files, asked: list[Asked], fit: str) -> tuple[list[dict], list[str]]:
    """One a file, and its thumbnail; only what has not been answered yet is asked."""
    before, said = dict(st.session_state.get(_SAID, {})), {}
    rows, bar = [], None
    for done, file in enumerate(files, start=1):
        row, keys = {"file": file.name}, [(file.file_id, one.key, one.subject.version, fit) for one in asked]
        if missing := [pair for pair in zip(asked, keys, strict=True) if pair[1] not in before]:
            bar = bar or st.progress(0.0)
            bar.progress(done / len(files), f"{done} of {len(files)} images")
            before |= _answers(file, missing, fit)
        said[file.file_id] = before[file.file_id]
        for one, key in zip(asked, keys, strict=True):
            said[key] = before[key]
            row |= (
                {"note": said[key]}
                if isinstance(said[key], str)
                else {one.name: said[key][0], _probability(one.name): said[key][1]}
            )
        rows.append(row)
    st.session_state[_SAID] = said
    if bar is not None:
        bar.empty()
    return rows, [said[file.file_id] for file in files]


def _answers(file, missing: list[tuple[Asked, tuple]], fit: str) -> dict:
    """(answer, probability) of each network, or a sentence on what is wrong with the file; by the file's own name its
    thumbnail, empty where there is none."""
    try:
        image = images.decode(file.getvalue())
        found: dict = {file.file_id: address(thumbnail(image, THUMB))}
        for one, key in missing:
            with caches.gate():
                said = predict(one.subject, image, fit)
            found[key] = said.answer, round(float(said.probabilities.max()), 4)
        return found
    except ExplorerError as problem:
        return {file.file_id: "", **dict.fromkeys((key for _, key in missing), sentence(problem))}


def _probability(name: str) -> str:
    return f"{name}, probability"


def _shown(rows: list[dict], asked: list[str]) -> pd.DataFrame:
    """As people read it: a column a network, the answer and how sure it is."""

    def cell(row: dict, name: str) -> str:
        return f"{row[name]}, {row[_probability(name)]:.1%}" if name in row else ""

    return pd.DataFrame([{"file": row["file"], **{name: cell(row, name) for name in asked}} for row in rows])
