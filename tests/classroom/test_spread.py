"""The numbers of a class: every guess lies in one bin, and the sentence says what was guessed."""

import numpy as np
import pytest

from explorer.classroom import spread
from explorer.classroom.lesson import Step, Ticks

SCALE = Ticks(0, 100, 5, unit="%")
STEP = Step("", "", SCALE.answers(), 37, "", scale=SCALE)


def counts(*guesses: int) -> list[int]:
    return np.bincount(guesses, minlength=101).tolist()


@pytest.mark.parametrize("ticks", [2, 3, 40, 41, 101, 256, 1001])
def test_every_guess_lies_in_one_bin_and_the_bins_are_few(ticks):
    given = np.random.default_rng(0).integers(0, 9, ticks).tolist()
    found = spread.bins(given)
    assert sum(found) == sum(given) and len(found) <= spread.MOST
    assert len(given) <= spread.wide(ticks) * len(found) < len(given) + spread.wide(ticks)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_the_quantiles_are_numpys(share):
    guesses = np.random.default_rng(1).integers(0, 101, 37)
    wanted = np.quantile(guesses, share, method="inverted_cdf")
    assert spread.quantile(counts(*guesses), share) == wanted


def test_one_sentence_tells_what_was_guessed_and_one_what_was_right():
    given = counts(10, 32, 42, 43, 90)
    assert spread.words(STEP, given) == "5 guesses, the middle one 42 %, half of them between 32 % and 43 %."
    assert spread.verdict(STEP, SCALE, given) == "It is 37 %, give or take 5: 2 of 5 right."


@pytest.mark.parametrize(("given", "said"), [((), "Nobody has guessed."), ((50,), "One guess: 50 %.")])
def test_few_guesses(given, said):
    assert spread.words(STEP, counts(*given)) == said


def test_all_alike():
    assert spread.words(STEP, counts(50, 50, 50)) == "3 guesses, the middle one 50 %."
