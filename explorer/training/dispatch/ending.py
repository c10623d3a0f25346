"""How a run ended, in words: from what it wrote itself, its exit code, what was done to it, and its last lines."""

import json
import os
import signal
from pathlib import Path

from explorer.training.dispatch import processes
from explorer.training.store.runs import Run
from explorer.training.work import metrics
from explorer.training.work.control import DELETED, FULL, FULL_CODE


def outcome(folder: Path) -> dict:
    """What the run wrote about its end, or {} when it could not."""
    try:
        values = json.loads((folder / "outcome.json").read_text(encoding="utf-8"))
        return values if isinstance(values, dict) else {}
    except (OSError, ValueError, RecursionError):
        return {}


def verdict(run: Run, said: dict, code: int | None, means: str, memory: bool) -> tuple[str, str]:
    """State and reason of a run whose process is gone: from what it wrote, its exit code, and what was done to it."""
    state, reason = said.get("state"), str(said.get("reason") or "")
    if state == "finished" or (state == "failed" and reason):
        return state, reason
    if not run.folder.is_dir():
        return "failed", DELETED
    if code == FULL_CODE:
        return "failed", FULL
    if run.state == "stopping":
        late = f" It did not leave when asked and was ended by {means}." if means not in ("", "asked") else ""
        return "stopped", f"stopped{at(run.folder)}.{late}"
    if state == "stopped":
        return "interrupted", f"ended from outside ({reason or 'SIGTERM'}){at(run.folder)}, saved before it left"
    last = tail(run.folder)
    if code is None:
        return "interrupted", f"the process was gone when it was looked for{at(run.folder)}{last}"
    if code >= 0:
        return ("failed" if code == 1 else "interrupted"), f"ended with exit code {code}{at(run.folder)}{last}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    cause = ""
    if -code == processes.KILL:
        cause = (
            ": the system ran out of memory; a smaller batch or width needs less"
            if memory
            else ": by hand, or by the system for want of memory"
        )
    return "interrupted", f"killed by {name}{at(run.folder)}{cause}{last}"


def at(folder: Path) -> str:
    epoch = metrics.read_progress(folder).get("epoch")
    return f" in epoch {epoch}" if epoch else ""


def tail(folder: Path, lines: int = 3) -> str:
    words = [line.strip() for line in log_tail(folder, 2000).splitlines() if line.strip()]
    return f"; last words: {' / '.join(words[-lines:])[-400:]}" if words else ""


def log_tail(folder: Path, size: int = 20_000) -> str:
    """The end of what the run printed, from the first whole line on."""
    try:
        with open(folder / "log.txt", "rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - size))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    text = text if end <= size else text.partition("\n")[2]
    # a progress bar overwrites its line with carriage returns: only its last state is worth showing
    return "\n".join(line.rpartition("\r")[2] for line in text.replace("\r\n", "\n").split("\n"))
