"""Checkpoints survive what a disk, a crash or a stranger can do to them."""

import errno
import os
import pickle

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.training.work import checkpoint, metrics


def state(number: float, fingerprint="same") -> dict:
    return {
        "model": {"weight": torch.full((3, 2), float(number))},
        "optimiser": {"state": {}, "param_groups": []},
        "epoch": int(number),
        "batch": 0,
        "totals": torch.zeros(4),
        "seconds": 0.5,
        "precision": "float32",
        "recipe": "{}",
        "fingerprint": fingerprint,
    }


def loaded(folder):
    found, note = checkpoint.load(folder, "same")
    return (found["epoch"] if found else None), note


def test_last_and_the_one_before(tmp_path):
    assert loaded(tmp_path) == (None, "")
    for number in (1, 2, 3):
        checkpoint.save(tmp_path, state(number))
    assert loaded(tmp_path) == (3, "")
    assert torch.load(tmp_path / "prev.pt", weights_only=True)["epoch"] == 2
    assert sorted(os.listdir(tmp_path)) == ["last.pt", "prev.pt"]


@pytest.mark.parametrize("damage", [
    lambda content: b"", lambda content: content[:-1], lambda content: content[:100], lambda content: b"PK" + content,
    lambda content: content[:400] + b"\0\1\2" * 60 + content[580:], lambda content: pickle.dumps({"epoch": 9}),
    lambda content: b"GIF89a", lambda content: content.replace(torch.full((3, 2), 2.0).numpy().tobytes(), bytes(24)),
])  # fmt: skip
def test_a_damaged_last_gives_way_to_the_one_before_and_says_so(tmp_path, damage):
    checkpoint.save(tmp_path, state(1))
    checkpoint.save(tmp_path, state(2))
    last = tmp_path / "last.pt"
    last.write_bytes(damage(last.read_bytes()))
    epoch, note = loaded(tmp_path)
    assert epoch == 1 and "last.pt cannot be read" in note and "continued from prev.pt" in note
    (tmp_path / "prev.pt").write_bytes(b"")
    epoch, note = loaded(tmp_path)
    assert epoch is None and note.endswith("started from the beginning")


def test_a_crash_between_the_two_renames_loses_nothing(tmp_path):
    checkpoint.save(tmp_path, state(1))
    os.replace(tmp_path / "last.pt", tmp_path / "prev.pt")
    assert loaded(tmp_path) == (1, "continued from prev.pt")
    checkpoint.save(tmp_path, state(2))
    assert loaded(tmp_path)[0] == 2 and torch.load(tmp_path / "prev.pt", weights_only=True)["epoch"] == 1


class Evil:
    def __reduce__(self):
        return os.mkdir, ("owned",)


def test_a_checkpoint_cannot_run_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({**state(5), "versions": {}, "extra": Evil()}, tmp_path / "last.pt")
    epoch, note = loaded(tmp_path)
    assert epoch is None and "cannot be read" in note and not (tmp_path / "owned").exists()


def test_another_recipes_checkpoint_is_refused(tmp_path):
    checkpoint.save(tmp_path, state(1, "other"))
    with pytest.raises(ExplorerError, match="another recipe"):
        checkpoint.load(tmp_path, "same")


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    checkpoint.save(tmp_path, state(1))

    def full(state_, file):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(OSError, match="No space left"):
        checkpoint.save(tmp_path, state(2))
    assert loaded(tmp_path) == (1, "") and os.listdir(tmp_path) == ["last.pt"]


def test_a_killed_writers_leavings_are_swept_up(tmp_path):
    (tmp_path / "last.pt.12345.tmp").write_bytes(b"half a file")
    checkpoint.save(tmp_path, state(1))
    assert os.listdir(tmp_path) == ["last.pt"]


def test_a_disk_that_is_full_says_so_through_torchs_own_writer():
    class Full:
        def write(self, content, /) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def flush(self):
            pass

    with pytest.raises(OSError, match="No space left") as caught:
        checkpoint._write({"x": torch.zeros(200_000)}, Full())
    assert caught.value.errno == errno.ENOSPC


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
def test_torchs_own_complaint_about_a_full_disk_is_an_oserror():
    def fill():
        with open("/dev/full", "wb") as file:
            checkpoint._write({"x": torch.zeros(200_000)}, file)
            file.flush()

    with pytest.raises(OSError, match="No space left"):
        fill()


@pytest.mark.parametrize("tail", ["", '{"epoch": 4, "test_l', '{"epoch": 4}', "\0\0\0", "not json\n", "[1]\n"])
def test_half_written_metrics_are_ignored_and_removed(tmp_path, tail):
    for epoch in (1, 2, 3):
        metrics.append(tmp_path, {"epoch": epoch, "test_accuracy": 10.0 * epoch})
    with open(tmp_path / "metrics.jsonl", "a") as file:
        file.write(tail)
    assert [line["epoch"] for line in metrics.read(tmp_path)] == [1, 2, 3]
    metrics.truncate(tmp_path, 2)
    metrics.append(tmp_path, {"epoch": 3, "test_accuracy": 31.0})
    assert [line["test_accuracy"] for line in metrics.read(tmp_path)] == [10.0, 20.0, 31.0]


def test_no_metrics_and_no_progress_yet(tmp_path):
    assert metrics.read(tmp_path) == [] and metrics.read_progress(tmp_path) == {}
    (tmp_path / "progress.json").write_text('{"epoch"')
    assert metrics.read_progress(tmp_path) == {}
