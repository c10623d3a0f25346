"""Processes by number and birth, so that a number that the system gave away again is never taken for a run.

On Linux the birth is the boot and the tick in /proc/PID/stat, which no change of the clock can move; elsewhere it is
psutil's creation time.
"""

import os
import signal
import socket
import subprocess
from pathlib import Path

import psutil

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def host() -> str:
    """This machine's name in the store, where a process number means something only together with it."""
    return os.environ.get("EXPLORER_HOST", "").strip() or socket.gethostname()


def born(pid: int | None) -> str:
    """What tells this living process from a later one with its number; "" when it is gone or only waits for burial."""
    if pid is None:
        return ""
    try:
        if os.path.exists("/proc/self/stat"):
            # the name in brackets may hold blanks and brackets itself; behind it come the state and 18 fields more
            fields = Path(f"/proc/{int(pid)}/stat").read_text().rpartition(")")[2].split()
            boot = Path("/proc/sys/kernel/random/boot_id")
            return "" if fields[0] in "ZX" else f"{boot.read_text().strip() if boot.exists() else ''}:{fields[19]}"
        process = psutil.Process(pid)
        return "" if process.status() == psutil.STATUS_ZOMBIE else str(process.create_time())
    except (OSError, TypeError, IndexError, psutil.Error):
        return ""


def alive(pid: int | None, birth: str) -> bool:
    return bool(birth) and born(pid) == birth


def find(*arguments: str) -> list[int]:
    """The living processes whose command line has all these arguments."""
    wanted, every = set(arguments), psutil.process_iter(["pid", "cmdline"])
    return [process.info["pid"] for process in every if wanted <= set(process.info["cmdline"] or ())]


def parent(pid: int) -> int:
    """The number of the process that started this one; 0 when it is gone."""
    try:
        return psutil.Process(pid).ppid()
    except psutil.Error:
        return 0


def end(pid: int | None, birth: str, sign: int) -> None:
    """Sends the signal to the process and, where it leads one, to its whole group."""
    if pid is None or not alive(pid, birth):
        return
    try:
        if hasattr(os, "getpgid") and os.getpgid(pid) == pid:
            os.killpg(pid, sign)
        else:
            os.kill(pid, sign)
    except ProcessLookupError:
        pass


def detached(command: list[str], log: Path, environment: dict[str, str]) -> subprocess.Popen:
    """A process that outlives the one that starts it; what it prints is appended to `log`."""
    with open(log, "ab") as file:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=environment,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )


def memory_kills() -> int:
    """How many processes the kernel has ended for want of memory since it booted; 0 where it does not tell."""
    try:
        counters = dict(line.split() for line in Path("/proc/vmstat").read_text().splitlines())
        return int(counters.get("oom_kill", 0))
    except (OSError, ValueError):
        return 0
