"""A sweep: one line in the list that opens into networks by widths, with the paper's figure beside each network."""

import html
import statistics

import streamlit as st

from explorer.training.dispatch.submit import resume_sweep
from explorer.training.store import limits, spread, sweeps
from explorer.training.store.runs import ENDED, Run, Store
from explorer.training.store.status import Status, sentence, title
from explorer.ui.shared import layout
from explorer.ui.training import viewer

ASKED = "train.sweep.asked"  # (what of QUESTIONS, the sweep) that waits for a second yes
QUESTIONS = {  # what to ask, yes and no
    "stop": ("Stop {} runs of this sweep? Resume all goes on with them.", "Stop them", "Let them run"),
    "resume": ("Let {} runs of this sweep go on all the same?", "Let them go on", "Leave them"),
}


def is_open(name: str) -> bool:
    return bool(name) and st.query_params.get("sweep") == name


def draw(store: Store, name: str, runs: list[Status], chosen: Run) -> None:
    """`runs` in the order in which they were asked for."""
    table, opened = spread.rows(runs), is_open(name)
    with st.container(key=f"run-{'chosen-' * opened}{name}", horizontal=True, vertical_alignment="center"):
        label = f":material/keyboard_arrow_{'down' if opened else 'right'}: {layout.plain(name)}"
        st.button(label, key=f"sweep.{name}", type="tertiary", on_click=_toggle, args=(name,), width="stretch")
        share = statistics.mean(one.share for one in runs)
        st.html(
            f"<div class='bar {_state(runs)}'><i style='width:{100 * share:.1f}%'></i></div>"
            f"<small>{len(runs)} runs</small>"
        )
        st.html(f"<span class='pace'>{spread.states(runs)}</span>")
        means = [statistics.mean(cell.accuracies) for row in table for cell in row.cells.values() if cell.accuracies]
        best = f"<b>{max(means):.2f} %</b> <small>best mean</small>" if means else ""
        st.html(f"<span class='accuracy'>{best}</span>")
    if opened:
        with st.container(key=f"open-{name}"):
            st.html(_html(table))
            _look(runs, chosen)
            if not limits.training_off():
                _actions(store, name, runs)


def _toggle(name: str) -> None:
    if is_open(name):
        del st.query_params["sweep"]
    else:
        st.query_params["sweep"] = name


def _state(runs: list[Status]) -> str:
    """The colour of the bar: that of the worst once nothing goes on any more."""
    found = {one.run.state for one in runs}
    if not found <= set(ENDED):
        return "running"
    return next(state for state in ("failed", "interrupted", "stopped", "finished") if state in found)


def _html(table: list[spread.SweepRow]) -> str:
    across = spread.widths(table)
    head = "".join(f"<th>width {width}</th>" for width in across)
    body = ""
    for row in table:
        cells = "".join(f"<td>{_cell(row.cells[width]) if width in row.cells else ''}</td>" for width in across)
        paper = f"<b>{row.reported} %</b><small>{html.escape(row.paper[1])}</small>" if row.paper else ""
        body += f"<tr><th>{html.escape(row.label)}</th>{cells}<td class='paper'>{paper}</td></tr>"
    return (
        "<div class='sweep'><table><thead><tr><th>network</th>"
        f"{head}<th>paper</th></tr></thead><tbody>{body}</tbody></table></div>"
        "<small class='state'>Accuracy after the last epoch, on the test images or those set aside: "
        "mean over finished seeds, from three on ± deviation."
        "</small>"
    )


def _cell(cell: spread.Cell) -> str:
    return (f"<b>{cell.text} %</b>" if cell.text else "") + f"<small>{cell.note}</small>"


def _look(runs: list[Status], chosen: Run) -> None:
    """One run of the sweep for the view below."""
    by_id = {one.run.id: one for one in runs}

    def look() -> None:
        if st.session_state[key]:
            st.query_params["run"] = st.session_state[key]

    key = f"sweep.run.{runs[0].run.sweep}.{chosen.id}"  # another run, another widget: it shows what is chosen
    st.selectbox(
        "Look at one of its runs",
        list(by_id),
        list(by_id).index(chosen.id) if chosen.id in by_id else None,
        format_func=lambda run_id: _words(by_id[run_id]),
        key=key,
        on_change=look,
        placeholder="network, width, seed",
    )


def _words(one: Status) -> str:
    accuracy = "" if one.last is None else f" · {one.last:.2f} %"
    return f"{title(one.run)} · {sentence(one)}{accuracy}"


def _actions(store: Store, name: str, runs: list[Status]) -> None:
    """Stop all asks first, Resume all where there are runs of someone else's among them."""
    of = {
        "stop": [one.run for one in runs if one.run.state in ("queued", "running")],
        "resume": [one.run for one in runs if one.run.state in ("stopped", "interrupted", "failed")],
    }
    whose = {what: next(filter(None, (viewer.whose(run.owner) for run in ones)), "") for what, ones in of.items()}
    with st.container(horizontal=True):
        for what, icon in (("stop", "stop"), ("resume", "play_arrow")):
            label, key = f"{what.capitalize()} all {len(of[what])}", f"sweep.{what}.{name}"
            if st.button(label, icon=f":material/{icon}:", key=key, disabled=not of[what]):
                if what == "stop" or whose[what]:
                    st.session_state[ASKED] = what, name
                else:
                    _act(store, what, name)
    what, asked = st.session_state.get(ASKED, ("", ""))
    if asked == name and of[what]:
        _question(store, what, name, len(of[what]), whose[what])


def _question(store: Store, what: str, name: str, count: int, whose: str) -> None:
    question, yes, no = QUESTIONS[what]
    words = f"{whose} {question.format(count)}".strip()
    with st.container(border=True, key="confirm.sweep", horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/help: {layout.plain(words)}")
        if st.button(yes, type="primary", key=f"yes.sweep.{name}"):
            del st.session_state[ASKED]
            _act(store, what, name)
        if st.button(no, key=f"no.sweep.{name}"):
            del st.session_state[ASKED]
            st.rerun()


def _act(store: Store, what: str, name: str) -> None:
    layout.attempt(*((sweeps.stop, store, name) if what == "stop" else (resume_sweep, store, name, viewer.visitor())))
    st.rerun()
