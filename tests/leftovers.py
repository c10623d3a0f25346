"""What a test run has left behind: processes, files in its home and its temporary folder, files in the checkout.

    python -m tests.leftovers OWN pytest ...

gives the command HOME=OWN/home and TMPDIR=OWN/tmp, new and empty, so that nothing from before can hide a missing step;
what pytest keeps of its tests, if it keeps anything, is in OWN/tests. The exit code is the command's, or 1 where that
is 0 and something was left: each thing is named, and the processes are ended.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
CACHES = {"__pycache__", ".pytest_cache", ".hypothesis"}  # of Python, pytest and Hypothesis, in the checkout
GRACE = 10  # seconds for a process that has been told to end


def run(own: Path, command: list[str]) -> int:
    home, tmp, tests = (own / name for name in ("home", "tmp", "tests"))
    for folder in (home, tmp, tests):
        folder.mkdir(parents=True)
    before = files(ROOT)
    variables = {"HOME": str(home), "TMPDIR": str(tmp), "PYTEST_DEBUG_TEMPROOT": str(tests)}
    code = subprocess.run(command, env={**os.environ, **variables}).returncode
    left = [f"a process: {name}" for name in processes(own)]
    left += [f"a file: {file}" for file in sorted(files(ROOT) - before | files(home) | files(tmp))]
    for one in left:
        print(f"left behind by the tests, {one}", file=sys.stderr)
    return code or int(bool(left))


def files(folder: Path) -> set[Path]:
    """All files and sockets below it but those of CACHES and of Git, and its empty folders."""
    found = set()
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in CACHES | {".git"}]
        found |= {Path(here, name) for name in names}
        if not folders and not names:
            found.add(Path(here))
    return found - {folder}


def processes(own: Path) -> list[str]:
    """The processes that were told of this folder and do not end; now they are ended."""
    ours = {one.pid for one in [psutil.Process(), *psutil.Process().parents()]}
    commands = {one: _command(one, str(own)) for one in psutil.process_iter() if one.pid not in ours}
    told = [one for one, command in commands.items() if command]
    left = [one for one in psutil.wait_procs(told, timeout=GRACE)[1] if _lives(one)]
    for one in left:
        with contextlib.suppress(psutil.Error):  # gone meanwhile
            one.kill()
    return [f"{one.pid} {commands[one][:200]}" for one in left]


def _command(process: psutil.Process, folder: str) -> str:
    """Its command line, if there or in its environment it was told of the folder."""
    try:
        words = process.cmdline()
        return " ".join(words) if any(folder in word for word in [*words, *process.environ().values()]) else ""
    except psutil.Error:  # somebody else's, or gone
        return ""


def _lives(process: psutil.Process) -> bool:
    """Whether it still does something: what its parent has only to take note of does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


if __name__ == "__main__":
    own, *command = sys.argv[1:]
    sys.exit(run(Path(own), command))
