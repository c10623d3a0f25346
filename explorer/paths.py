"""Where things lie: the one place that knows the folders of the project and of the one in which it was started.

In a checkout app.py, pages/ and what is shipped lie beside explorer/, in an installed package in explorer/shipped/.
"""

import os
import re
import sys
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


def private(text: str) -> str:
    """The text for a visitor of the page, who need not know where on this machine things lie: of a path to one of our
    own folders the end is left, runs/ID/last.pt."""
    own = {
        CODE,
        ROOT,
        runs(),
        STARTED.absolute(),
        DATA.absolute(),
        sys.prefix,
        sys.base_prefix,
        os.path.expanduser("~"),
    }
    for folder in sorted(map(str, own), key=len, reverse=True):
        if name := Path(folder).name:  # not the root of the disk
            text = re.sub(rf"(?<![\w.-]){re.escape(folder)}(?![\w-])", lambda _, name=name: name, text)
    return text
