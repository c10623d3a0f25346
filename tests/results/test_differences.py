"""Intervals and corrections against statsmodels, scipy's two-sample test and simulation."""

import gc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import DescrStatsW

from explorer.results.differences import Difference, holm, mcnemar, paired, pooled

percent = st.floats(1, 99).map(lambda value: round(value, 2))
pairs = st.lists(st.tuples(percent, percent), min_size=3, max_size=15)


@pytest.fixture(autouse=True, scope="module")
def nothing_to_collect():
    """multipletests collects garbage at each call, with torch loaded a twentieth of a second."""
    gc.freeze()
    yield
    gc.unfreeze()


@settings(max_examples=60, deadline=None)
@given(pairs)
def test_a_paired_interval_is_statsmodels(values):
    first, second = map(list, zip(*values, strict=True))
    difference = paired(first, second)
    each = np.subtract(first, second)
    if np.ptp(each) < 1e-9:
        assert difference.low == difference.mean == difference.high
        return
    theirs = DescrStatsW(each)
    assert (difference.low, difference.high) == pytest.approx(theirs.tconfint_mean(), rel=1e-6, abs=1e-9)
    assert difference.p == pytest.approx(theirs.ttest_mean(0)[1], rel=1e-6, abs=1e-12)
    back = paired(second, first)
    assert difference.low is not None and difference.high is not None
    assert (back.mean, back.low, back.high) == pytest.approx((-difference.mean, -difference.high, -difference.low))


def around(difference: Difference, truth: float) -> bool:
    assert difference.low is not None and difference.high is not None
    return difference.low < truth < difference.high


def test_the_bootstrap_agrees_where_chance_is_normal_and_is_the_same_every_time():
    values = np.random.default_rng(1).normal(0.4, 0.3, 40)
    difference = paired(values, np.zeros(40))
    assert difference.bootstrapped == pytest.approx((difference.low, difference.high), abs=0.03)
    assert difference == paired(values, np.zeros(40))


def test_two_pairs_say_a_mean_and_nothing_more():
    assert paired([90.0, 91.0], [89.0, 89.5]) == Difference(2, 1.25)
    assert pooled([90.0, 90.4], [89.0], [[90.0, 90.4], [89.0]]) == Difference(
        2,
        pytest.approx(1.2),  # pyright: ignore[reportArgumentType]
    )
    assert paired([90.0, 91.0, 92.0], [89.0, 90.0, 91.0]) == Difference(3, 1.0, 1.0, 1.0, (1.0, 1.0), 0.0)


@pytest.mark.filterwarnings("ignore:Precision loss")  # scipy, of a group of equal numbers
@settings(max_examples=60, deadline=None)
@given(st.lists(percent, min_size=2, max_size=8), st.lists(percent, min_size=2, max_size=8))
def test_of_two_groups_the_pooled_interval_is_students(first, second):
    difference = pooled(first, second, [first, second])
    if np.ptp(first) == np.ptp(second) == 0:
        assert difference.low == difference.high == difference.mean
        return
    theirs = stats.ttest_ind(first, second)
    assert difference.p == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-12)
    assert (difference.low, difference.high) == pytest.approx(tuple(theirs.confidence_interval()), rel=1e-6, abs=1e-9)


def test_a_single_run_is_judged_by_the_variance_within_the_other_arms():
    groups = [[90.0, 90.2, 90.4], [91.0, 91.3, 91.1], [89.5]]
    difference = pooled(groups[2], groups[0], groups)
    assert difference.mean == pytest.approx(-0.7) and around(difference, -0.7)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=20))
def test_holm_is_statsmodels(values):
    assert holm(values) == pytest.approx(multipletests(values, method="holm")[1].tolist())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_mcnemar_is_statsmodels(answers):
    first, second = np.array(answers).T
    table = [
        [int((first & second).sum()), int((first & ~second).sum())],
        [int((~first & second).sum()), int((~first & ~second).sum())],
    ]
    only_first, only_second, p = mcnemar(first, second)
    assert (only_first, only_second) == (table[0][1], table[1][0])
    if only_first + only_second:
        assert p == pytest.approx(their_mcnemar(table, exact=True).pvalue)
    else:
        assert p == 1.0


def test_sign_and_equivalence_ask_for_the_whole_interval():
    assert [Difference(5, m, lo, hi).sign for m, lo, hi in ((1, 0.1, 2), (-1, -2, -0.1), (0, -1, 1))] == [1, -1, 0]
    assert Difference(5, 0.0, -0.2, 0.2).within(0.3) and not Difference(5, 0.0, -0.2, 0.4).within(0.3)
    assert not Difference(2, 0.0).within(0.3) and Difference(2, 5.0).sign == 0


def test_intervals_cover_the_truth_as_often_as_they_say():
    draw = np.random.default_rng(0)
    covered = sum(
        around(difference, 0.2) for difference in (paired(draw.normal(0.2, 0.4, 5), np.zeros(5)) for _ in range(150))
    )
    assert 133 <= covered <= 150  # binomial(150, 0.95): outside in 1 of 1000 draws
