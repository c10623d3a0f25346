"""How many looks at the store one folder answers while runs are watched, with the rollback journal and with a WAL.

    python -m benchmarks.store

Processes read all runs as fast as they can, as server processes do for students on the Train page, while one writes as
a dispatcher does. Both journals take turns in one run; the ratio says what serving several machines costs here. Bound:
more than 500 looks a second, since a student on the Train page asks twice a second.
"""

import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time

from benchmarks.common import exit_code, measurement, report
from explorer.training.recipe.recipe import preset
from explorer.training.store.runs import Store

RUNS, READERS, SECONDS, ROUNDS, BOUND = 50, 2, 3.0, 3, 500


def read(root: str, ready, answers) -> None:
    store, count = Store(root), 0
    ready.wait()
    until = time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        store.all()
        count += 1
    answers.put(count)


def measure(store: Store, journal: str) -> tuple[float, float]:
    """(looks a second of all readers together, ms a write)."""
    db = sqlite3.connect(store.file)
    db.execute(f"PRAGMA journal_mode = {journal}")
    db.close()
    context = multiprocessing.get_context("spawn")
    answers, ready = context.Queue(), context.Barrier(READERS + 1)
    readers = [context.Process(target=read, args=(str(store.root), ready, answers)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    ids, writes = [run.id for run in store.all()], []
    ready.wait()
    until = time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        begin = time.perf_counter()
        store.beat(ids[:2])
        writes.append(1000 * (time.perf_counter() - begin))
        time.sleep(0.2)
    looks = sum(answers.get() for _ in readers)
    for reader in readers:
        reader.join()
    return looks / SECONDS, statistics.median(writes)


def main() -> int:
    options = measurement("store", __doc__).parse_args()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        store = Store(folder)
        for seed in range(RUNS):
            store.create(preset("digits", seed=seed))
        found = {journal: [measure(store, journal) for _ in range(ROUNDS)] for journal in ("delete", "wal")}
    rows = []
    for journal, pairs in found.items():
        looks, writes = (statistics.median(values) for values in zip(*pairs, strict=True))
        rows.append({"journal": journal, "runs": RUNS, "readers": READERS, "looks/s": looks, "ms a write": writes})
    ours, other = rows
    ratio = ours["looks/s"] / other["looks/s"]
    figure = (
        f"{ours['looks/s']:,.0f} looks/s at {RUNS} runs (bound: {BOUND}), {ratio:.2f} times as many as with a WAL; "
        f"a write takes {ours['ms a write']:.0f} ms"
    )
    return report("store", rows, figure, ours["looks/s"] > BOUND, record=options.record)


if __name__ == "__main__":
    sys.exit(exit_code(main))
