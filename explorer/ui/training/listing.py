"""The list of runs: a line a run, a line a sweep, those at work first."""

import html

import streamlit as st

from explorer.training.store.runs import Run, Store
from explorer.training.store.status import Status, sentence, title
from explorer.ui.shared.layout import plain
from explorer.ui.training import sweep

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


def draw(store: Store, runs: list[Run], now: dict[str, Status], chosen: Run) -> None:
    order = entries([now[run.id] for run in runs])
    shown = order[:SHORT_LIST]
    opened = [entry for entry in order if now[chosen.id] in entry or sweep.is_open(entry[0].run.sweep)]
    rest = [entry for entry in order[SHORT_LIST:] if entry not in opened]
    shown += [entry for entry in order[SHORT_LIST:] if entry in opened]
    with st.container(key="runs", gap=None):
        for entry in shown:
            _entry(store, entry, chosen)
        if rest:
            with st.expander(f"{len(rest)} older run{'s' * (len(rest) > 1)}", key="train.older"):
                for entry in rest:
                    _entry(store, entry, chosen)


def entries(runs: list[Status]) -> list[list[Status]]:
    """What has a line of its own: single runs, and all runs of a sweep together; those at work first."""
    together: dict[str, list[Status]] = {}
    for one in runs:
        together.setdefault(one.run.sweep or one.run.id, []).append(one)
    return sorted(together.values(), key=lambda entry: not any(one.run.active for one in entry))


def _entry(store: Store, entry: list[Status], chosen: Run) -> None:
    if entry[0].run.sweep:
        sweep.draw(store, entry[0].run.sweep, entry[::-1], chosen)
    else:
        _row(entry[0], entry[0].run == chosen)


def _choose(run_id: str) -> None:
    st.query_params["run"] = run_id


def _row(now: Status, chosen: bool) -> None:
    """One line: name, progress, pace, accuracy; all of it a grid that wraps on a phone."""
    run = now.run
    with st.container(key=f"run-{'chosen-' * chosen}{run.id}", horizontal=True, vertical_alignment="center"):
        label = f"{ICONS[run.state]} {plain(title(run))}"
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
