"""The command `cable-explorer`: the app, opened from any folder, and training from the command line.

    cable-explorer                            open the app in the browser
    cable-explorer --server.port 8600         options are Streamlit's (`streamlit run --help` lists them)
    cable-explorer train start --preset digits --wait
    cable-explorer train --help               training: start, list, show, stop, resume, publish, sweep, …
    cable-explorer --version

Runs are kept in runs/ of the current folder, or where EXPLORER_RUNS points, and downloaded datasets in data/.
"""

import sys

from explorer import __version__, paths


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    first = arguments[0] if arguments else ""
    if first in ("-h", "--help"):
        print((__doc__ or "").strip())
    elif first == "--version":
        print(f"Cable Explorer {__version__}")
    elif first == "train":
        from explorer.training.__main__ import main as train

        return train(arguments[1:], "cable-explorer train")
    elif first and not first.startswith("-"):
        print(f"error: {first[:40]!r} is no command: there is `train`, and options for Streamlit", file=sys.stderr)
        return 2
    else:
        _open(arguments)
    return 0


def _open(options: list[str]) -> None:
    """Streamlit takes the settings beside app.py, from whatever folder it is started, and an option before them."""
    from streamlit.web import cli

    cli.main(["run", str(paths.HOME), *options], prog_name="streamlit")
