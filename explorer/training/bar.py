"""How the command line follows a run: a moving bar in a terminal, a line now and then where there is none."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

from tqdm import tqdm

from explorer.training.store.status import Status, sentence

SECONDS = 10  # between two lines of one epoch


class Bar:
    """One line that is drawn anew."""

    def __init__(self, out: TextIO):
        self._bar = tqdm(total=1.0, file=out)

    def show(self, now: Status) -> None:
        self._bar.n = now.share
        self._bar.bar_format = "{percentage:3.0f}% |{bar:20}| " + described(now).replace("{", "").replace("}", "")
        self._bar.refresh()

    def say(self, text: str) -> None:
        self._bar.write(text, self._bar.fp)

    def close(self) -> None:
        self._bar.close()


class Lines:
    """A line for every epoch and every state, and every SECONDS within one: what a log wants to keep."""

    def __init__(self, out: TextIO, clock: Callable[[], float] = time.monotonic):
        self._out, self._clock = out, clock
        self._said, self._last = None, 0.0

    def show(self, now: Status) -> None:
        news, at = (now.run.state, now.epoch), self._clock()
        if news == self._said and at - self._last < SECONDS:
            return
        self._said, self._last = news, at
        self.say(f"{now.share:4.0%} {described(now)}")

    def say(self, text: str) -> None:
        print(text, file=self._out, flush=True)

    def close(self) -> None:
        pass


def follower() -> Bar | Lines:
    return (Bar if sys.stderr.isatty() else Lines)(sys.stderr)


def described(now: Status) -> str:
    parts = [f"epoch {min(now.epoch + now.run.alive, now.epochs)}/{now.epochs}", sentence(now)]
    if now.run.state == "queued" and now.run.reason:
        parts.append(now.run.reason)
    if now.loss is not None:
        parts.append(f"loss {now.loss:.3f}")
    if now.last is not None:
        parts.append(f"test {now.last:.2f} %")
    if now.rate and now.run.alive:
        parts.append(f"{now.rate:,.0f} images/s")
    return " · ".join(parts)
