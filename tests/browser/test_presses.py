"""Everything that can be pressed is pressed once, on every page: nothing breaks, and nothing stays out of reach."""

import os

import pytest

from explorer.ui.shared import state
from tests.browser.presses import Walk

LEAST = 20  # presses; a page on which fewer are found was not walked

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif("EXPLORER_WALK" not in os.environ, reason="not seen whole and green yet: EXPLORER_WALK=1 walks"),
]


@pytest.mark.parametrize("slug", [page.slug for page in state.pages()])
def test_every_control_is_pressed(open_page, consoles, store, monkeypatch, slug):
    monkeypatch.setenv("EXPLORER_MAX_EPOCHS", "1")  # of a run that is started here
    page = open_page(slug)
    base = page.url.split("?")[0]

    def load():
        page.goto(base)
        page.wait_for_selector("h1")

    walk = Walk(page, load, consoles[page])
    walk.all()
    print(f"{len(walk.pressed)} presses on {slug or 'Home'}")
    assert not walk.faults, "\n".join(walk.faults)
    assert len(walk.pressed) >= LEAST
