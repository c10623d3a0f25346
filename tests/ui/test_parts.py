"""What a component has said last may come after the run that left it out: then it has said nothing."""

import streamlit as st

from explorer.ui.components.parts import hears, said


def test_a_component_that_has_gone_says_nothing(monkeypatch):
    monkeypatch.setattr(st, "session_state", {"there": {"picked": 3}})
    assert said("there", "picked") == 3
    assert said("there", "else") is said("gone", "picked") is None
    heard = []
    for name in ("gone", "there"):
        hears(name, "picked", heard.append)()
    assert heard == [3]
