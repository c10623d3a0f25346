"""The app as anyone starts it, in a process that also notes every turn at the gate before the networks.

python -m benchmarks.classroom.server FILE [streamlit's options]
"""

import logging
import sys
from pathlib import Path

from streamlit.web import cli

APP = Path(__file__).resolve().parents[2] / "app.py"


def main(file: str, options: list[str]) -> None:
    gate = logging.getLogger("explorer.gate")
    gate.setLevel(logging.DEBUG)
    gate.propagate = False
    gate.addHandler(logging.FileHandler(file))
    sys.argv = ["streamlit", "run", str(APP), *options]
    cli.main()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
