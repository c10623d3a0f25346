"""Links carry numbers, switches and text as widgets bound to the URL read them back."""

from urllib.parse import parse_qs, urlsplit

import pytest

from explorer.ui.shared import state


def test_a_link_keeps_every_value():
    params = {"alpha": 2.5, "step": 10, "lock": False, "image": "pattern-rings", "text": "a b&c=d/é", "slug": "x"}
    link = state.link("Diffusion", {**params, "left_out": None})
    parts = urlsplit(link)
    assert parts.path == "Diffusion"
    assert parse_qs(parts.query) == {
        "alpha": ["2.5"],
        "step": ["10"],
        "lock": ["false"],
        "image": ["pattern-rings"],
        "text": ["a b&c=d/é"],
        "slug": ["x"],
    }


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-9, 123456.789, 5.0, 1e300])
def test_floats_survive_the_url_exactly(value):
    assert float(state.texts({"x": value})["x"]) == value


def test_home_links_to_itself_from_any_page():
    assert state.link("") == "./"
    assert state.link("", {"present": 1}) == "./?present=1"


def test_pages_are_those_that_exist_in_the_order_of_their_numbers(tmp_path, monkeypatch):
    (tmp_path / "pages").mkdir()
    for name in ("10_Last_one.py", "2_Second.py", "1_First.py", "notes.txt", "helper.py"):
        (tmp_path / "pages" / name).touch()
    monkeypatch.setattr(state, "PAGES", tmp_path / "pages")
    assert [page.slug for page in state.pages()] == ["", "First", "Second", "Last_one"]
    assert state.pages()[-1].title == "Last one"
    assert state.page("Absent") is None
