"""From one class to a thousand: what benchmarks.classroom measured, multiplied; the tables of docs/SCALE.md.

    python -m benchmarks.scale                                                  # the plan for 1 to 1,000 classes
    python -m benchmarks.scale --classes 40 --students 25 --core-hour 0.05 --gigabyte-hour 0.005    # yours, your prices

A student makes r interactions a second, each of c processor seconds; a session holds m MB, a server without sessions
b MB. A server process works on about one core, since Python code runs on one at a time, and is planned to be busy for
BUSY of the time, so that interactions seldom wait for each other:

    processes = students · r · c / BUSY        memory = processes · b + students · m
"""

import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import RESULTS, exit_code, not_negative, parser, positive, table

BUSY = 0.6
CLASSES, STUDENTS = (1, 10, 100, 1000), 30
MISSING = "Not measured yet: `python -m benchmarks.{}` measures, `python -m benchmarks.tables` writes it here."
LOOKS = 2  # at the store, in a second, for a student who sees a run train on the Train page


@dataclass(frozen=True)
class Measured:
    rate: float  # r, interactions a second and student
    cpu: float  # c, processor seconds an interaction, in the lesson's mixture
    session: float  # m, MB
    base: float  # b, MB
    record: dict  # the whole file

    def plan(self, classes: int, students: int = STUDENTS) -> dict[str, float]:
        everyone = classes * students
        processes = max(1, math.ceil(everyone * self.rate * self.cpu / BUSY))
        return {
            "classes": classes,
            "students": everyone,
            "interactions/s": everyone * self.rate,
            "busy cores": everyone * self.rate * self.cpu,
            "server processes": processes,
            "memory, GB": (processes * self.base + everyone * max(0.0, self.session)) / 1000,
        }

    def cost(self, plan: dict[str, float], core_hour: float, gigabyte_hour: float) -> float:
        """Of a student and hour, in whatever the two prices are in."""
        total = plan["server processes"] * core_hour + plan["memory, GB"] * gigabyte_hour
        return total / plan["students"]


def measured(file: Path = RESULTS / "classroom.json") -> Measured | None:
    if not file.exists():
        return None
    record = json.loads(file.read_text(encoding="utf-8"))
    facts, rows = record["facts"], [row for row in record["rows"] if row.get("server CPU, s") not in ("", None)]
    times = sum(row["times"] for row in rows)
    return Measured(
        facts["interactions"] / (facts["students"] * facts["minutes"] * 60),
        sum(row["times"] * row["server CPU, s"] for row in rows) / times,
        facts["memory a session, MB"],
        facts["memory before the class, MB"],
        record,
    )


def session() -> str:
    """What one session costs, as measured."""
    found = measured()
    if not found:
        return MISSING.format("classroom")
    facts, rows = found.record["facts"], found.record["rows"]
    carried = math.floor(BUSY / (found.rate * found.cpu))
    dear = max((row for row in rows if row.get("server CPU, s")), key=lambda row: row["server CPU, s"])
    slow = max(rows, key=lambda row: row["p95, s"])
    memory = f"{found.session:g} MB" if found.session > 0 else "lost in the ups and downs of the server: taken as 0"
    lines = [
        ("interactions of a student", f"{60 * found.rate:.1f} a minute"),
        ("processor time of an interaction (c)", f"{1000 * found.cpu:.0f} ms in the lesson's mixture"),
        ("the dearest one", f"{1000 * dear['server CPU, s']:.0f} ms, {dear['interaction']!r} on {dear['page']}"),
        ("memory of a session (m)", memory),
        ("memory of a server that has loaded everything, without sessions (b)", f"{found.base:,.0f} MB"),
        ("the slowest 5 % of the slowest interaction", f"{slow['p95, s']:.2f} s or more, {slow['interaction']!r}"),
        ("the slowest 5 % of the waits before the networks", f"{facts['95 % waited at most, s']:.2f} s or more"),
    ]
    note = (
        f"{facts['students']} students for {facts['minutes']:g} minutes on {facts['server cores']} cores, with a run "
        f"training beside them; {found.record['hardware']}, {found.record['date']}."
    )
    lines += [(f"from that: students of one server process, busy for {BUSY:.0%} of the time", f"{carried:,}")]
    return "\n".join(["| measured | |", "|---|---|", *(f"| {what} | {value} |" for what, value in lines), "", note])


def growth() -> str:
    """The plan by classes: the first line is near what was measured, the others are that line multiplied."""
    found = measured()
    if not found:
        return MISSING.format("classroom")
    plans = [found.plan(classes) for classes in CLASSES]
    lines = [f"| {' | '.join(plans[0])} | |", "|" + "--:|" * len(plans[0]) + "---|"]
    for plan in plans:
        kind = "of the size measured" if plan["students"] == found.record["facts"]["students"] else "extrapolated"
        lines.append(f"| {' | '.join(_short(value) for value in plan.values())} | {kind} |")
    return "\n".join(lines)


def price() -> str:
    """The cost of a student and hour, with the reader's own prices."""
    found = measured()
    if not found:
        return MISSING.format("classroom")
    plan = found.plan(CLASSES[-1])
    cores, memory = plan["server processes"] / plan["students"], plan["memory, GB"] / plan["students"]
    return f"    a student and hour = {cores:.4f} · (price of a core-hour) + {memory:.3f} · (price of a GB-hour)"


def store(file: Path = RESULTS / "store.json") -> str:
    """How far one store goes."""
    if not file.exists():
        return MISSING.format("store")
    record = json.loads(file.read_text(encoding="utf-8"))
    row = next(row for row in record["rows"] if row["journal"] == "delete")
    return (
        f"Measured: {row['looks/s']:,.0f} looks a second by {row['readers']} processes at {row['runs']} runs, with "
        f"{row['ms a write']:.0f} ms a write ({record['hardware']}, {record['date']}). A student on the Train page "
        f"looks {LOOKS} times a second. Extrapolated: {row['looks/s'] / LOOKS:,.0f} such students at once."
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def main() -> int:
    options = parser("scale", __doc__)
    options.add_argument("--classes", type=positive, help="1, 10, 100 and 1,000 without")
    options.add_argument("--students", type=positive, default=STUDENTS, help="of a class")
    options.add_argument("--core-hour", type=not_negative, help="your price; without, 0")
    options.add_argument("--gigabyte-hour", type=not_negative, help="your price of a gigabyte of memory; without, 0")
    options = options.parse_args()
    found = measured()
    if not found:
        print("benchmarks/results/classroom.json is missing: run python -m benchmarks.classroom")
        return 1
    plans = [found.plan(classes, options.students) for classes in ([options.classes] if options.classes else CLASSES)]
    if options.core_hour is not None or options.gigabyte_hour is not None:
        for plan in plans:
            plan["a student and hour"] = found.cost(plan, options.core_hour or 0.0, options.gigabyte_hour or 0.0)
    print(table(plans))
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
