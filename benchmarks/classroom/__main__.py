"""A full classroom: so many students do the lesson at once while a run trains on the same machine.

    python -m benchmarks.classroom --students 30 --minutes 3

Each student is a client that speaks Streamlit's own protocol over a websocket (client.py): it does all that a browser
makes the server do, and none of the drawing, since 30 Chromiums do not fit beside the server. What is live runs in the
browser: the server hears of a player that comes to rest, of strokes and of a drawing. Between two interactions
a student thinks for 4 to 9 seconds. The server and the training share two cores; the students get the others.
Bounds: no error, 95 % of every interaction under 2 s, 500 interactions add less than 100 MB, nobody is overtaken.
"""

import asyncio
import random
import sys
import time
from collections import defaultdict

import numpy as np

from benchmarks.classroom import gauge
from benchmarks.classroom.client import Browser
from benchmarks.classroom.lesson import steps, student
from benchmarks.common import FULL, above_zero, exit_code, measurement, not_negative, positive, report
from benchmarks.crash import clear
from explorer.training.dispatch.on_demand import ensure
from explorer.training.recipe.recipe import preset
from explorer.training.store.runs import Store
from explorer.training.work import metrics

BOUNDS = {"seconds": 2.0, "megabytes": 100.0}
STUDENTS, MINUTES = 30, 3.0
SOAK, AT_ONCE = 500, 2
WARM = 3  # passes of one visitor before the class comes: the first imports and fills, the others are counted
EPOCHS = 1000  # more than fit


def main() -> int:
    options = measurement("classroom", __doc__)
    options.add_argument("--students", type=positive, default=STUDENTS, help=FULL)
    options.add_argument("--minutes", type=above_zero, default=MINUTES, help=FULL)
    options.add_argument(
        "--think", type=not_negative, nargs=2, default=(4.0, 9.0), metavar=("LEAST", "MOST"), help="seconds"
    )
    options.add_argument("--cores", type=positive, default=2, help="of the server and its training")
    options = options.parse_args()
    with gauge.at_work(options.cores) as (server, cores, others):
        return asyncio.run(lesson(server, options, cores, others))


async def lesson(server: gauge.Server, options, cores: set[int], others: set[int]) -> int:
    alone, live, warm = await visitor(server)
    store = Store()
    try:
        with gauge.pinned(cores):
            run = store.create(preset("quick", epochs=EPOCHS, device="cpu"), name="while the class works")
            ensure(store)
        while store.get(run.id).pid is None:
            await asyncio.sleep(0.2)
        times, problems = await crowd(server, options)
        epochs = len(metrics.read(run.folder))
    finally:
        clear(store)
    problems += server.faults()
    for problem in problems[:10]:
        print(f"  error: {problem:.300}")
    rows = [
        {"page": page, "interaction": what, **gauge.spread(seconds)} | alone.get(what, {})
        for (page, what), seconds in times.items()
    ]
    count, (_, end) = sum(row["times"] for row in rows if row["interaction"] != "refresh"), server.memory[-1]
    growth, waits = server.growth(SOAK), gauge.queue(server.gate, AT_ONCE)
    facts = {
        "students": options.students,
        "minutes": options.minutes,
        "think, s": list(options.think),
        "server cores": len(cores),
        "cores shared with the class": cores == others,
        "clients": "websocket",
        **live,
        "interactions": count,
        "errors": len(problems),
        "epochs trained meanwhile": epochs,
        "memory before the class, MB": round(warm),
        "memory after it, MB": round(end),
        "memory a session, MB": round((end - warm) / options.students, 1),
        f"the last {SOAK} interactions added, MB": round(growth, 1),
    } | waits
    slow = max(rows, key=lambda row: row["p95, s"])
    figure = (
        f"{options.students} students, {count} interactions: {len(problems)} errors (bound: 0), p95 "
        f"{slow['p95, s']:.2f} s for the slowest, {slow['interaction']!r} (bound: {BOUNDS['seconds']:g}); "
        f"{SOAK} interactions add {growth:.0f} MB (bound: {BOUNDS['megabytes']:g})"
    )
    good = not problems and not waits["overtaken"] and slow["p95, s"] < BOUNDS["seconds"]
    good = good and growth < BOUNDS["megabytes"]
    full = options.students >= STUDENTS and options.minutes >= MINUTES
    return report("classroom", rows, figure, good, record=options.record, facts=facts, whole=full)


async def visitor(server: gauge.Server) -> tuple[dict[str, dict], dict[str, float], float]:
    """One visitor before the class: (what each interaction costs, what the networks that run in the browser cost a
    session, MB of the warm server)."""
    browser, costs, passes = Browser(server.address, lambda _seconds: None), defaultdict(list), []
    await browser.open()
    for turn in range(WARM):
        begun = np.array(browser.traffic)
        for _, what, call in steps(browser, random.Random(turn)):
            before = np.array([server.cpu(), *browser.traffic])
            await call()
            await browser.fetch()
            if turn:
                costs[what].append(np.array([server.cpu(), *browser.traffic]) - before)
        passes.append(np.array(browser.traffic) - begun)
    await browser.close()
    if browser.problems:
        sys.exit(f"a single visitor already has problems: {browser.problems[:3]}")
    alone = {what: _cost(np.mean(found, 0)) for what, found in costs.items()}
    return alone, _session(passes), server.megabytes()


def _cost(found: np.ndarray) -> dict[str, float]:
    cpu, messages, sent, received = found.tolist()
    sizes = {"messages": round(messages), "kB sent": round(sent / 1e3, 1), "kB received": round(received / 1e3, 1)}
    return {"server CPU, s": round(cpu, 3), **sizes}


def _session(passes: list[np.ndarray]) -> dict[str, float]:
    """A visitor's websocket: the first pass through the lesson brings the networks, the others do not."""
    first, later = passes[0], np.mean(passes[1:], 0)
    return {
        "MB received in a visitor's first pass": round(float(first[2]) / 1e6, 2),
        "MB received in a later one": round(float(later[2]) / 1e6, 2),
        "messages in a later one": round(float(later[0])),
    }


async def crowd(server: gauge.Server, options) -> tuple[dict[tuple[str, str], list[float]], list[str]]:
    """The class: ({(page, interaction): seconds}, everything that went wrong)."""
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    browsers = [Browser(server.address, times["Train", "refresh"].append) for _ in range(options.students)]
    until = time.perf_counter() + 60 * options.minutes
    watching = server.watch(lambda: sum(len(all_) for (_, what), all_ in times.items() if what != "refresh"))
    watch = asyncio.create_task(watching)
    done = await asyncio.gather(
        *(
            student(one, seed, options.think, until, lambda page, what, seconds: times[page, what].append(seconds))
            for seed, one in enumerate(browsers)
        ),
        return_exceptions=True,
    )
    await asyncio.sleep(1.5)  # a last look at the memory
    watch.cancel()
    problems = [problem for one in browsers for problem in one.problems]
    problems += [f"{type(one).__name__}: {one}" for one in done if isinstance(one, BaseException)]
    await asyncio.gather(*(one.close() for one in browsers), return_exceptions=True)
    return times, problems


if __name__ == "__main__":
    sys.exit(exit_code(main))
