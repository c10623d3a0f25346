"""Pages are opened as a visitor would: by name and by what stands in the URL, with app.py as the main script."""

import functools
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from explorer.training.dispatch.trial import Trial
from explorer.training.store.runs import Store

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True, scope="session")
def packages_read_once():
    """Each AppTest would read the metadata of all installed packages, for components of theirs: half of its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", functools.cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture
def open_page():
    def open_page(slug: str = "", **params: object) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for name, value in params.items():
            app.query_params[name] = value if isinstance(value, list) else str(value)
        if slug:
            (file,) = (ROOT / "pages").glob(f"[0-9]*_{slug}.py")
            app.switch_page(f"pages/{file.name}")
        return app.run()

    return open_page


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The store of runs of the page, in which nothing is trained or timed."""
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(
        "explorer.training.dispatch.trial.ask", lambda root, recipe: Trial(1e-3, (3823, 1797), "3 batches")
    )
    for module in ("ui.training.watch", "training.dispatch.submit"):
        monkeypatch.setattr(f"explorer.{module}.ensure", lambda store: None)
    return Store()
