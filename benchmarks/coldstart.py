"""How long until the app is of use: from `streamlit run app.py` to Home, and to the first classification.

    python -m benchmarks.coldstart --pairs 5

As soon as the server answers, a real Chromium opens the page and waits until it rests. Beside each start, in turn,
one of a minimal page that only imports torch; the ratio is taken within the pair. Home imports no torch, so all its
pictures, links and its player must take no longer than that. Bounds: Home in at most the time of the minimal page, the
first answer of two networks in at most 2.5 times.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.common import FULL, exit_code, measurement, positive, report
from tests import system
from tests.browser.chromium import FLAGS, serve

MINIMAL = 'import streamlit as st\nimport torch\n\nst.title("Minimal")\nst.write(torch.ones(3).sum().item())\n'
BOUNDS = {"home": 1.0, "classification": 2.5}
PAIRS = 5
LONG = 180_000  # milliseconds
RESTS = "[data-testid=stApp][data-test-script-state=notRunning]"
USABLE = f"{RESTS} h1"


def main() -> int:
    options = measurement("coldstart", __doc__)
    options.add_argument("--pairs", type=positive, default=PAIRS, help=FULL)
    options = options.parse_args()
    rows, ratios = [], {name: [] for name in BOUNDS}
    with sync_playwright() as play, tempfile.TemporaryDirectory() as name:
        browser = play.chromium.launch(executable_path=system.chromium(), args=FLAGS)
        folder = Path(name)
        (folder / "minimal.py").write_text(MINIMAL)
        for app in ("app.py", str(folder / "minimal.py")):
            start(browser, folder, app, "", USABLE)  # reads the files once, so that all find them cached
        for pair in range(options.pairs):
            minimal = start(browser, folder, str(folder / "minimal.py"), "", USABLE)
            home = start(browser, folder, "app.py", "", f"{USABLE}:has-text('Cable Explorer')")
            answer = start(browser, folder, "app.py", "Classify", f"{RESTS} .js-plotly-plot .main-svg")
            rows.append({"pair": str(pair + 1), "minimal page, s": minimal, "Home, s": home, "first answer, s": answer})
            ratios["home"].append(home / minimal)
            ratios["classification"].append(answer / minimal)
        browser.close()
    rows = [{key: value if key == "pair" else round(value, 2) for key, value in row.items()} for row in rows]
    home, answer = (statistics.median(ratios[name]) for name in BOUNDS)
    middle = {key: round(statistics.median(row[key] for row in rows), 2) for key in rows[0] if key != "pair"}
    rows.append({"pair": "median"} | middle)
    figure = (
        f"Home is usable after {middle['Home, s']:.1f} s, {home:.2f} times a page that imports torch (bound: "
        f"{BOUNDS['home']:g}), the first classification after {middle['first answer, s']:.1f} s, {answer:.2f} times "
        f"(bound: {BOUNDS['classification']:g})"
    )
    good = home <= BOUNDS["home"] and answer <= BOUNDS["classification"]
    return report("coldstart", rows, figure, good, record=options.record, whole=options.pairs >= PAIRS)


def start(browser, folder: Path, app: str, path: str, wanted: str) -> float:
    """Seconds from starting the server to the page on which `wanted` is seen and nothing runs any more."""
    begin = time.perf_counter()
    with serve(app, folder) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/{path}", timeout=LONG)
        page.wait_for_selector(wanted, timeout=LONG)
        seconds = time.perf_counter() - begin
        page.close()
    return seconds


if __name__ == "__main__":
    sys.exit(exit_code(main))
