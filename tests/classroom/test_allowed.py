"""What a server lets teachers do."""

import pytest

from explorer.classroom import allowed
from explorer.classroom.tries import EACH, Tries
from explorer.errors import ExplorerError


def test_without_a_word_anyone_opens_a_class(monkeypatch):
    monkeypatch.delenv("EXPLORER_TEACHER", raising=False)
    monkeypatch.delenv("EXPLORER_CLASS", raising=False)
    allowed.check("", "me", Tries())
    assert allowed.classes() and not allowed.word()


def test_the_word_is_asked_for_and_not_found_by_trying(monkeypatch):
    monkeypatch.setenv("EXPLORER_TEACHER", "Galvani ζ")
    tries = Tries()
    allowed.check(" Galvani ζ ", "me", tries)
    for wrong in ["", "galvani ζ", "Galvani", "\ud800", *["x"] * (EACH - 4)]:
        with pytest.raises(ExplorerError, match="word for teachers"):
            allowed.check(wrong, "mallory", tries)
    with pytest.raises(ExplorerError, match="too often"):
        allowed.check("Galvani ζ", "mallory", tries)
    allowed.check("Galvani ζ", "me", tries)


@pytest.mark.parametrize("said", ["off", "OFF", "0", "no"])
def test_classes_can_be_switched_off(monkeypatch, said):
    monkeypatch.setenv("EXPLORER_CLASS", said)
    with pytest.raises(ExplorerError, match="switched off"):
        allowed.check("", "me", Tries())
