"""What a page does not need is not imported: every second of a cold start is one in which a class waits."""

import os
import subprocess
import sys

import pytest

from explorer.paths import ROOT

VISIT = """
import sys
from streamlit.testing.v1 import AppTest
def visit(page):
    app = AppTest.from_file(sys.argv[1], default_timeout=600)
    return (app.switch_page(page) if page else app).run()
assert visit("").title and "torch" not in sys.modules, "Home imports torch"
for page in sys.argv[2:]:
    assert visit(page).title, page
print(*sorted({name for name in sys.modules} & {"torchvision", "torch._dynamo", "sympy", "captum", "matplotlib"}))
"""


@pytest.mark.slow
def test_home_needs_no_torch_and_no_page_needs_its_compiler(tmp_path):
    pages = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "pages").glob("[0-9]_*.py"))
    command = [sys.executable, "-c", VISIT, str(ROOT / "app.py"), *pages]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "EXPLORER_RUNS": str(tmp_path), "EXPLORER_TRAINING": "off"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == []
