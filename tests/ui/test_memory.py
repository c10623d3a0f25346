"""What pages keep is bounded in bytes, a session's uploads are, and both are given back."""

import gc
import threading
import weakref

import pytest
from starlette.exceptions import HTTPException
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from explorer.ui.shared import memory
from explorer.ui.shared.memory import MOST_UPLOADED, Bounded

LONG = 60


def test_as_much_is_kept_as_the_bytes_hold_and_the_last_used_stays():
    kept, made = Bounded(100), []

    def get(key, size):
        return kept.get(key, lambda: made.append(key) or key, lambda _: size)

    assert [get("a", 40), get("b", 40), get("a", 40)] == ["a", "b", "a"] and made == ["a", "b"]
    get("c", 40)  # b has to go
    get("a", 40)
    assert made == ["a", "b", "c"] and kept.held == 80
    get("b", 40)
    assert made[-1] == "b" and kept.held <= 100


def test_what_is_larger_than_the_cache_is_given_and_not_kept():
    kept = Bounded(100)
    kept.get("small", lambda: "small", lambda _: 60)
    assert kept.get("large", lambda: "large", lambda _: 101) == "large"
    assert kept.held == 60
    assert kept.get("small", pytest.fail, lambda _: 60) == "small"


def test_two_that_ask_at_once_get_what_was_made_once():
    kept, made, begun, go = Bounded(100), [], threading.Event(), threading.Event()

    def make():
        begun.set()
        assert go.wait(LONG)
        made.append(1)
        return "value"

    threads = [threading.Thread(target=kept.get, args=("key", make, lambda _: 1)) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(LONG)
    go.set()
    for thread in threads:
        thread.join(LONG)
    assert made == [1]


def test_what_could_not_be_made_is_made_again():
    kept = Bounded(100)
    with pytest.raises(ZeroDivisionError):
        kept.get("key", lambda: 1 / 0, lambda _: 1)
    assert kept.get("key", lambda: "value", lambda _: 1) == "value"


def record(name: str, size: int) -> UploadedFileRec:
    return UploadedFileRec(name, f"{name}.png", "image/png", bytes(size))


def test_a_session_leaves_no_more_than_its_share():
    manager = MemoryUploadedFileManager("/upload")
    memory._bound(manager)
    memory._bound(manager)  # every session asks
    part = MOST_UPLOADED // 4
    for name in "abcd":
        manager.add_file("one", record(name, part))
    with pytest.raises(HTTPException) as refused:
        manager.add_file("one", record("e", 1))
    assert refused.value.status_code == 413
    manager.add_file("other", record("e", part))
    manager.add_file("one", record("a", part))  # the same file again is not one more
    manager.remove_file("one", "a")
    manager.add_file("one", record("e", part))
    assert [len(manager.get_files(session, list("abcde"))) for session in ("one", "other")] == [4, 1]


def test_what_a_session_leaves_in_a_circle_is_collected(monkeypatch):
    class Circle:
        def __init__(self):
            self.me = self

    gone = threading.Event()
    weakref.finalize(Circle(), gone.set)
    gc.disable()
    try:
        monkeypatch.setattr(memory, "SOON", 0.0)
        memory.collect_soon()
        assert gone.wait(LONG)
    finally:
        gc.enable()
