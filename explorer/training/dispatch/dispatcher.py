"""Starts queued runs, watches living ones and notes how each ended: one process a machine, started on demand.

    python -m explorer.training.dispatch.dispatcher        # pages and the command line do it: on_demand.py

It holds a lock that the system releases when it dies, and keeps nothing in memory that matters: whoever comes next
reads the store, adopts the runs whose processes live and says of the others why they do not. One run a GPU, one on
the CPU at a time; the rest wait. With EXPLORER_RAY=http://HEAD:8265 runs are jobs of that cluster instead. A run that
is asked to stop has 10 s to save and leave, then SIGTERM, then SIGKILL. It leaves by itself when there is nothing to
do.

Where several machines share the store each has its dispatcher, which alone looks at that machine's processes, and
one of them leads: it gives out the places, on its own machine. It says so in the store every two seconds; when the
others see no such word for LEASE seconds of their own clock, one takes over. Two leaders for a moment do no harm,
since a run can be claimed only once.
"""

import contextlib
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field

from filelock import Timeout

from explorer import files
from explorer.training.dispatch import lost, on_demand, processes
from explorer.training.dispatch.ending import at, outcome, verdict
from explorer.training.dispatch.launcher import Local, count_gpus
from explorer.training.dispatch.ray_launcher import Ray
from explorer.training.store.database import Trouble
from explorer.training.store.runs import Run, Store
from explorer.training.work.control import ask_to_stop, held

BEAT = 2.0  # seconds between two signs of life


@dataclass
class Dispatcher:
    store: Store
    launcher: Local  # or Ray, which is one
    pause: float = 0.2  # between two looks, seconds
    idle: float = 10.0  # without anything to do, before it leaves
    patience: float = 10.0  # for a run to stop when asked, and again after SIGTERM
    lease: float = 20.0  # without a word from the leader, before another machine leads
    silence: float = 120.0  # of a run on another machine, before it may be called lost
    host: str = field(default_factory=processes.host)
    asked: dict[str, tuple[float, str]] = field(default_factory=dict)  # run to stop -> (since when, last means)
    beaten: float = 0.0
    leading: bool = False
    leader: lost.Still = field(default_factory=lost.Still)
    others: dict[str, lost.Still] = field(default_factory=dict)  # runs on other machines
    told: set[str] = field(default_factory=set)  # what has been printed
    ends: dict[str, tuple[str, str]] = field(default_factory=dict)  # state and reason that the store has yet to take

    def run(self) -> bool:
        """Works until there is nothing left to do; False when another dispatcher holds the lock."""
        lock = on_demand.lock(self.store, self.host)
        while True:
            try:
                lock.acquire(timeout=2)  # longer than `running` holds it for a look
            except Timeout:
                return False
            try:
                with contextlib.suppress(OSError):  # on a full disk it works without having said who it is
                    files.write(self.store.root / "dispatcher.pid", str(os.getpid()).encode(), durable=False)
                self.work()
            finally:
                with contextlib.suppress(Trouble):
                    self.store.step_down(self.host)
                lock.release()
            # A run queued after our last look, by someone who still saw the lock held, would be left alone.
            if not self.store.active():
                return True

    def work(self) -> None:
        busy = time.monotonic()
        while time.monotonic() - busy < self.idle:
            try:
                if self.tick():
                    busy = time.monotonic()
            except (Trouble, OSError) as error:  # a full disk, a locked store: neither ends a run
                if not self.store.root.is_dir():
                    raise SystemExit("the folder of the runs is gone: nothing is left to dispatch") from None
                self.say(f"the store does not answer ({error}): trying again")
                time.sleep(2)
                busy = time.monotonic()
            time.sleep(self.pause)

    def tick(self) -> bool:
        """One look at every active run; whether there were any."""
        active = self.store.active()
        due = time.monotonic() - self.beaten > BEAT
        if due:
            self.leading = self.lead()
            self.beaten = time.monotonic()
        mine = [run for run in active if run.alive and self.mine(run)]
        if self.leading and (trouble := self.launcher.look()):
            for run in active:
                if run in mine or not run.alive:
                    self.explain(run, trouble)
            return bool(active)
        for run in mine:
            with self.sparing_others(run.id):
                self.explain(run, "")
                self.watch(run)
        if self.leading:
            self.look_after([run for run in active if run.alive and run not in mine])
            with self.sparing_others("the queue"):
                self.dispatch()
        if due:
            self.store.beat([run.id for run in mine])
        return bool(active)

    @contextlib.contextmanager
    def sparing_others(self, whose: str) -> Iterator[None]:
        """What is wrong with one run is printed, once, and the others go on; a store that does not answer is wrong
        with all of them."""
        try:
            yield
        except (Trouble, OSError):
            raise
        except Exception as error:
            self.say(f"{whose}: {type(error).__name__}: {error}", f"\n{traceback.format_exc()}")

    def say(self, words: str, more: str = "") -> None:
        """Into the log, once."""
        if words not in self.told:
            self.told.add(words)
            print(f"{words}{more}", flush=True)

    def lead(self) -> bool:
        """Asks for the lead, which is free, ours already, or of a machine that has said nothing for too long."""
        host, beat = self.store.leader()
        silent = self.leader.seconds(beat)
        return (host in ("", self.host) or silent > self.lease) and self.store.lead(self.host, beat)

    def mine(self, run: Run) -> bool:
        """Its process is one of this machine, or of none, and then the leader's business."""
        return run.host == self.host or (not run.host and self.leading)

    def look_after(self, runs: list[Run]) -> None:
        """Runs on other machines, each watched by its own dispatcher; ends those that nobody can have any more."""
        self.others = {run.id: self.others.get(run.id) or lost.Still() for run in runs}
        for run in runs:
            with self.sparing_others(run.id):
                if self.others[run.id].seconds(lost.signs(run)) <= self.silence or held(run.folder):
                    continue
                state, reason = verdict(run, outcome(run.folder), None, "", False)
                if state == "interrupted":
                    reason = f"nothing was heard of it on {run.host} for {self.silence:.0f} s{at(run.folder)}"
                self.store.settle(run.id, state, reason)

    def watch(self, run: Run) -> None:
        if run.pid is None and not self.adopt(run):
            return
        if not self.launcher.alive(run):
            self.settle(run)
        elif run.state == "stopping":
            self.press(run)

    def adopt(self, run: Run) -> bool:
        """A run without a number was claimed by a dispatcher that died; it has begun, or never will."""
        found = self.launcher.find(run)
        if found:
            self.store.attach(run.id, *found)
        else:
            self.store.requeue(run.id)
        return False  # the next look sees it as it now is

    def press(self, run: Run) -> None:
        """Asks, then insists, then ends."""
        since, means = self.asked.setdefault(run.id, (time.monotonic(), "asked"))
        ask_to_stop(run.folder)  # without its folder it cannot be asked, but ended
        if time.monotonic() - since < self.patience:
            return
        if means == "asked":
            self.launcher.end(run, signal.SIGTERM)
            self.asked[run.id] = (time.monotonic(), "SIGTERM")
        else:
            self.launcher.end(run, processes.KILL)
            self.asked[run.id] = (time.monotonic(), "SIGKILL")

    def settle(self, run: Run) -> None:
        """Once found, an end is kept until the store has taken it: the exit code is told only once."""
        if run.id not in self.ends:
            _, means = self.asked.pop(run.id, (0, ""))
            self.ends[run.id] = self.launcher.verdict(run, means)
        self.store.settle(run.id, *self.ends[run.id])
        del self.ends[run.id]

    def dispatch(self) -> None:
        """Does with the waiting runs what the launcher plans."""
        active = [run for run in self.store.active() if not run.alive or self.mine(run)]
        for run, act, what in self.launcher.plan(active):
            if isinstance(what, str):
                if act == "wait":
                    self.explain(run, what)
                elif self.store.claim(run.id, ""):
                    self.store.settle(run.id, "failed", what)
            elif self.store.claim(run.id, ",".join(what), self.host if self.launcher.here else ""):
                self.launch(run, what)

    def launch(self, run: Run, places: list[str]) -> None:
        try:
            number, birth = self.launcher.start(run, places)
        except Exception as error:  # whatever is wrong, it is this run's alone
            words = files.trouble(error) if isinstance(error, OSError) else str(error)[:300]
            self.store.settle(run.id, "failed", f"it could not be started: {words}")
        else:
            self.store.attach(run.id, number, birth)

    def explain(self, run: Run, reason: str) -> None:
        if run.reason != reason:
            self.store.explain(run.id, reason)


def main() -> int:
    store, address = Store(), os.environ.get("EXPLORER_RAY", "").strip()
    with contextlib.suppress(KeyboardInterrupt):
        Dispatcher(store, Ray(address, store.root) if address else Local(gpus=count_gpus())).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
