"""The table of the five texts: every link opens its page in its state, and shows the figures that are said of it."""

import re

import pytest
from google.protobuf.text_format import MessageToString

from explorer import papers
from explorer.results import passages

FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+\.\d+")
SHOWN = [one for one in passages.passages() if one.at]
SAID = " ".join(papers.SAID.values())
LINKS = sorted({address for one in SHOWN for address in one.at})


def healthy(app):
    assert [box.value for kind in (app.exception, app.error) for box in kind] == []
    return app


def everything(node) -> str:
    """All that an element and what is in it send to the browser."""
    own = MessageToString(node.proto, as_utf8=True) if getattr(node, "proto", None) is not None else ""
    return own + "".join(everything(child) for child in getattr(node, "children", {}).values())


@pytest.mark.slow
@pytest.mark.parametrize("address", LINKS)
def test_a_link_opens_its_page_in_its_state_and_shows_what_is_said(open_page, address):
    """A value that the page cannot take, or that says what holds anyway, would be dropped from the address."""
    slug, params = passages.page(address)
    app = healthy(open_page(slug, **params))
    kept = {name: values if len(values) > 1 else values[0] for name, values in app.query_params.items()}
    assert {name: kept.get(name) for name in params} == params
    unknown = [name for name in params if name not in app.session_state and f"{name}-box" not in app.session_state]
    assert not set(unknown) - {"image"}
    text = everything(app.main).replace("−", "-")
    for one in SHOWN:
        if one.at[0] == address:
            for figure in FIGURE.findall(one.says):
                held = figure in SAID or figure in text
                assert held or figure.rstrip("0").rstrip(".") in text, f"{one.place}: {figure}"


def test_the_fold_lists_every_passage_of_the_chosen_text(open_page):
    app = healthy(open_page("Results", texts="true", text="003 AlexNet article"))
    shown = next(table.value for table in app.table if table.value.index.name == "passage")
    assert list(shown.index) == [one.place for one in passages.passages() if one.text == "003"]
    assert "[Layers: Stack](Layers?tab=Stack&stack=alexnet)" in shown.loc["table 1", "in the app"]
    assert "open" in shown.loc["section 7: ILSVRC", "in the app"]
