"""How often someone may be wrong: a code or a word is not found by trying.

Behind a school's router a whole class comes from one address, so misses are counted by the token of a browser, and in
all for those who take a new token for every try. What is counted lives in this process and is forgotten after a minute.
"""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from explorer.errors import ExplorerError

SECONDS = 60.0  # after which a miss is forgotten
EACH = 10  # misses of one browser in that time
ALL = 600  # misses of everybody


class Tries:
    def __init__(self, each: int = EACH, every: int = ALL, clock: Callable[[], float] = time.monotonic):
        self._most, self._all, self._clock = each, every, clock
        self._lock = threading.Lock()
        self._missed: dict[str, deque[float]] = defaultdict(deque)

    def check(self, token: str) -> None:
        """Raises in one sentence where this browser, or everybody together, was wrong too often just now."""
        with self._lock:
            self._forget()
            if len(self._missed.get(token, ())) >= self._most or sum(map(len, self._missed.values())) >= self._all:
                raise ExplorerError("that was wrong too often just now: wait a minute, then try again")

    def miss(self, token: str) -> None:
        with self._lock:
            self._missed[token].append(self._clock())

    def _forget(self) -> None:
        """Takes out what is old; who is asked often must not cost much, so it is at most ALL numbers."""
        since = self._clock() - SECONDS
        for token, times in list(self._missed.items()):
            while times and times[0] <= since:
                times.popleft()
            if not times:
                del self._missed[token]
