"""Real Chromium in front of a real server: what AppTest cannot see (canvas, routing, the URL, narrow screens).

    page = open_page("Diffusion?alpha=2", width=390, theme="dark")     # a fresh server, as deep links need
    page = open_page("Layers", app="app.py")                           # a server that all who ask so share: faster
    page = open_page("Layers", beside=other)                           # the server of another page of the test
    page = open_page("player", app="tests/browser/apps/harness.py")    # and one for our components alone
    page = open_page("Layers", at="http://…")                          # a server of the test's own

They wait for the heading and for the script to rest; when the test ends each page is checked for exception
boxes, console errors and sideways scrolling.
"""

import contextlib
import os
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from explorer.training.dispatch.launcher import LOOP
from explorer.training.store.runs import Store
from tests import system
from tests.browser.chromium import FLAGS, PATIENCE, serve, settle, sound
from tests.training.helpers import bury

# what a page without a network says of itself, Streamlit's probes, and pictures of a page that was just left, which
# Streamlit forgets while they still fade: not errors of ours. A picture that is missing in the end is one: `sound`.
HARMLESS = re.compile(r"favicon|404 \(Not Found\)|Image source error|ERR_NAME_NOT_RESOLVED|ERR_INTERNET")


@pytest.fixture(scope="package")
def chromium(tmp_path_factory):
    """One browser for this folder, which writes nothing at home; it is closed before the other tests run."""
    system.need("chromium", "driver")
    expect.set_options(timeout=PATIENCE)
    variables: dict[str, str | float | bool] = {
        name: value for name, value in os.environ.items() if not name.startswith("XDG_")
    }
    variables["HOME"] = str(tmp_path_factory.mktemp("home"))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=system.chromium(), args=FLAGS, env=variables)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def shared_servers(tmp_path_factory):
    """Servers of harness apps, started when first asked for and kept for this folder."""
    addresses: dict[str, str] = {}
    with contextlib.ExitStack() as stack:

        def address(app: str) -> str:
            if app not in addresses:
                addresses[app] = stack.enter_context(serve(app, tmp_path_factory.mktemp("server")))
            return addresses[app]

        yield address


@pytest.fixture(scope="package")
def contexts(chromium):
    """Browser contexts by their settings, kept for this folder: the second page finds Streamlit's scripts cached."""
    made = {}

    def of(width, height, theme, reduced_motion):
        settings = (width, height, theme, reduced_motion)
        if settings not in made:
            made[settings] = context = chromium.new_context(
                viewport={"width": width, "height": height},
                color_scheme=theme,
                reduced_motion=reduced_motion,
                has_touch=width < 600,
            )
            context.set_default_timeout(PATIENCE)
        return made[settings]

    yield of
    for one in made.values():
        one.close()


@pytest.fixture
def consoles():
    """The errors of each page so far, by page: what a test takes out of them it has looked at."""
    return {}


@pytest.fixture
def open_page(contexts, shared_servers, consoles, tmp_path):
    """open_page(path, width=, theme=, app=, beside=, at=, height=, reduced_motion=) -> a page that has come to rest."""
    with contextlib.ExitStack() as stack:

        def open_page(
            path="",
            *,
            width=1280,
            height=900,
            theme="light",
            app=None,
            beside=None,
            at=None,
            reduced_motion="no-preference",
        ):
            if at:
                base = at
            elif beside:
                base = "{0.scheme}://{0.netloc}".format(urlsplit(beside.url))
            else:
                base = shared_servers(app) if app else stack.enter_context(serve("app.py", tmp_path))
            page, errors = contexts(width, height, theme, reduced_motion).new_page(), []
            stack.callback(page.close)
            consoles[page] = errors
            page.on("console", lambda m: errors.append(m.text[:300]) if _is_error(m) else None)
            page.on("pageerror", lambda e: errors.append(str(e)[:300]))
            page.goto(f"{base}/{path}", timeout=PATIENCE)
            page.wait_for_selector("h1", timeout=PATIENCE)
            settle(page)
            return page

        yield open_page
        for page, errors in consoles.items():
            assert errors == []
            if not page.is_closed():
                sound(page)
                page.evaluate("localStorage.clear()")  # an open sidebar, say: the next test's pages share the context


@pytest.fixture
def store(tmp_path):
    """The store of runs of the test's own servers; whatever still runs in it is ended."""
    store = Store(tmp_path / "runs")
    yield store
    bury(store, *LOOP)


def _is_error(message) -> bool:
    return message.type == "error" and not HARMLESS.search(message.text)
