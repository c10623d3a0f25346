"""All runs in a list, one of them in detail, and what can be done with it; refreshed while something runs."""

import html
from pathlib import Path

import streamlit as st

from explorer.training import limits
from explorer.training.dispatcher import ensure
from explorer.training.runs import Run, Store
from explorer.training.status import Status, duration, sentence, status, title
from explorer.ui.layout import empty, numbers
from explorer.ui.train import actions, views

STYLE = f"<style>{Path(__file__).with_name('train.css').read_text(encoding='utf-8')}</style>"
ICONS = {
    "queued": ":material/hourglass_empty:",
    "running": ":blue[:material/play_circle:]",
    "stopping": ":orange[:material/stop_circle:]",
    "stopped": ":gray[:material/pause_circle:]",
    "interrupted": ":orange[:material/warning:]",
    "failed": ":red[:material/error:]",
    "finished": ":green[:material/check_circle:]",
}
SHORT_LIST = 5
QUICK, SLOW = 1, 5  # seconds between two looks: while something runs, and whether anyone has started something


def draw(store: Store, page) -> None:
    st.html(STYLE)
    busy = bool(store.active())
    seen = [(run.id, run.state) for run in store.all()]

    @st.fragment(run_every=QUICK if busy else None)
    def watched():
        ensure(store)
        runs = store.all()
        if busy and not any(run.active for run in runs):
            st.rerun()  # the last one has ended: once more as a whole, then rest
        with page.guard():
            if not runs:
                empty("Nothing has been trained here yet: press Start. The digits take about half a minute.")
                return
            now = {run.id: status(store, run) for run in runs}
            chosen = selected(runs)
            _list(runs, now, chosen)
            _detail(store, page, now[chosen.id], now)

    @st.fragment(run_every=None if busy else SLOW)
    def notice():
        if not busy and [(run.id, run.state) for run in store.all()] != seen:
            st.rerun()  # someone else, or the command line, has changed something

    watched()
    notice()


def selected(runs: list[Run]) -> Run:
    """The run in the URL, else one that runs, else the newest."""
    wanted = st.query_params.get("run", "")
    by_id = {run.id: run for run in runs}
    return by_id.get(wanted) or next((run for run in runs if run.alive), runs[0])


def _choose(run_id: str) -> None:
    st.query_params["run"] = run_id


def _list(runs: list[Run], now: dict[str, Status], chosen: Run) -> None:
    order = sorted(runs, key=lambda run: not run.active)  # those at work first, else newest first
    shown = order[:SHORT_LIST]
    if chosen not in shown:
        shown = [*shown[:-1], chosen]
    with st.container(key="runs", gap=None):
        for run in shown:
            _row(now[run.id], run == chosen)
        rest = [run for run in order if run not in shown]
        if rest:
            with st.expander(f"{len(rest)} older run{'s' * (len(rest) > 1)}", key="train.older"):
                for run in rest:
                    _row(now[run.id], False)


def _row(now: Status, chosen: bool) -> None:
    """One line: name, progress, pace, accuracy; all of it a grid that wraps on a phone."""
    run = now.run
    with st.container(key=f"run-{'chosen-' * chosen}{run.id}", horizontal=True, vertical_alignment="center"):
        label = f"{ICONS[run.state]} {_plain(title(run))}"
        st.button(label, key=f"choose.{run.id}", type="tertiary", on_click=_choose, args=(run.id,), width="stretch")
        st.html(_bar(now))
        st.html(f"<span class='pace'>{html.escape(_pace(now))}</span>")
        accuracy = "" if now.last is None else f"<b>{now.last:.2f} %</b> <small>best {now.best:.2f}</small>"
        st.html(f"<span class='accuracy'>{accuracy}</span>")


def _bar(now: Status) -> str:
    label = f"epoch {now.epoch} of {now.epochs}"
    percent = 100 * now.share
    value = f"aria-label='{label}' aria-valuenow='{percent:.0f}' aria-valuemin='0' aria-valuemax='100'"
    return (
        f"<div class='bar {now.run.state}' role='progressbar' {value}><i style='width:{percent:.1f}%'></i></div>"
        f"<small>{label}</small>"
    )


def _pace(now: Status) -> str:
    rate = f" · {now.rate:,.0f} images/s" if now.rate and now.run.alive else ""
    return sentence(now) + rate


def _detail(store: Store, page, now: Status, everyone: dict[str, Status]) -> None:
    run = now.run
    with st.container(horizontal=True, vertical_alignment="center", key="detail"):
        st.subheader(_plain(title(run)), anchor=False)
        if not limits.training_off():
            actions.draw(store, now, page.present)
    where = f" · {run.device}" if run.device else ""
    begun = f"{run.id[:4]}-{run.id[4:6]}-{run.id[6:8]} {run.id[9:11]}:{run.id[11:13]} UTC"
    words = html.escape(f"{sentence(now)}{where} · started {begun} · run {run.id}")
    st.html(f"<span class='state'>{words}</span>")
    if run.reason:
        show = st.warning if run.state in ("failed", "interrupted") else st.caption
        show(_plain(run.reason[:1].upper() + run.reason[1:]))
    if run.note:
        st.caption(_plain(run.note))
    if not limits.training_off():
        actions.confirm(store, run)
    took = (run.ended or run.heartbeat or 0) - (run.began or 0)
    numbers(
        [
            ("Test accuracy", "–" if now.last is None else f"{now.last:.2f} %",
             "" if now.best is None else f"Best: {now.best:.2f} % in epoch {now.best_epoch}"),
            (f"Epoch of {now.epochs:,}", f"{now.epoch:,}"),
            ("Images/s", f"{now.rate:,.0f}" if now.rate else "–", "In training, tests not counted"),
            ("Time left", _brief(now.left) if now.left is not None else "–") if run.active
            else ("Took", _brief(took) if run.began and took > 0 else "–", "Of the last stretch, with its start"),
        ]
    )  # fmt: skip
    views.draw(page, now, everyone)


def _brief(seconds: float) -> str:
    """As long as a number at a glance may be."""
    return duration(seconds) if seconds < 5400 else f"{seconds / 3600:,.1f} h"


def _plain(text: str) -> str:
    """User text that Streamlit's markdown shows as it is."""
    for sign in "\\`*_{}[]()#+-.!|~:$<>":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", " ")
