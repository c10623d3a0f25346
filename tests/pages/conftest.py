"""Pages are opened as a visitor would: by name and by what stands in the URL, with app.py as the main script."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def open_page():
    def open_page(slug: str = "", **params: object) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for name, value in params.items():
            app.query_params[name] = str(value)
        if slug:
            (file,) = (ROOT / "pages").glob(f"[0-9]*_{slug}.py")
            app.switch_page(f"pages/{file.name}")
        return app.run()

    return open_page
