"""What a server lets its viewers start; a single run from the command line is not limited, a sweep by its number.

EXPLORER_TRAINING=off      nobody starts or changes runs from the page
EXPLORER_MAX_EPOCHS=20     no run may have more epochs
EXPLORER_MAX_QUEUE=10      no more runs waiting or running at once
"""

import os

from explorer.errors import ExplorerError
from explorer.machine import whole
from explorer.training.recipe.recipe import LIMITS
from explorer.training.store.runs import Store


def training_off() -> bool:
    return os.environ.get("EXPLORER_TRAINING", "").strip().lower() in ("off", "0", "false", "no")


def most_epochs() -> int:
    return min(whole("EXPLORER_MAX_EPOCHS", LIMITS["epochs"][1]), LIMITS["epochs"][1])


def check(store: Store, epochs: int, runs: int = 1) -> None:
    """Raises in one sentence where a viewer may not queue so many runs of so many epochs now."""
    if training_off():
        raise ExplorerError(
            "training is switched off on this server: install the app at home to start runs of your own"
        )
    if epochs > most_epochs():
        raise ExplorerError(f"epochs is {epochs}: this server allows at most {most_epochs()}")
    check_queue(store, runs)


def check_queue(store: Store, more: int) -> None:
    """Raises where the queue has no room for so many runs more; the default keeps a slip of the hand small."""
    active, most = len(store.active()), whole("EXPLORER_MAX_QUEUE", 200)
    if not more or active + more <= most:
        return
    if more == 1:
        raise ExplorerError(f"{active} runs wait or run already: this server allows {most}, so wait for one to end")
    beside = f" beside the {active} that wait or run" if active else ""
    raise ExplorerError(
        f"these are {more} runs{beside}: EXPLORER_MAX_QUEUE allows {most}, so ask for fewer or raise it"
    )
