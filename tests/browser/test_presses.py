"""Everything that can be pressed is pressed once, on every page: nothing breaks, and nothing stays out of reach."""

import pytest

from explorer.training.dispatch.launcher import LOOP
from explorer.training.store.runs import Store
from explorer.ui.shared import state
from tests.browser.chromium import serve
from tests.browser.presses import Walk
from tests.training.helpers import bury

LEAST = 20  # presses; a page on which fewer are found was not walked


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """One server for all the pages. A run that is started there has one epoch."""
    folder = tmp_path_factory.mktemp("walked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPLORER_MAX_EPOCHS", "1")
        with serve("app.py", folder) as address:
            yield address
            bury(Store(folder / "runs"), *LOOP)


@pytest.mark.parametrize("slug", [page.slug for page in state.pages()])
def test_every_control_is_pressed(open_page, consoles, walked, slug):
    page = open_page(slug, at=walked)
    base = page.url.split("?")[0]

    def load(at=""):
        page.goto(at or base)
        page.wait_for_selector("h1")

    walk = Walk(page, load, consoles[page])
    walk.all()
    print(f"{len(walk.pressed)} presses on {slug or 'Home'}")
    assert not walk.faults, "\n".join(walk.faults)
    assert len(walk.pressed) >= LEAST
