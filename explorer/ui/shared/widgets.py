"""Widgets of the Layers page that keep their value in the URL and survive changed bounds and hostile links."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Final, Literal

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.errors import ExplorerError
from explorer.ui.shared import state
from explorer.ui.shared.layout import plain

URL: Final = "query-params"
Persist = Literal["session"]
Width = Literal["stretch", "content"]


def follow(key: str, default: object) -> None:
    """Called before a bound widget whose default depends on other settings.

    What equals the default is not in the URL, so whoever left it there goes along when the default moves: a link then
    shows what was seen. What was chosen stays.
    """
    before = st.session_state.get(f"{key}.default", default)
    if before != default and st.session_state.get(key) == before:
        st.session_state[key] = default
    st.session_state[f"{key}.default"] = default


def whole(
    label: str,
    key: str,
    low: int,
    high: int,
    default: int,
    *,
    place: ModuleType | DeltaGenerator = st,
    help: str | None = None,
    persist: Persist | None = None,
) -> int:
    """A whole number; one that other settings have pushed out of its bounds comes back to the nearest."""
    high = max(low, high)
    start = min(max(default, low), high)
    follow(key, start)
    held = st.session_state.get(key)
    if held is not None and not low <= held <= high:
        st.session_state[key] = min(max(held, low), high)
    return int(place.number_input(label, low, high, start, 1, key=key, bind=URL, help=help, persist_state=persist))


def choice(
    label: str,
    key: str,
    options: Sequence[str],
    default: str,
    *,
    help: str | None = None,
    persist: Persist | None = None,
    width: Width = "stretch",
    label_visibility: Literal["visible", "collapsed"] = "visible",
) -> str:
    """One of a few, all of them in sight."""
    return st.segmented_control(
        label,
        options,
        default=default,
        key=key,
        bind=URL,
        required=True,
        format_func=plain,  # in the URL as well, which no name of ours is changed by
        help=help,
        width=width,
        persist_state=persist,
        label_visibility=label_visibility,
    )


def named(label: str, key: str, options: Mapping[str, str], default: str, *, help: str | None = None) -> str:
    """One of many under long labels; the URL keeps the short name, which a bound widget would not.

    The name that a link or the browser's Back asks for is taken up; what was chosen stays while the default moves.
    """
    box, seen, asked = f"{key}-box", f"{key}-seen", st.query_params.get(key)
    follow(box, default)
    if st.session_state.get(box) not in options or asked != st.session_state.get(seen):
        st.session_state[box] = asked if asked in options else default
    chosen = st.selectbox(label, list(options), key=box, format_func=options.__getitem__, help=help)
    if chosen == default:
        st.query_params.pop(key, None)
    elif chosen != asked:
        st.query_params[key] = chosen
    st.session_state[seen] = st.query_params.get(key)
    return chosen


def preset(
    key: str, label: str, presets: dict[str, tuple[str, dict]], first: str, help: str | None = None
) -> str | None:
    """A list of settings to start from: choosing one fills the widgets of its keys; it stays free to change them."""

    def fill() -> None:
        chosen = st.session_state[key]
        if chosen:
            values = presets[chosen][1]
            # a widget that the preset brings to the page does not tell the address of a value that waits for it
            new = {name: value for name, value in values.items() if name not in st.session_state}
            st.query_params.update(state.texts(new))
            st.session_state.update(values)
            st.session_state.update(
                {
                    f"{name}.version": st.session_state.get(f"{name}.version", 0) + 1
                    for name in values
                    if f"{name}.base" in st.session_state
                }
            )

    return st.selectbox(
        label,
        list(presets),
        index=None,
        key=key,
        format_func=lambda name: presets[name][0],
        on_change=fill,
        placeholder=first,
        help=help,
    )


@contextmanager
def starting(key: str, presets: dict[str, tuple[str, dict]]) -> Iterator[None]:
    """The list of settings that the widgets of the block below it start from. It names those that they stand at,
    however they came there: by the list, by hand, by the browser's Back."""
    place = st.container()
    try:
        yield
    finally:
        st.session_state[key] = next((name for name, (_, values) in presets.items() if _stand_at(values)), None)
        with place:
            preset(key, "Start from", presets, "your own settings")


def _stand_at(values: dict) -> bool:
    """Whether the widgets have these values; one that is not drawn, as what it says does not count, has any."""
    drawn = [name for name in values if name in st.session_state]
    return bool(drawn) and all(st.session_state[name] == values[name] for name in drawn)


def read_table(text: str, most: int) -> np.ndarray:
    """Rows divided by ; and numbers by , -> a table, each number finite and at most a million."""
    try:
        rows = [[float(number) for number in line.split(",")] for line in text.split(";")]
    except ValueError as error:
        raise ExplorerError("a number of the table cannot be read: write 1,2;3,4") from error
    if len({len(row) for row in rows}) != 1 or max(len(rows), len(rows[0])) > most:
        raise ExplorerError(f"the rows of the table differ in length or are more than {most}: write 1,2;3,4")
    table = np.array(rows)
    if not (np.isfinite(table) & (np.abs(table) <= 1e6)).all():
        raise ExplorerError("the table holds a number that is not finite or above a million: change it")
    return table


def write_table(table: np.ndarray) -> str:
    return ";".join(",".join(f"{number:g}" for number in row) for row in table)


def table(label: str, key: str, default: str, *, most: int = 8, shape: tuple[int, int] | None = None) -> np.ndarray:
    """A grid to type numbers into; what stands in it is in the URL under `key`, as 1,2;3,4.

    `shape` cuts or fills it with zeros. The editor keeps its own edits as long as what it started from stays the same,
    so it is given a new name whenever that changes: by a preset, by another shape, or when it had been out of sight.
    """
    version, seen, asked = f"{key}.version", f"{key}.seen", st.query_params.get(key)
    st.session_state.setdefault(version, 0)
    if key not in st.session_state or asked != st.session_state.get(seen):  # a link, not what was written here
        st.session_state[key] = asked or default
        st.session_state[version] += 1
    try:
        values = read_table(st.session_state[key], most)
    except ExplorerError:
        values = read_table(default, most)
    if shape is not None and values.shape != shape:
        fitted = np.zeros(shape)
        rows, columns = min(shape[0], values.shape[0]), min(shape[1], values.shape[1])
        fitted[:rows, :columns] = values[:rows, :columns]
        values = fitted
        st.session_state[version] += 1
    widget = f"{key}.editor.{st.session_state[version]}"
    if widget not in st.session_state:
        st.session_state[f"{key}.base"] = values
    base = st.session_state[f"{key}.base"]
    frame = pd.DataFrame(base, columns=[str(n) for n in range(base.shape[1])])
    st.caption(label)
    edited = st.data_editor(frame, key=widget, hide_index=True, width="stretch")
    numbers = pd.DataFrame(edited).apply(pd.to_numeric, errors="coerce").to_numpy(float)
    result = read_table(write_table(np.nan_to_num(numbers, nan=0.0)), most)
    text = write_table(result)
    st.session_state[key] = text
    if text == default:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = text
    st.session_state[seen] = st.query_params.get(key)
    return result
