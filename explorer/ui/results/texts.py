"""The five texts passage by passage: what each says, the page that shows it, and what holds it."""

import pandas as pd
import streamlit as st

from explorer import papers
from explorer.results import passages
from explorer.results.passages import Passage


def title() -> str:
    """What the fold says before it is opened."""
    return f"The five texts, passage by passage: {passages.counted(passages.passages())}"


def draw() -> None:
    number = st.segmented_control(
        "Text",
        list(papers.TEXTS),
        default=next(iter(papers.TEXTS)),
        required=True,
        key="text",
        bind="query-params",
        format_func=lambda number: f"{number} {papers.TEXTS[number][0]}",
    )
    found = [one for one in passages.passages() if one.text == number]
    st.caption(f"{papers.TEXTS[number][1]}. {passages.counted(found)}.")
    st.table(pd.DataFrame([_row(one) for one in found]).set_index("passage"))
    st.caption("`docs/TEXTS.md` names every test; `pytest tests/pages/test_texts.py` opens every link.")


def _row(one: Passage) -> dict[str, str]:
    links = [f"[{words}]({address})" for address, words in one.links]
    tests = dict.fromkeys(test.partition("::")[0] for test in one.tests)
    return {
        "passage": one.place,
        "it says": one.says,
        "in the app": ", ".join(links) or ":gray[open]",
        "held by": ", ".join([*tests, *(f"card {name}" for name in one.cards)]),
        "otherwise": f"{one.apart} `{one.command}`" if one.command else one.apart,
    }
