"""What a server lets people start: the last for everybody, the others for visitors of the page.

EXPLORER_TRAINING=off       nobody starts or changes runs from the page
EXPLORER_MAX_EPOCHS=20      no run may have more epochs
EXPLORER_MAX_QUEUE_EACH=2   no more runs of one visitor waiting or running at once; 5 without
EXPLORER_MAX_QUEUE=10       no more runs waiting or running at once; 200 without
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from filelock import FileLock

from explorer import files
from explorer.errors import ExplorerError
from explorer.machine import off, whole
from explorer.training.recipe.recipe import LIMITS
from explorer.training.store.runs import Store

QUEUE_EACH, QUEUE = 5, 200


@dataclass(frozen=True)
class Visitor:
    """Who asks from the page, by the token of their browser; who asks from a terminal is a name alone."""

    token: str

    def __str__(self) -> str:
        return self.token


def training_off() -> bool:
    return off("EXPLORER_TRAINING")


def most_epochs() -> int:
    most = int(LIMITS["epochs"][1])
    return min(whole("EXPLORER_MAX_EPOCHS", most), most)


@contextlib.contextmanager
def queueing(store: Store) -> Iterator[None]:
    """Between its two ends the queue grows by nobody else: what was asked of it is still so when the run is queued."""
    try:
        lock = FileLock(store.root / "queue.lock").acquire()
    except OSError as error:
        raise ExplorerError(f"nothing can be written in {store.root.name} ({files.trouble(error)}): mend it") from None
    with lock:
        yield


def check(store: Store, who: str | Visitor, epochs: int, owners: Sequence[str] | None = None) -> None:
    """Raises in one sentence where a run of so many epochs may not be queued now, or the ended runs of these owners may
    not be queued again. A visitor of the page is bound by every limit, whoever has a terminal by the length of the
    queue alone."""
    owners = [str(who)] if owners is None else owners
    if isinstance(who, Visitor):
        if training_off():
            raise ExplorerError(
                "training is switched off on this server: install the app at home to start runs of your own"
            )
        if epochs > most_epochs():
            raise ExplorerError(f"epochs is {epochs}: this server allows at most {most_epochs()}")
        _check_own(store, who, sum(owner == who.token for owner in owners))
    check_queue(store, len(owners))


def _check_own(store: Store, visitor: Visitor, more: int) -> None:
    most = whole("EXPLORER_MAX_QUEUE_EACH", QUEUE_EACH)
    own = sum(run.owner == visitor.token for run in store.active())
    if more and own + more > most:
        beside = f", and {own} of yours wait or run already" if own else ""
        several = f"these are {more} runs{beside}" if more > 1 else f"{own} of your runs wait or run already"
        raise ExplorerError(f"{several}: this server allows {most} a visitor, so wait for one to end or stop one")


def check_queue(store: Store, more: int) -> None:
    """Raises where the queue has no room for so many runs more; the default keeps a slip of the hand small."""
    active, most = len(store.active()), whole("EXPLORER_MAX_QUEUE", QUEUE)
    if not more or active + more <= most:
        return
    if more == 1:
        raise ExplorerError(f"{active} runs wait or run already: this server allows {most}, so wait for one to end")
    beside = f" beside the {active} that wait or run" if active else ""
    raise ExplorerError(
        f"these are {more} runs{beside}: EXPLORER_MAX_QUEUE allows {most}, so ask for fewer or raise it"
    )
