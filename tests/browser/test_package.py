"""The installed package in a real browser, opened by its command from a folder that holds nothing."""

import pytest

from tests.browser.chromium import serve

pytestmark = pytest.mark.slow


@pytest.fixture
def elsewhere(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def address(installed, elsewhere, tmp_path):
    with serve("", tmp_path, (str(installed.command),), started=elsewhere, code=installed.code) as address:
        yield address


def test_the_command_opens_home_and_classify_with_our_theme(address, elsewhere, open_page):
    home = open_page(at=address)
    assert home.locator("h1").inner_text() == "Cable Explorer"
    colour = home.evaluate("getComputedStyle(document.querySelector('[data-testid=stSidebar]')).backgroundColor")
    assert colour == "rgb(243, 245, 248)", "the sidebar of .streamlit/config.toml"
    classify = open_page("Classify?image=cifar10-0", at=address)
    classify.get_by_text("CabEq-RN").first.wait_for()
    assert not list(elsewhere.iterdir())
