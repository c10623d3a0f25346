"""Server time of the Diffusion page's controls at 256 x 256 in colour, in every tab.

    python -m benchmarks.diffusion_page

The whole page runs at every change, as Streamlit's own test runner executes it; each time is the best of several.
The bound: every control under 150 ms in every tab.
"""

import sys
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.common import exit_code, measurement, report
from explorer.diffusion.scene import TABS

ROOT = Path(__file__).parents[1]
BOUND = 150  # milliseconds


def controls() -> list[dict]:
    """Server milliseconds of one change of each control and of each tab, the best of several."""
    rows = []
    for tab in TABS:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.query_params["tab"], app.query_params["size"] = tab, "256"
        app.switch_page("pages/1_Diffusion.py")
        app.run()
        changes = {"alpha": (9.0, 11.0)}
        if tab == TABS[0]:
            changes |= {"tau": (0.02, 0.03), "h_x": (1.5, 2.0), "step": (40, 50)}
        for key, values in changes.items():
            taken = []
            for turn in range(8):
                app.number_input(key=key).set_value(values[turn % 2])
                begin = time.perf_counter()
                app.run()
                taken.append(1000 * (time.perf_counter() - begin))
            if app.exception or app.error:
                raise RuntimeError(f"the page failed at {key} in {tab}")
            rows.append({"tab": tab, "control": key, "server, ms": round(min(taken[1:]), 1)})
    return rows


def main() -> int:
    options = measurement("diffusion_page", __doc__).parse_args()
    return measure(options.record)


def measure(record: bool) -> int:
    rows = controls()
    worst = max(rows, key=lambda row: row["server, ms"])
    text = f"{worst['server, ms']:.0f} ms for the slowest, {worst['control']} in {worst['tab']!r} (bound: {BOUND})"
    return report("diffusion_page", rows, text, worst["server, ms"] < BOUND, record=record)


if __name__ == "__main__":
    sys.exit(exit_code(main))
