"""The study's answer: does the cable layer help? One sentence, one figure, and what was tried."""

import streamlit as st

from explorer.data.disturb import DISTURBANCES
from explorer.figures import results as figures
from explorer.networks import zoo
from explorer.results import answer
from explorer.results.answer import Answer
from explorer.results.evidence import BOUND, Compared
from explorer.results.study import WORDS
from explorer.ui.shared.layout import empty

COMMAND = "python -m benchmarks.study"
PROTOCOL = "docs/STUDY.md"


@st.cache_data(show_spinner=False)
def _answers(stamp: int) -> list[Answer]:
    """Read again once the file is another."""
    return answer.read()


def question() -> None:
    found = _answers(answer.FILE.stat().st_mtime_ns if answer.FILE.exists() else 0)
    if not found:
        empty(f"Nothing has been found yet: `{COMMAND}` trains the study, `{COMMAND} --analyse` says what it found.")
        return
    st.markdown("##### Does a cable layer in front of a ResNet make it better?")
    by_key = {one.key: one for one in found}
    one = found[0]
    if len(found) > 1:
        one = by_key[
            st.segmented_control(
                "Experiment",
                list(by_key),
                default=one.key,
                required=True,
                key="experiment",
                bind="query-params",
                format_func=lambda key: by_key[key].title,
            )
        ]
    st.markdown(f"**{one.verdict}**")
    _figure(one)
    st.markdown(one.robustness)
    with st.expander("What the filters in front became", icon=":material/filter_center_focus:"):
        st.markdown(one.sharpening)
    _tried(one)


def _figure(one: Answer) -> None:
    disturbed = one.disturbed()
    columns = st.columns(2, gap="medium") if disturbed else [st.container()]
    _differences(
        columns[0],
        one.clean(),
        [f"{WORDS.get(each.arm, each.arm)}<br><span style='font-size:12px'>{each.arm}</span>" for each in one.clean()],
        "Clean images: the ResNet with it in front, minus the ResNet alone",
        f"{one.key}.clean",
    )
    if disturbed:
        names = [DISTURBANCES[each.outcome].title for each in disturbed]
        _differences(
            columns[1],
            disturbed,
            names,
            "Disturbed images: with the cable layer, minus the ResNet alone",
            f"{one.key}.disturbed",
        )
    st.caption(
        f"Points of accuracy on the test images, seed by seed, with 95 % intervals; the grey band is ±{BOUND:g}, "
        "within which a difference is none worth having. Green: better than the baseline; orange: worse; grey: the "
        "interval holds 0; an empty ring: fewer than three pairs, which have no interval."
    )
    st.download_button(
        "All differences as CSV",
        one.table(),
        f"study-{one.key}.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _differences(place, rows: list[Compared], names: list[str], title: str, key: str) -> None:
    if not rows:
        return
    lines = [(name, row.difference) for name, row in zip(names, rows, strict=True) if row.difference]
    words = "; ".join(f"{name.partition('<')[0]} {one.mean:+.2f}" for name, one in lines)
    place.markdown(f"**{title}**")
    place.plotly_chart(
        figures.differences(lines, BOUND, key),
        key=f"differences.{key}",
        config={
            "displaylogo": False,
            "modeBarButtons": [["toImage"]],
            "toImageButtonOptions": {"filename": key, "scale": 2},
        },
        alt=f"{title}, in points: {words}",
    )


def _tried(one: Answer) -> None:
    with st.expander("What was tried, and how", icon=":material/science:"):
        st.markdown(
            f"{one.runs} of {one.planned} runs of this experiment are there. The questions, the recipe and how it was "
            f"chosen, the outcomes and the analysis were written down before the first run, in `{PROTOCOL}`; recipes "
            "are chosen on training images held out, and the test images are looked at once a run.\n\n"
            + "\n".join(
                f"- **{words}** (`{arm}`): {zoo.entry(arm).description}"
                for arm, words in WORDS.items()
                if arm in one.arms
            )
        )
        st.code(f"{COMMAND}             # trains what is missing\n{COMMAND} --analyse   # what it says", "bash")
