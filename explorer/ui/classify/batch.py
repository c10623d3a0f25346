"""Many images of one's own at once: a table of answers, as CSV too."""

import pandas as pd
import streamlit as st

from explorer import images
from explorer.errors import ExplorerError
from explorer.predict import predict
from explorer.ui import caches
from explorer.ui.classify.source import Asked
from explorer.ui.layout import empty, sentence
from explorer.ui.picker import TYPES

MOST = 64


def draw(asked: list[Asked], fit: str) -> None:
    files = st.file_uploader(f"Up to {MOST} images", TYPES, accept_multiple_files=True, key="batch",
                             help="PNG, JPEG, WebP, BMP or GIF, at most 10 MB each; they stay here.")  # fmt: skip
    if not files:
        empty("Drop images here; every network chosen at the left answers for each of them.")
        return
    if len(files) > MOST:
        st.warning(f"{len(files)} images: only the first {MOST} are asked about.", icon=":material/warning:")
        files = files[:MOST]
    table = pd.DataFrame(_rows(files, asked, fit))
    st.dataframe(table, hide_index=True, width="stretch")
    st.download_button("Table as CSV", table.to_csv(index=False), "predictions.csv", "text/csv",
                       icon=":material/table:", on_click="ignore")  # fmt: skip


def _rows(files, asked: list[Asked], fit: str) -> list[dict]:
    rows, bar = [], st.progress(0.0, f"0 of {len(files)} images")
    for done, file in enumerate(files, start=1):
        row = {"file": file.name}
        try:
            image = images.decode(file.getvalue())
            for one in asked:
                with caches.gate():
                    said = predict(one.subject, image, fit)
                row |= {one.name: said.answer, f"{one.name}, probability": round(float(said.probabilities.max()), 4)}
        except ExplorerError as problem:
            row["note"] = sentence(problem)
        rows.append(row)
        bar.progress(done / len(files), f"{done} of {len(files)} images")
    bar.empty()
    return rows
