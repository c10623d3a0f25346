"""metrics.jsonl: one JSON line an epoch, written before the epoch's checkpoint and cut back to it on a resume.

So the file never lacks an epoch that a checkpoint holds, and never holds one twice. A line that a crash left
half-written is ignored by the reader and removed by the next resume.
"""

import contextlib
import json
import math
import os
from pathlib import Path

from explorer import files
from explorer.errors import is_text
from explorer.networks.epoch import CURVES

FILE, PROGRESS = "metrics.jsonl", "progress.json"
TEXTS = ("phase", "note")
WHOLE = ("epoch", "epochs", "batch", "batches")
NUMBERS = (*CURVES[1:], "seconds", "loss", "time", "eta")


def append(folder, line: dict) -> None:
    with open(Path(folder) / FILE, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(folder) -> list[dict]:
    """The lines in order of their epochs; a damaged or half-written line is left out."""
    try:
        text = (Path(folder) / FILE).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    lines = []
    for row in text.split("\n")[:-1]:  # what follows the last line break is still being written
        with contextlib.suppress(ValueError, RecursionError):
            line = json.loads(row)
            if isinstance(line, dict) and "epoch" in line and all(sound(*item) for item in line.items()):
                lines.append(line)
    return lines


def sound(name: str, value) -> bool:
    """Whether a field that we know has the type that we write; JSON has whole numbers that no float can hold."""
    if name in WHOLE or (name in NUMBERS and type(value) is int):
        return type(value) is int and 0 <= value < 2**53
    if name in NUMBERS:
        return type(value) is float
    return name not in TEXTS or is_text(value)


def truncate(folder, epoch: int) -> None:
    """Forget the lines after `epoch`: the run resumes there."""
    kept = [line for line in read(folder) if line["epoch"] <= epoch]
    files.write(Path(folder) / FILE, "".join(json.dumps(line) + "\n" for line in kept).encode())


def write_progress(folder, values: dict) -> None:
    files.write(Path(folder) / PROGRESS, json.dumps(values).encode(), durable=False)


def read_progress(folder) -> dict:
    """What the run last said of itself; a field that is not as it is written is left out."""
    try:
        values = json.loads((Path(folder) / PROGRESS).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    finite = {name: value for name, value in values.items() if not isinstance(value, float) or math.isfinite(value)}
    return {name: value for name, value in finite.items() if sound(name, value)}
