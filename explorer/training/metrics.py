"""metrics.jsonl: one JSON line an epoch, written before the epoch's checkpoint and cut back to it on a resume.

So the file never lacks an epoch that a checkpoint holds, and never holds one twice. A line that a crash left
half-written is ignored by the reader and removed by the next resume.
"""

import contextlib
import json
import os
from pathlib import Path

FILE, PROGRESS = "metrics.jsonl", "progress.json"


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
            if isinstance(line, dict) and isinstance(line.get("epoch"), int):
                lines.append(line)
    return lines


def truncate(folder, epoch: int) -> None:
    """Forget the lines after `epoch`: the run resumes there."""
    kept = [line for line in read(folder) if line["epoch"] <= epoch]
    replace(Path(folder) / FILE, "".join(json.dumps(line) + "\n" for line in kept).encode())


def write_progress(folder, values: dict) -> None:
    replace(Path(folder) / PROGRESS, json.dumps(values).encode(), durable=False)


def read_progress(folder) -> dict:
    try:
        values = json.loads((Path(folder) / PROGRESS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def replace(path: Path, content: bytes, durable: bool = True) -> None:
    """Write a file so that a reader, or a crash, finds the old content or the new, never a mixture."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
