"""The app as anyone starts it, in a process that also notes every turn at the gate before the networks.

python -m benchmarks.classroom.server FILE [streamlit's options]
"""

import argparse
import logging
import sys
from pathlib import Path

from streamlit.web import cli

from benchmarks.common import parser

APP = Path(__file__).resolve().parents[2] / "app.py"


def main() -> None:
    command = parser("classroom.server", __doc__)
    command.add_argument("file", metavar="FILE", help="where the turns are noted")
    command.add_argument("options", metavar="OPTION", nargs=argparse.REMAINDER, help="of streamlit")
    options = command.parse_args()
    gate = logging.getLogger("explorer.gate")
    gate.setLevel(logging.DEBUG)
    gate.propagate = False
    gate.addHandler(logging.FileHandler(options.file))
    sys.argv = ["streamlit", "run", str(APP), *options.options]
    cli.main()


if __name__ == "__main__":
    main()
