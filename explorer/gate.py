"""A gate that lets a few through at once and all others in the order in which they came.

A place that becomes free is handed to whoever has waited longest; nobody who comes later can take it in between, as
with a semaphore, where the one who happens to be awake wins.
"""

import threading
from collections import deque
from dataclasses import dataclass, field


@dataclass(eq=False)
class Turn:
    number: int  # in the order of arrival
    ahead: int  # how many waited already
    come: threading.Event = field(default_factory=threading.Event)


class Gate:
    def __init__(self, places: int):
        self.places, self._free, self._lock, self._waiting, self._number = places, places, threading.Lock(), deque(), 0

    def join(self) -> Turn:
        """A turn, which has come at once where a place is free. Whoever has it must `leave`, come or not."""
        with self._lock:
            turn = Turn(self._number, len(self._waiting))
            self._number += 1
            if self._free:
                self._free -= 1
                turn.come.set()
            else:
                self._waiting.append(turn)
            return turn

    def leave(self, turn: Turn) -> None:
        """Hands the place to the next, or gives up waiting."""
        with self._lock:
            if not turn.come.is_set():
                self._waiting.remove(turn)
            elif self._waiting:
                self._waiting.popleft().come.set()
            else:
                self._free += 1
