"""Codes are read out, typed and not guessed; a few wrong ones are forgiven."""

from collections import Counter

import pytest

from explorer.classroom import codes
from explorer.classroom.tries import SECONDS, Tries
from explorer.errors import ExplorerError


def test_a_code_is_what_one_types_however_one_types_it():
    for code in (codes.code() for _ in range(200)):
        assert codes.typed(code) == code
        assert codes.typed(f"  {codes.spoken(code).lower()} ") == codes.typed("-".join(code)) == code


@pytest.mark.parametrize(
    "text", ["", "K7MQTP", "K7MQTPXX", "K7MQTP0", "K7MQTP\n", "ĸ7MQTPX", "K" * 10**6, "<b>", "٣" * 7]
)
def test_what_cannot_be_a_code_is_none(text):
    assert codes.typed(text) == ""


def test_every_sign_stands_at_every_place():
    made = [codes.code() for _ in range(5000)]
    for place in range(codes.LENGTH):
        counts = Counter(code[place] for code in made)
        assert set(counts) == set(codes.SIGNS) and max(counts.values()) < 2 * min(counts.values())


def test_no_two_signs_are_taken_for_each_other():
    assert len(set(codes.SIGNS)) == len(codes.SIGNS) == 24
    for alike in ("0ODQ"[:2], "1IL", "2Z"[:1], "5S"[1:], "6", "8", "AEIOU"):
        assert not set(alike) & set(codes.SIGNS)


def test_keys_differ_and_only_their_digest_is_stored():
    keys = {codes.key() for _ in range(100)}
    assert len(keys) == len({codes.digest(key) for key in keys}) == 100
    assert all(len(key) >= 32 and key not in codes.digest(key) for key in keys)


def test_misses_are_forgotten_after_a_minute():
    now = [0.0]
    tries = Tries(each=3, every=5, clock=lambda: now[0])
    for token in "aaa":
        tries.check(token)
        tries.miss(token)
    with pytest.raises(ExplorerError, match="wait a minute"):
        tries.check("a")
    tries.check("b")
    tries.miss("b")
    tries.miss("c")
    with pytest.raises(ExplorerError, match="wait a minute"):
        tries.check("d")
    now[0] = SECONDS
    tries.check("a")
    tries.check("d")
