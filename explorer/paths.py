"""Where things lie: the one place that knows the folders of the project and of the one in which it was started.

In a checkout app.py, pages/ and what is shipped lie beside explorer/, in an installed package in explorer/shipped/.
"""

import os
from pathlib import Path

CODE = Path(__file__).resolve().parents[1]  # what sys.path holds so that explorer is found
SHIPPED = "shipped"
_INSTALLED = Path(__file__).resolve().with_name(SHIPPED)
CHECKOUT = not _INSTALLED.is_dir()
ROOT = CODE if CHECKOUT else _INSTALLED

HOME, PAGES = ROOT / "app.py", ROOT / "pages"
PRETRAINED = ROOT / "pretrained"
SEEDS, MEASURED = ROOT / "benchmarks" / "seeds", ROOT / "benchmarks" / "results"
STARTED = Path()  # the folder where the app or a command was started
DATA = STARTED / "data"  # downloaded datasets


def runs() -> Path:
    """The store of runs: EXPLORER_RUNS, or runs/ of the folder where the app was started."""
    return Path(os.environ.get("EXPLORER_RUNS") or STARTED / "runs").absolute()


def published() -> Path:
    """Finished runs that every page offers beside the shipped networks: a folder of their own, which runs may share."""
    return runs() / "published"
