"""What a link leaves out, and the names by which it does."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.paths import ROOT
from explorer.ui.shared.hiding import CONTROLS, ON, PARTS


def page():
    from explorer.ui.shared import hiding

    hiding.draw()


def drawn(hide: str | None) -> AppTest:
    app = AppTest.from_function(page)
    if hide is not None:
        app.query_params["hide"] = hide
    return app.run()


def styles(app) -> str:
    return " ".join(one.proto.body for one in app.get("html"))


@pytest.mark.parametrize("hide", [None, "", ","])
def test_without_a_name_nothing_is_left_out(hide):
    app = drawn(hide)
    assert not app.exception and not app.warning and styles(app) == ""


def test_what_is_named_is_left_out_and_no_more():
    app = drawn("tau,meter")
    assert not app.warning
    assert ".st-key-exact-tau" in styles(app) and ".meter" in styles(app) and "alpha" not in styles(app)


@pytest.mark.parametrize("name", ["nonsense", "} body { display: none", "<script>", "**x**"])
def test_a_name_that_there_is_not_is_said_and_reaches_no_style(name):
    app = drawn(f"tau,{name}")
    assert len(app.warning) == 1 and "hides what no page has" in app.warning[0].value
    assert name not in styles(app) and ".st-key-exact-tau" in styles(app)


def test_the_page_for_teachers_names_all_that_can_be_hidden():
    text = Path(ROOT, "docs/CLASS.md").read_text(encoding="utf-8")
    section = text[text.index("**A worksheet.**") :]
    missing = [name for name in [*PARTS, *sorted(CONTROLS)] if f"`{name}`" not in section]
    assert not missing and all(title in section for title in ON)
