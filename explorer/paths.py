"""Where things lie: the one place that knows the folders of the project and of the one in which it was started."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]  # holds app.py, pages/ and explorer/
PRETRAINED = ROOT / "pretrained"
SEEDS, MEASURED = ROOT / "benchmarks" / "seeds", ROOT / "benchmarks" / "results"
DATA = Path("data")  # downloaded datasets, in the folder where the app was started


def runs() -> Path:
    """The store of runs: EXPLORER_RUNS, or runs/ of the folder where the app was started."""
    return Path(os.environ.get("EXPLORER_RUNS") or "runs").absolute()
