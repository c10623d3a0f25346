"""What is shown while one waits for a run: a moving bar in a terminal, few lines in a log."""

import io
from dataclasses import replace

import pytest

from explorer.training import bar
from explorer.training.store.runs import Store
from explorer.training.store.status import status
from tests.training.helpers import recipe


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.fixture
def now(tmp_path):
    """A queued run's status, from which a test makes others."""
    store = Store(tmp_path / "runs")
    return status(store, store.create(recipe(epochs=30)))


def test_without_a_terminal_there_is_a_line_every_ten_seconds_or_every_epoch(now):
    out, time = io.StringIO(), [0.0]
    lines = bar.Lines(out, lambda: time[0])
    runs = replace(now, run=replace(now.run, state="running"), phase="training")
    for quarter in range(400):  # four looks a second: at 40 seconds of the first epoch, then at 29 epochs of 2 seconds
        time[0] = quarter / 4
        lines.show(replace(runs, epoch=max(0, int(time[0] - 40) // 2), share=quarter / 400))
    said = out.getvalue().splitlines()
    assert len(said) == 5 + 29 and len(set(said)) == len(said)
    assert said[:2] == ["  0% epoch 1/30 · running", " 10% epoch 1/30 · running"]


def test_a_new_state_is_said_at_once(now):
    out = io.StringIO()
    lines = bar.Lines(out, lambda: 0.0)
    for state in ("queued", "queued", "running", "running", "stopping", "stopped"):
        lines.show(replace(now, run=replace(now.run, state=state), phase="training"))
    lines.say("and this")
    assert [line.partition(" · ")[2] for line in out.getvalue().splitlines()] == [
        "next in the queue",
        "running",
        "asked to stop, saving",
        "stopped",
        "",
    ]


def test_a_terminal_has_one_bar(now, monkeypatch):
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    shown = bar.follower()
    assert isinstance(shown, bar.Bar)
    shown.show(replace(now, share=0.5, loss=1.25))
    shown.say("a word")
    shown.close()
    text = terminal.getvalue()
    assert " 50% |██████████          | epoch 0/30 · next in the queue · loss 1.250" in text and "\r" in text


def test_a_log_is_no_terminal(monkeypatch):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert isinstance(bar.follower(), bar.Lines)
