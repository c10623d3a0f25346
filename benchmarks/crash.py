"""Kill a run, the dispatcher and the app at random moments; what comes out must be the uninterrupted run, bit for bit.

    python -m benchmarks.crash [--kills 20] [--epochs 30] [--seed 0]

Real processes and SIGKILL throughout, the embedded digits, CPU, float32. Each run is killed once, a quarter of them
while they start, the others at a share of their epochs drawn evenly, with up to half a second more. Then it is found
interrupted by the dispatcher, resumed and compared with the uninterrupted one: the hash of the weights, and every
number of every epoch but the timings. Exits with 1 when one bit differs.
"""

import hashlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.common import FULL, exit_code, measurement, positive, report
from explorer.training.dispatch import processes
from explorer.training.dispatch.on_demand import ensure
from explorer.training.recipe.recipe import preset
from explorer.training.store.runs import ENDED, Run, Store
from explorer.training.store.status import status
from explorer.training.work import metrics

KILLS, EPOCHS = 20, 30
TIMINGS = ("images_per_second", "seconds")
PATIENCE = 600  # seconds until a run that does not end counts as lost
HOME = str(Path(__file__).resolve().parents[1] / "app.py")
APP = """
from streamlit.testing.v1 import AppTest
page = AppTest.from_file({app!r}, default_timeout=120).switch_page("pages/5_Train.py").run()
page.number_input(key="train.digits.epochs").set_value({epochs})
page.selectbox(key="train.digits.device").set_value("cpu")
page.button(key="start").click().run()
input()
"""


def main() -> int:
    options = measurement("crash", __doc__)
    options.add_argument("--kills", type=positive, default=KILLS, help=FULL)
    options.add_argument("--epochs", type=positive, default=EPOCHS, help=f"of each run, {FULL}")
    options.add_argument("--seed", type=int, default=0, help="of the moments")
    options = options.parse_args()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EXPLORER_RUNS"] = folder
        store = Store(folder)
        try:
            rows, wrong = compare(store, options, draw)
        finally:
            clear(store)
    found = statistics.median(row["found after, s"] for row in rows if row["killed"] == "run")
    kills = {name: sum(row["killed"] == name for row in rows) for name in ("run", "dispatcher", "app")}
    figure = (
        f"{wrong} of {len(rows)} runs differ from the uninterrupted one (bound: 0), after SIGKILL to "
        + ", ".join(f"{count} {name}s" for name, count in kills.items())
        + f"; a killed run is found after {found:.1f} s"
    )
    whole = options.kills >= KILLS and options.epochs >= EPOCHS
    return report("crash", rows, figure, not wrong, record=options.record, whole=whole)


def compare(store: Store, options, draw: random.Random) -> tuple[list[dict], int]:
    recipe = preset("digits", epochs=options.epochs, device="cpu", precision="float32")
    truth = result(wait(store, store.create(recipe)))
    rows, wrong = [], 0

    def note(run: Run, killed: str, found: float, epoch):
        nonlocal wrong
        run = wait(store, run)
        same = run.state == "finished" and result(run) == truth
        wrong += not same
        verdict = "yes" if same else f"NO ({run.state} {run.reason})"
        rows.append({"killed": killed, "epoch": epoch, "found after, s": round(found, 2), "bit-identical": verdict})
        print(rows[-1], flush=True)

    while sum(row["killed"] == "run" for row in rows) < options.kills:
        run = moment(store, store.create(recipe), draw)
        processes.end(run.pid, run.born, signal.SIGKILL)
        killed = time.monotonic()
        run = wait(store, run)
        if run.state == "finished":
            continue  # it was quicker than the signal: another one
        found, epoch = time.monotonic() - killed, len(metrics.read(run.folder))
        store.resume(run.id)
        note(run, "run", found, epoch)
    for _ in range(max(1, options.kills // 5)):
        run = moment(store, store.create(recipe), draw)
        note(run, "dispatcher", kill_dispatcher(store), len(metrics.read(run.folder)))
    for _ in range(max(1, options.kills // 10)):
        run = kill_app(store, options.epochs, draw)
        note(run, "app", 0.0, len(metrics.read(run.folder)))
    return rows, wrong


def moment(store: Store, run: Run, draw: random.Random) -> Run:
    """The run at a random moment of its life: while it starts, or at a share of its epochs; and a little later."""
    starting, share = draw.random() < 0.25, draw.random()
    while (run := store.get(run.id)).active and (
        run.pid is None or (not starting and status(store, run).share < share)
    ):
        ensure(store)
        time.sleep(0.01)
    time.sleep(draw.uniform(0, 2.0 if starting else 0.5))
    return run


def kill_dispatcher(store: Store) -> float:
    """SIGKILL; returns after how long another one held the lock and watched."""
    pid = dispatcher(store)
    if not processes.born(pid):
        return 0.0
    os.kill(pid, signal.SIGKILL)
    killed = time.monotonic()
    while processes.born(pid) or (store.active() and (store.root / "dispatcher.pid").read_text() == str(pid)):
        keep(store)
    return time.monotonic() - killed


def kill_app(store: Store, epochs: int, draw: random.Random) -> Run:
    """The page's own code starts the run, in a process whose whole group is then killed."""
    before = {run.id for run in store.all()}
    app = subprocess.Popen(
        [sys.executable, "-c", APP.format(app=HOME, epochs=epochs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not (new := [run for run in store.all() if run.id not in before]):
        if app.poll() is not None:
            raise RuntimeError("the page ended without starting a run")
        time.sleep(0.1)
    run = moment(store, new[0], draw)
    os.killpg(app.pid, signal.SIGKILL)
    app.wait()
    assert app.stdin  # a pipe, as asked for
    app.stdin.close()
    return run


def wait(store: Store, run: Run) -> Run:
    limit = time.monotonic() + PATIENCE
    while (run := store.get(run.id)).state not in ENDED:
        if time.monotonic() > limit:
            raise RuntimeError(f"the run {run.id} is {run.state} since {PATIENCE} s")
        keep(store)
    return run


def keep(store: Store) -> None:
    ensure(store)
    time.sleep(0.1)


def result(run: Run) -> tuple[str, str]:
    """What must be the same: the weights' hash, and the curves without their timings."""
    weights = hashlib.sha256((run.folder / "weights.safetensors").read_bytes()).hexdigest()
    curves = [{name: value for name, value in line.items() if name not in TIMINGS} for line in metrics.read(run.folder)]
    return weights, json.dumps(curves)


def clear(store: Store) -> None:
    for run in store.active():
        store.stop(run.id)
    while store.active():
        keep(store)
    processes.end(pid := dispatcher(store), processes.born(pid), signal.SIGKILL)


def dispatcher(store: Store) -> int:
    """Its process number, 0 for none; the file is empty for a moment while a new one writes it."""
    file, limit = store.root / "dispatcher.pid", time.monotonic() + 2
    while file.exists() and time.monotonic() < limit:
        if text := file.read_text():
            return int(text)
        time.sleep(0.01)
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
