"""What every benchmark begins and ends with.

First its options, checked before anything is measured; last its table on the screen and its figure. With --record both
are kept in benchmarks/results/NAME.json, with the hardware and the versions they were measured with.
"""

import argparse
import json
import math
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from explorer import files
from explorer.errors import ExplorerError
from explorer.machine import processor

Number = TypeVar("Number", int, float)
RESULTS = Path(__file__).with_name("results")
LIBRARIES = ("streamlit", "torch", "torchvision", "numpy", "scipy", "pillow", "plotly")
MOST = 10**9  # of anything that is counted
FULL = "%(default)s without; fewer cannot be recorded"  # the help of an option that a full run needs


def parser(name: str, doc: str | None) -> argparse.ArgumentParser:
    """The options of `python -m benchmarks.NAME`, which the first line of its docstring describes."""
    return argparse.ArgumentParser(prog=f"python -m benchmarks.{name}", description=(doc or "").partition("\n")[0])


def measurement(name: str, doc: str | None) -> argparse.ArgumentParser:
    """The same for a command that ends in a report."""
    options = parser(name, doc)
    options.add_argument("--record", action="store_true", help=f"keep it as benchmarks/results/{name}.json")
    return options


def positive(text: str) -> int:
    return _checked(text, int, lambda value: 1 <= value <= MOST, f"a whole number from 1 to {MOST:,}")


def above_zero(text: str) -> float:
    return _checked(text, float, lambda value: 0 < value < math.inf, "a number above 0")


def not_negative(text: str) -> float:
    return _checked(text, float, lambda value: 0 <= value < math.inf, "a number, 0 or more")


def _checked(text: str, kind: type[Number], good: Callable[[float], bool], wanted: str) -> Number:
    """An option's value, or a refusal that argparse puts behind the option's name."""
    with suppress(ValueError):
        if good(value := kind(text)):
            return value
    raise argparse.ArgumentTypeError(f"{text!r:.60} is not {wanted}")


def exit_code(main: Callable[[], int]) -> int:
    """The exit status of `main`; what its user can mend is one sentence and 2, as for a wrong option.

    SIGTERM unwinds it as Ctrl-C does, so that its servers and trainings end with it; a second one changes nothing.
    """
    signal.signal(signal.SIGTERM, _leave)
    try:
        return main()
    except ExplorerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _leave(number: int, _frame) -> None:
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def report(
    name: str,
    rows: list[dict],
    figure: str,
    ok: bool = True,
    *,
    record: bool,
    facts: dict | None = None,
    whole: bool = True,
) -> int:
    """Prints, keeps it where that was asked, and returns the exit status: 0 when the bound was met, 1 when missed.

    `facts` are single numbers beside the rows; a run that was not the whole thing is never kept.
    """
    print(table(rows))
    for fact, value in (facts or {}).items():
        print(f"{fact}: {value}")
    print(f"\n{name}: {figure}{'' if ok else '  (BOUND MISSED)'}")
    if record and whole:
        _keep(name, rows, figure, ok, facts)
    elif record:
        print("Not recorded: it was not the whole measurement.")
    return 0 if ok else 1


def _keep(name: str, rows: list[dict], figure: str, ok: bool, facts: dict | None) -> None:
    record = {
        "name": name, "command": f"python -m benchmarks.{name}", "figure": figure, "ok": ok, "rows": rows,
        **({"facts": facts} if facts else {}),
        "hardware": hardware(), "versions": versions(), "date": time.strftime("%Y-%m-%d"),
    }  # fmt: skip
    files.write(RESULTS / f"{name}.json", (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())


def table(rows: list[dict]) -> str:
    """The rows side by side, one column a key, in the order of the first row that has it."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    cells = [keys, *([_text(row.get(key, "")) for key in keys] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(keys))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)


def _text(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def hardware() -> str:
    """One line: processor, cores, memory, accelerator."""
    parts = [processor(), f"{os.cpu_count()} cores"]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        parts.append(f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GB")
    import torch  # here, since it costs a second that not every benchmark wants to measure

    if torch.cuda.is_available():
        parts.append(torch.cuda.get_device_name())
    return ", ".join(parts)


def versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{library: version(library) for library in LIBRARIES}}
