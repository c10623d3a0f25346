"""Memory that is bounded in bytes and given back: a cache of what was computed, a session's uploads, what it leaves."""

import ctypes
import gc
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from typing import Any

import streamlit as st
from starlette.exceptions import HTTPException
from streamlit.runtime.scriptrunner import get_script_run_ctx

MOST_UPLOADED = 64 * 2**20  # bytes that one session may leave here at a time
SOON = 1.0  # seconds after a session's end until its memory is collected, so that of a class that leaves it is once
_lock, _waiting = threading.Lock(), threading.Event()


class Bounded:
    """What was computed last, by its key, for all browsers: as much as `most` bytes hold; what is larger is not."""

    def __init__(self, most: int):
        self.most, self.held = most, 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any], size: Callable[[Any], int], saying: str = "") -> Any:
        """The value, made once however many browsers ask for it at the same time; `saying` is shown meanwhile."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:
                    self._values.move_to_end(key)
                    return self._values[key][0]
            try:
                with st.spinner(saying) if saying else nullcontext():
                    value = make()
                self._keep(key, value, size(value))
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return value

    def _keep(self, key: Hashable, value: Any, count: int) -> None:
        with self._lock:
            before = self.held + count
            if count <= self.most:
                self._values[key], self.held = (value, count), before
            while self.held > self.most:
                self.held -= self._values.popitem(last=False)[1][1]
            dropped = self.held < before
        if dropped:
            collect_soon()

    def clear(self) -> None:
        with self._lock:
            self._values.clear()
            self.held = 0


def weight(*tensors: Any) -> int:
    """Bytes of tensors."""
    return sum(one.numel() * one.element_size() for one in tensors)


def model_weight(model: Any) -> int:
    return weight(*model.parameters(), *model.buffers())


def subject_weight(subject: Any) -> int:
    return model_weight(subject.model)


def arrive() -> None:
    """At every run of a page: the session's uploads are bounded, and its end is heard of."""
    _frozen()
    _session()


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda _: collect_soon())
def _session() -> bool:
    if ctx := get_script_run_ctx():
        _bound(ctx.uploaded_file_mgr)
    return True


def _bound(manager: Any) -> None:
    """The manager takes no more of a session's files than it may leave here: a client can send any number of them under
    names that it invents, and no widget need ever ask for one."""
    with _lock:
        if hasattr(manager, "bounded"):
            return
        manager.bounded, add = True, manager.add_file

    def add_file(session_id: str, file: Any) -> None:
        held = list(manager.file_storage.get(session_id, {}).values())
        others = sum(len(one.data) for one in held if one.file_id != file.file_id)
        if others + len(file.data) > MOST_UPLOADED:
            raise HTTPException(413, f"more than {MOST_UPLOADED // 2**20} MB together: remove some of the files")
        add(session_id, file)

    manager.add_file = add_file


def drop(file: Any) -> None:
    """An upload whose picture was taken out need not lie here any longer."""
    if ctx := get_script_run_ctx():
        manager: Any = ctx.uploaded_file_mgr
        manager.remove_file(ctx.session_id, file.file_id)


def collect_soon() -> None:
    """A session that has ended holds its uploads and pictures in cycles until Python collects them."""
    with _lock:
        if _waiting.is_set():
            return
        _waiting.set()
    timer = threading.Timer(SOON, _collect)
    timer.daemon = True
    timer.start()


def _collect() -> None:
    _waiting.clear()
    gc.collect()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)  # glibc keeps what was freed between other blocks


def _frozen() -> None:
    """What torch brings is never garbage: left out of the collections, it no longer makes each of them take 0.2 s."""
    if "torch" in sys.modules and not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
