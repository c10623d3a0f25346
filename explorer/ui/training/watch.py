"""All runs in a list, one of them in detail, and what can be done with it; refreshed while something runs."""

import html
from pathlib import Path

import streamlit as st

from explorer.errors import ExplorerError
from explorer.paths import private
from explorer.training.dispatch import processes
from explorer.training.dispatch.on_demand import ensure
from explorer.training.store import limits
from explorer.training.store.row import ACTIVE
from explorer.training.store.runs import Run, Store
from explorer.training.store.status import Status, duration, sentence, statuses, title
from explorer.ui.shared.layout import empty, numbers, plain
from explorer.ui.training import actions, left_out, listing, views

STYLE = f"<style>{Path(__file__).with_name('train.css').read_text(encoding='utf-8')}</style>"
QUICK, SLOW = 1, 5  # seconds between two looks: while something runs, and whether anyone has started something


def draw(store: Store, page) -> None:
    st.html(STYLE)
    before = _seen(store)
    busy = any(state in ACTIVE for _, state in before)

    @st.fragment(run_every=QUICK if busy else None)
    def watched():
        with page.guard():
            ensure(store)
            runs, damaged = store.listed()
            if busy and not any(run.active for run in runs):
                st.rerun()  # the last one has ended: once more as a whole, then rest
            now = statuses(store, runs)
            if runs:
                listing.draw(store, runs, now, selected(runs))
            else:
                start = ": press Start. The digits take about half a minute" * (not limits.training_off())
                empty(f"Nothing has been trained here yet{start}.")
            if not page.present and not limits.training_off():
                left_out.draw(store, damaged)
            if runs:
                _detail(store, page, now[selected(runs).id], now)

    @st.fragment(run_every=None if busy else SLOW)
    def notice():
        if not busy and _seen(store) != before:
            st.rerun()  # someone else, or the command line, has changed something

    watched()
    notice()


def _seen(store: Store) -> list[tuple[str, str]]:
    """What would change the list: each run with its state, or what keeps it from being read."""
    try:
        return [(run.id, run.state) for run in store.all()]
    except ExplorerError as problem:
        return [(str(problem), "")]


def selected(runs: list[Run]) -> Run:
    """The run in the URL, else one that runs, else the newest."""
    wanted = st.query_params.get("run", "")
    by_id = {run.id: run for run in runs}
    return by_id.get(wanted) or next((run for run in runs if run.alive), runs[0])


def _detail(store: Store, page, now: Status, everyone: dict[str, Status]) -> None:
    run = now.run
    with st.container(horizontal=True, vertical_alignment="center", key="detail"):
        st.subheader(plain(title(run)), anchor=False)
        if not limits.training_off():
            actions.draw(store, now, page.present)
    where = f" · {run.device}" if run.device else ""
    where += f" on {run.host}" if run.host not in ("", processes.host()) else ""
    begun = f"{run.id[:4]}-{run.id[4:6]}-{run.id[6:8]} {run.id[9:11]}:{run.id[11:13]} UTC"
    words = html.escape(f"{sentence(now)}{where} · started {begun} · run {run.id}")
    st.html(f"<span class='state'>{words}</span>")
    if run.reason:
        show = st.warning if run.state in ("failed", "interrupted") else st.caption
        show(plain(private(run.reason[:1].upper() + run.reason[1:])))
    for remark in now.remarks:
        st.warning(plain(private(remark)))
    if run.note:
        st.caption(plain(run.note))
    if not limits.training_off():
        actions.confirm(store, run)
    took = (run.ended or run.heartbeat or 0) - (run.began or 0)
    numbers(
        [
            (
                f"{now.watched.capitalize()} accuracy",
                "–" if now.last is None else f"{now.last:.2f} %",
                "" if now.best is None else f"Best: {now.best:.2f} % in epoch {now.best_epoch}",
            ),
            (f"Epoch of {now.epochs:,}", f"{now.epoch:,}"),
            ("Images/s", f"{now.rate:,.0f}" if now.rate else "–", "In training, tests not counted"),
            ("Time left", _brief(now.left) if now.left is not None else "–")
            if run.active
            else ("Took", _brief(took) if run.began and took > 0 else "–", "Of the last stretch, with its start"),
        ]
    )
    views.draw(page, now, everyone)


def _brief(seconds: float) -> str:
    """As long as a number at a glance may be."""
    return duration(seconds) if seconds < 5400 else f"{seconds / 3600:,.1f} h"
