"""The README's pictures, taken from the running app.

python -m benchmarks.screenshots              # writes docs/pictures/*.webp
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from benchmarks.common import exit_code, parser
from tests import system
from tests.browser.chromium import FLAGS, serve, settle

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SHOTS = {"diffusion": ("Diffusion?alpha=10&tau=0.01&step=60", 820)}  # name: address and height


def main() -> int:
    parser("screenshots", __doc__).parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        sync_playwright() as play,
        tempfile.TemporaryDirectory() as folder,
        serve("app.py", Path(folder)) as address,
    ):
        browser = play.chromium.launch(executable_path=system.chromium(), args=FLAGS)
        for name, (path, height) in SHOTS.items():
            page = browser.new_page(viewport={"width": 1280, "height": height}, color_scheme="light")
            page.goto(f"{address}/{path}")
            page.wait_for_selector("h1")
            settle(page)
            page.wait_for_timeout(1500)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.save(PICTURES / f"{name}.webp", quality=85, method=6)
            print(f"docs/pictures/{name}.webp")
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
